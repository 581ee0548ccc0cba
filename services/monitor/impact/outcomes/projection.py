"""What initiatives spent and learnt, folded from the events of finance and initiatives: no other service is called."""

from datetime import datetime

from shared.contracts.finance import LINES, CommitmentMade, DisbursementMade
from shared.contracts.initiatives import TOPIC, InitiativePhaseChanged, InitiativeRegistered, LessonDrawn
from shared.database import Connection
from shared.projections.decoding import Batch
from shared.projections.projector import Projection

from ..goals.domain import Count
from ..goals.handlers import mark_counts
from . import store

#: The counts that a batch of this topic can move.
MOVED = (Count.INITIATIVES, Count.ADVANCED, Count.LESSONS, Count.TRANSFERABLE)


async def fold(connection: Connection, events: Batch, now: datetime) -> None:
    """Add up money per initiative and keep its phases and lessons; mark the goals that count them."""
    await gather(connection, events, now)
    counted = [event for event in events if event.data.topic == TOPIC]
    if counted:
        await mark_counts(connection, MOVED, counted[-1].cause(now))


async def gather(connection: Connection, events: Batch, _: datetime) -> None:
    """Without marking. Sums and first words only: the order between partitions does not matter."""
    said = [event.data for event in events]
    await store.put_initiatives(connection, [event for event in said if isinstance(event, InitiativeRegistered)])
    await store.put_phases(connection, [event for event in said if isinstance(event, InitiativePhaseChanged)])
    await store.put_lessons(connection, [event for event in said if isinstance(event, LessonDrawn)])
    await store.add(
        connection, [event for event in events if isinstance(event.data, CommitmentMade | DisbursementMade)]
    )


#: Kept from others: money and outcomes per initiative.
PROJECTION = Projection(
    "spending",
    (TOPIC, LINES),
    fold,
    reads=(InitiativeRegistered, InitiativePhaseChanged, LessonDrawn, CommitmentMade, DisbursementMade),
)
