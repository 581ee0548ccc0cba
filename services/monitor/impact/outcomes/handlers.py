"""The command of outcomes, one transaction. It answers False when exactly this was there already."""

from shared import outbox
from shared.database import Connection
from shared.outbox.cause import Cause

from ...areas.register import require_there
from ..goals.domain import Count, not_there
from ..goals.handlers import mark_counts
from . import domain, store
from .domain import Outcome


async def record_outcome(connection: Connection, outcome: Outcome, threshold: int, cause: Cause) -> bool:
    """Record a result with its evidence, and mark the goals that count it. All of it is public."""
    domain.check(outcome, cause.today, threshold)
    unknown = await store.unknown_reference(connection, outcome)
    if unknown is not None:
        raise not_there(unknown, getattr(outcome, unknown), f"#/{unknown}")
    if outcome.area is not None:
        await require_there(connection, outcome.area, outcome.achieved_on, "#/area")
    if not await store.insert_outcome(connection, outcome, cause):
        if await store.outcomes(connection, outcome.id, None, None, 1) != [outcome]:
            raise outbox.id_in_use(outcome.id)
        return False
    counts = (Count.TRANSFERRED,) if outcome.lesson is not None else ()
    await mark_counts(connection, counts, cause, outcome.goal)
    return True
