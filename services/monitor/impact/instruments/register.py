"""What neighbours may ask of instruments: all of them with all that is known."""

from collections.abc import Sequence

from shared.database import Connection, Record

from . import store


async def explored(connection: Connection) -> list[tuple[Record, Sequence[Record], Sequence[Record]]]:
    """Every option with its evidence and its decisions, oldest first."""
    return [(row, *await store.history(connection, row["id"])) for row in await store.list_instruments(connection)]
