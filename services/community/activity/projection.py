"""All public events that are news, with the newsletter triggers they raise and the names they give: `activity`."""

from datetime import datetime

from shared.contracts.catalogue import Names, entry_of
from shared.database import Connection
from shared.projections.decoding import Batch, Delivered, Poison

from ..names.handlers import learn_names
from ..triggers.handlers import raise_triggers
from . import store


async def fold(connection: Connection, events: Batch, now: datetime) -> None:
    """Put what is news at the end of the activity, and raise what the newsletter may want to tell."""
    await learn_names(connection, [event.data for event in events])
    news = [event for event in events if entry_of(event.data).is_news(event.data)]
    if not news:
        return
    positions = await store.append(connection, [(event, entry_of(event.data).concerns(event.data)) for event in news])
    await raise_triggers(connection, list(zip(positions, news, strict=True)), now)
    await store.LOG.wake(connection)


def require_sentence(event: Delivered) -> None:
    """Raise Poison for news of which no sentence can be made: it would break every page that shows it."""
    entry = entry_of(event.data)
    if not entry.is_news(event.data):
        return
    try:
        entry.sentence(event.data, Names())
    except (ValueError, IndexError) as error:
        raise Poison(f"no sentence can be made of this: {error}") from error
