"""The editions there are, offered to neighbours too."""

from shared.database import Connection, Record
from shared.refusals import NotFound

from . import store
from .edition import Edition, EditionDigest
from .file import Frozen, Head


async def find(connection: Connection, edition: str) -> Edition | None:
    """The edition of an id."""
    rows = await store.series(connection, edition)
    return _edition(rows[0]) if rows else None


async def get(connection: Connection, edition: str) -> Edition:
    """The edition of an id. Raises NotFound."""
    found = await find(connection, edition)
    if found is None:
        raise NotFound("unknown-edition", f"Er is geen editie {edition}.")
    return found


async def editions(connection: Connection) -> list[Edition]:
    """All editions, in the order in which they were published."""
    return [_edition(row) for row in await store.series(connection, None)]


async def frozen_with(connection: Connection, edition: Edition) -> Frozen:
    """The names, definitions and baseline that an edition keeps."""
    return await store.frozen_with(connection, edition.head.edition)


def _edition(row: Record) -> Edition:
    return Edition(
        head=Head(row["id"], row["title"], row["publication"], row["cut_at"]),
        format=row["format"],
        generator=row["generator"],
        cells=row["cells"],
        files={
            "csv": EditionDigest(row["csv_bytes"], row["csv_sha256"]),
            "json": EditionDigest(row["json_bytes"], row["json_sha256"]),
        },
        previous=row["previous"],
        next=row["next"],
        published_at=row["published_at"],
    )
