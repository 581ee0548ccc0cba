"""What only pages ask of Postgres."""

from collections.abc import Sequence
from pathlib import Path

from shared.database import Connection, Record, queries

_Q = queries(Path(__file__).parents[1] / "sql" / "pages.sql")


async def first_indicator(connection: Connection) -> str | None:
    """An indicator of which something was published; None when nothing was of any."""
    code: str | None = await connection.fetchval(_Q.first_indicator)
    return code


async def imports(connection: Connection, limit: int) -> Sequence[Record]:
    """The imports of observations, the newest first, as counts."""
    return await connection.fetch(_Q.imports, limit)
