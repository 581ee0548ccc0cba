"""What neighbours may ask of imports: which there were, and how many are under way."""

from collections.abc import Sequence

from shared.database import Connection, Record

from . import store


async def imports(connection: Connection, limit: int) -> Sequence[Record]:
    """The imports of observations, the newest first, as counts."""
    return await store.imports(connection, limit)


async def count_by_state(connection: Connection) -> dict[str, int]:
    """How many files are in each state; `interrupted` is one whose reader has not been heard of for a while."""
    return await store.count_uploads(connection)


async def count_steps(connection: Connection) -> int:
    """How many steps of publication are to be done."""
    return await store.count_pending(connection)
