"""The names in Postgres: the only caller of names.sql."""

from collections.abc import Iterable
from pathlib import Path

from shared.contracts.catalogue import Name
from shared.database import Connection, queries

_Q = queries(Path(__file__).with_name("names.sql"))


async def put_names(connection: Connection, names: Iterable[Name]) -> None:
    """Remember names; the last word on an id wins, and one statement may not touch a row twice."""
    rows = {name[:2]: name for name in names}
    if rows:
        await connection.execute(_Q.put_names, *map(list, zip(*rows.values(), strict=True)))


async def names(connection: Connection, ids: Iterable[str]) -> dict[tuple[str, str], str]:
    """What these ids are called, by kind and id."""
    return {(row["kind"], row["id"]): row["name"] for row in await connection.fetch(_Q.names, list(ids))}
