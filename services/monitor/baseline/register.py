"""What neighbours may ask of the baseline: its facts."""

from collections.abc import Sequence

from shared.database import Connection, Record

from . import store


async def facts(connection: Connection) -> Sequence[Record]:
    """The facts by period."""
    return await store.list_baseline_facts(connection)
