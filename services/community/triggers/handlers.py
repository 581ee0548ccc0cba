"""Triggers are raised by events, in the transaction that adds these to the activity."""

from collections.abc import Sequence
from datetime import datetime

from shared import outbox
from shared.contracts.community import DialogueHeld, DialogueWithdrawn, NewsletterTriggerRaised
from shared.database import Connection
from shared.outbox import Cause, Draft
from shared.projections.decoding import Delivered

from . import store
from .domain import trigger_of


async def raise_triggers(connection: Connection, news: Sequence[tuple[int, Delivered]], now: datetime) -> None:
    """Raise what the newsletter may want to tell of events, each at its position in the activity, and tell it."""
    raised = await keep_triggers(connection, news, now)
    await outbox.append(connection, [Draft(trigger, event.cause(now)) for trigger, event in raised])


async def keep_triggers(
    connection: Connection, news: Sequence[tuple[int, Delivered]], now: datetime
) -> list[tuple[NewsletterTriggerRaised, Delivered]]:
    """Raise triggers without telling; returns them, each with its event.

    Withdrawn dialogues are looked up, so the order in which a dialogue and its withdrawal arrive does not matter.
    """
    raised = [
        (position, trigger, event)
        for position, event in news
        if (trigger := trigger_of(event.id, event.data)) is not None
    ]
    await store.insert_triggers(connection, [(position, trigger) for position, trigger, _ in raised], now)
    touched = {event.data.subject for _, event in news if isinstance(event.data, DialogueHeld | DialogueWithdrawn)}
    if touched:
        await store.withdraw_triggers(connection, touched)
    return [(trigger, event) for _, trigger, event in raised]


async def tell_rebuilt(connection: Connection, now: datetime) -> None:
    """At the end of a rebuild: what was raised before was raised when it was; what was not is told, once."""
    await store.keep_times(connection)
    cause = Cause.of_job(f"rebuild-{now:%Y%m%dT%H%M%SZ}", now)
    await outbox.append(connection, [Draft(trigger, cause) for trigger in await store.untold(connection)])
