"""The commands of goals and of where the programme works, and the marks that what moves leaves on goals.

Each command answers False when exactly this was there already. Nothing is judged here: a mark is a row in the
transaction of what moved, and judging.py goes by it. So a goal that cannot be judged stops nothing.
"""

from collections.abc import Iterable
from typing import Protocol

from shared import outbox
from shared.contracts.vocabulary import Measure
from shared.database import Connection
from shared.outbox.cause import Cause
from shared.refusals import Invalid

from ...areas.domain import DAY
from ...areas.register import exists, require_there
from ...indicators import register as indicators
from . import domain, store
from .domain import Count, Goal, not_there
from .programme import ListedArea
from .register import require_initiative


async def set_goal(connection: Connection, goal: Goal, cause: Cause) -> bool:
    """Set a goal, to be judged."""
    measure: Measure | None = None
    if goal.series is not None:
        indicator = await indicators.find(connection, goal.series.indicator)
        if indicator is None:
            raise not_there("indicator", goal.series.indicator, "#/measure/indicator")
        measure = indicator.measure
        if goal.series.area and not await exists(connection, goal.series.area):
            raise not_there("area", goal.series.area, "#/measure/area")
    domain.check(goal, measure)
    await require_initiative(connection, goal.initiative)
    if not await store.insert_goal(connection, goal):
        found = await store.goals(connection, [goal.id])
        if [each for each, _ in found] != [goal]:
            raise outbox.id_in_use(goal.id)
        return False
    await store.mark_moved(connection, [goal.id], cause)
    return True


async def list_area(connection: Connection, listed: ListedArea, cause: Cause) -> bool:
    """Say that the programme works in a town or region, to be judged by: a goal may be of its towns together."""
    area, valid_from, valid_until, _ = listed
    await require_there(connection, area, valid_from, "#/area")
    if valid_until is not None and valid_until <= valid_from:
        raise Invalid("ends-before-start", "validUntil moet na validFrom liggen.", "#/validUntil")
    if valid_until is not None:
        await require_there(connection, area, valid_until - DAY, "#/validUntil")
    if not await store.insert_programme_area(connection, *listed):
        row = await store.get_programme_area(connection, area)
        if row is None or tuple(row) != listed:
            raise outbox.id_in_use(area, "#/area")
        return False
    await mark_all(connection, cause)
    return True


class MovedCell(Protocol):
    """A published figure that moved: its indicator and kind of source."""

    @property
    def code(self) -> str:
        """The indicator's code."""

    @property
    def source(self) -> str:
        """The kind of source."""


async def mark_figures(connection: Connection, moved: Iterable[MovedCell], cause: Cause) -> None:
    """Mark the goals that moved figures may concern, in the transaction of the publication."""
    series = {(cell.code, str(cell.source)) for cell in moved}
    if series:
        await store.mark_moved(connection, await store.goals_of_series(connection, series), cause)


async def mark_counts(connection: Connection, counts: Iterable[Count], cause: Cause, goal: str | None = None) -> None:
    """Mark every goal that one of these counts concerns, and one more."""
    await store.mark_moved(connection, await store.goals_of_counts(connection, counts, goal), cause)


async def mark_all(connection: Connection, cause: Cause) -> None:
    """Mark every goal: its day may have passed, or the towns it is of are others."""
    await store.mark_moved(connection, await store.goal_ids(connection), cause)
