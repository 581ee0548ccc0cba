"""The commands of goals and of where the programme works; and how goals are judged, by what moved them.

Each command answers False when exactly this was there already. A verdict is told when it changes, in the transaction of
what changed it.
"""

from collections.abc import Collection, Iterable
from typing import Protocol

from shared import outbox
from shared.contracts.monitor import GoalJudged
from shared.contracts.vocabulary import Measure
from shared.database import Connection
from shared.outbox import Draft
from shared.outbox.cause import Cause
from shared.refusals import Invalid

from ...areas.register import exists
from ...indicators import register as indicators
from . import domain, store
from .domain import Count, Goal, millionths, not_there
from .programme import ListedArea
from .register import judged


async def set_goal(connection: Connection, goal: Goal, cause: Cause) -> bool:
    """Set a goal, and judge it at once."""
    measure: Measure | None = None
    if goal.series is not None:
        measure = (await indicators.measures(connection, [goal.series.indicator])).get(goal.series.indicator)
        if measure is None:
            raise not_there("indicator", goal.series.indicator, "#/measure/indicator")
        if goal.series.area and not await exists(connection, goal.series.area):
            raise not_there("area", goal.series.area, "#/measure/area")
    domain.check(goal, measure)
    if not await store.insert_goal(connection, goal):
        found = await store.goals(connection, [goal.id])
        if [each for each, _ in found] != [goal]:
            raise outbox.id_in_use(goal.id)
        return False
    await judge_counts(connection, (), cause, goal.id)
    return True


async def list_area(connection: Connection, listed: ListedArea, cause: Cause) -> bool:
    """Say that the programme works in a town or region, and judge again: a goal may be of its towns together."""
    area, valid_from, valid_until, _ = listed
    if not await exists(connection, area):
        raise not_there("area", area, "#/area")
    if valid_until is not None and valid_until <= valid_from:
        raise Invalid("ends-before-start", "validUntil moet na validFrom liggen.", "#/validUntil")
    if not await store.insert_programme_area(connection, *listed):
        row = await store.get_programme_area(connection, area)
        if row is None or tuple(row) != listed:
            raise outbox.id_in_use(area)
        return False
    await judge_all(connection, cause)
    return True


class MovedCell(Protocol):
    """A published figure that moved: its indicator and kind of source."""

    @property
    def code(self) -> str:
        """The indicator's code."""

    @property
    def source(self) -> str:
        """The kind of source."""


async def judge_figures(connection: Connection, moved: Iterable[MovedCell], cause: Cause) -> None:
    """Judge again what moved figures may concern: once in the transaction of the publication, last."""
    series = {(cell.code, str(cell.source)) for cell in moved}
    if series:
        await _settle(connection, await store.lock_goals_of(connection, series), cause)


async def judge_counts(connection: Connection, counts: Iterable[Count], cause: Cause, goal: str | None = None) -> None:
    """Judge again every goal that one of these counts concerns, and one more."""
    await _settle(connection, await store.lock_counting_goals(connection, counts, goal), cause)


async def judge_all(connection: Connection, cause: Cause) -> int:
    """Judge every goal, for those whose day has passed; answers how many changed."""
    return await _settle(connection, await store.lock_goals(connection), cause)


async def _settle(connection: Connection, ids: Collection[str], cause: Cause) -> int:
    """Store and tell every verdict that is another one. The goals are locked."""
    if not ids:
        return 0
    told: list[Draft] = []
    for goal, found in await judged(connection, cause.today, ids):
        previous = await store.told_verdict(connection, goal.id)
        if found.verdict is previous:
            continue
        measured, target = millionths(found.measured), millionths(found.target)
        await store.set_verdict(connection, goal.id, found.verdict, previous, measured, target, found.reason, cause)
        event = GoalJudged(
            goal=goal.id,
            title=goal.title,
            verdict=found.verdict,
            previous=previous,
            indicator=goal.series.indicator if goal.series else None,
            area=goal.series.area if goal.series else None,
            target_millionths=target,
            measured_millionths=measured,
            reason=found.reason,
        )
        told.append(Draft(event, cause))
    await outbox.append(connection, told)
    return len(told)
