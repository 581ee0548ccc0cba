"""What only pages ask of Postgres."""

from collections.abc import Sequence
from pathlib import Path

from shared.contracts.vocabulary import SourceKind
from shared.database import Connection, Record, queries

_Q = queries(Path(__file__).parents[1] / "sql" / "pages.sql")


async def first_indicator(connection: Connection) -> str | None:
    """An indicator of which something was published; None when nothing was of any."""
    code: str | None = await connection.fetchval(_Q.first_indicator)
    return code


async def months(connection: Connection) -> list[str]:
    """The months of which dialogues give public figures, newest first."""
    return [row["period"] for row in await connection.fetch(_Q.months)]


async def series_of(connection: Connection, areas: Sequence[str]) -> list[tuple[str, SourceKind]]:
    """The indicators and kinds of source of which something was published in these areas."""
    rows = await connection.fetch(_Q.series_of, list(areas))
    return [(row["code"], SourceKind(row["source"])) for row in rows]


async def imports(connection: Connection, limit: int) -> Sequence[Record]:
    """The imports of observations, the newest first, as counts."""
    return await connection.fetch(_Q.imports, limit)
