"""All public events, kept as published: the projection `log`."""

from datetime import datetime

from shared.contracts import CONTRACTS, PUBLIC_TOPICS
from shared.database import Connection
from shared.projections.decoding import Batch, Delivered, Poison, identify
from shared.projections.projector import Apply, Projection

from . import store
from .domain import PUBLIC


def refuse_leak(event: Delivered) -> None:
    """An internal type on a public topic is a leak: it is not passed on."""
    if event.type not in PUBLIC:
        raise Poison(f"{event.type} is not public and must not be on a public topic")
    if (subject := identify(event.raw).subject) != event.data.subject:
        raise Poison(f"the subject {subject!r} is not that of the data, {event.data.subject!r}")


async def append(connection: Connection, events: Batch, _: datetime) -> None:
    """Put events at the end of the feed."""
    await store.append(connection, events)


def log_projection(apply: Apply = append) -> Projection:
    """The log of all public events."""
    return Projection("log", PUBLIC_TOPICS, apply, reads=tuple(CONTRACTS.values()), check=refuse_leak, every_type=True)
