"""All public events that are news, with the newsletter triggers they raise and the names they give: `activity`."""

from collections.abc import Sequence
from datetime import datetime

from shared.contracts import PUBLIC_TOPICS
from shared.contracts.catalogue import Concerns, Names, entry_of
from shared.database import Connection
from shared.projections.decoding import Batch, Delivered, Poison
from shared.projections.projector import Apply, Projection

from ..names.handlers import learn_names
from ..triggers.handlers import raise_triggers
from . import store


async def fold(connection: Connection, events: Batch, now: datetime) -> None:
    """Put what is news at the end of the activity, and raise what the newsletter may want to tell."""
    await learn_names(connection, [event.data for event in events])
    if news := news_of(events):
        # Whoever else appends waits until this transaction ends.
        positions = await store.LOG.advance(connection, len(news))
        await store.insert(connection, positions, news)
        await raise_triggers(connection, placed(positions, news), now)
        await store.LOG.wake(connection)


def news_of(events: Batch) -> list[tuple[Delivered, Concerns]]:
    """What of these is news, and what it concerns."""
    told = [(event, entry_of(event.data)) for event in events]
    return [(event, entry.concerns(event.data)) for event, entry in told if entry.is_news(event.data)]


def placed(positions: Sequence[int], news: Sequence[tuple[Delivered, Concerns]]) -> list[tuple[int, Delivered]]:
    """The events that are news, each with its position."""
    return [(position, event) for position, (event, _) in zip(positions, news, strict=True)]


def require_sentence(event: Delivered) -> None:
    """Raise Poison for news of which no sentence can be made: it would break every page that shows it."""
    entry = entry_of(event.data)
    if not entry.is_news(event.data):
        return
    try:
        entry.sentence(event.data, Names())
    except (ValueError, IndexError) as error:
        raise Poison(f"no sentence can be made of this: {error}") from error


def activity_projection(apply: Apply = fold) -> Projection:
    """The activity, kept from all public events."""
    return Projection("activity", PUBLIC_TOPICS, apply, check=require_sentence)
