"""Names are learnt from events."""

from collections.abc import Iterable

from shared.contracts import Contract
from shared.contracts.catalogue import entry_of
from shared.database import Connection

from . import store


async def learn_names(connection: Connection, events: Iterable[Contract]) -> None:
    """Remember the names that events give to their subjects."""
    await store.put_names(
        connection, [name for event in events if (name := entry_of(event).name_of(event)) is not None]
    )
