"""Public events, kept as published."""

from datetime import datetime

from shared.contracts import PUBLIC_TOPICS
from shared.database import Connection
from shared.delivery import Batch, Poison
from shared.projector import Projection
from shared.settings import Settings

from . import store
from .domain import PUBLIC


async def append(connection: Connection, events: Batch, _: datetime) -> None:
    """Put events at the end of the feed. An internal type on a public topic is a leak: it is not passed on."""
    for event in events:
        if event.type not in PUBLIC:
            raise Poison(f"{event.type} is not public and must not be on a public topic")
        if event.subject != event.data.subject:
            raise Poison(f"the subject {event.subject!r} is not that of the data, {event.data.subject!r}")
    await store.append(connection, events)


def projections(_: Settings) -> tuple[Projection, ...]:
    """The log of all public events."""
    return (Projection("log", PUBLIC_TOPICS, append, every_type=True),)
