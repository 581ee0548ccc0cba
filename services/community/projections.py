"""All public events told as activity, with the newsletter triggers they raise; and the names that commands refer to."""

from datetime import datetime

from shared import outbox
from shared.contracts.community import DialogueHeld, DialogueWithdrawn
from shared.database import Connection
from shared.outbox import Draft
from shared.projections.decoding import Batch, Delivered, Poison

from . import store
from .activities import activity_of, name_of
from .sentences import tell
from .triggers import trigger_of


async def fold(connection: Connection, events: Batch, now: datetime) -> None:
    """Put what is news at the end of the activity, and raise what the newsletter may want to tell.

    Withdrawn dialogues are looked up, so the order in which a dialogue and its withdrawal arrive does not matter.
    """
    await store.put_names(connection, [name for event in events if (name := name_of(event.data)) is not None])
    news = [(event, activity) for event in events if (activity := activity_of(event.data)) is not None]
    if not news:
        return
    positions = await store.append_activities(connection, news)
    raised = [
        (position, trigger, event)
        for position, (event, _) in zip(positions, news, strict=True)
        if (trigger := trigger_of(event.id, event.data)) is not None
    ]
    await store.insert_triggers(connection, [(position, trigger) for position, trigger, _ in raised], now)
    await outbox.append(connection, [Draft(trigger, event.cause(now)) for _, trigger, event in raised])
    touched = {e.data.subject for e, _ in news if isinstance(e.data, DialogueHeld | DialogueWithdrawn)}
    if touched:
        await store.withdraw_triggers(connection, touched)
    await store.wake_readers(connection)


def refuse_untellable(event: Delivered) -> None:
    """What no sentence can be made of would break every page that shows it."""
    if activity_of(event.data) is None:
        return
    try:
        tell(event.data, {})
    except (ValueError, IndexError) as error:
        raise Poison(f"no sentence can be made of this: {error}") from error
