"""Triggers are raised by events, in the transaction that adds these to the activity."""

from collections.abc import Sequence
from datetime import datetime

from shared import outbox
from shared.contracts.community import DialogueHeld, DialogueWithdrawn
from shared.database import Connection
from shared.outbox import Draft
from shared.projections.decoding import Delivered

from . import store
from .domain import trigger_of


async def raise_triggers(connection: Connection, news: Sequence[tuple[int, Delivered]], now: datetime) -> None:
    """Raise what the newsletter may want to tell of events, each at its position in the activity.

    Withdrawn dialogues are looked up, so the order in which a dialogue and its withdrawal arrive does not matter.
    """
    raised = [
        (position, trigger, event)
        for position, event in news
        if (trigger := trigger_of(event.id, event.data)) is not None
    ]
    await store.insert_triggers(connection, [(position, trigger) for position, trigger, _ in raised], now)
    await outbox.append(connection, [Draft(trigger, event.cause(now)) for _, trigger, event in raised])
    touched = {event.data.subject for _, event in news if isinstance(event.data, DialogueHeld | DialogueWithdrawn)}
    if touched:
        await store.withdraw_triggers(connection, touched)
