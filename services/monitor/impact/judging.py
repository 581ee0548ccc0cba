"""Judges goals, and tells when a verdict changes: in the transaction of what changed it."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Protocol

from shared import outbox
from shared.contracts.monitor import GoalJudged
from shared.database import Connection
from shared.outbox import Draft
from shared.outbox.cause import Cause

from . import facts, store
from .domain import Count, Goal, Judgement, millionths
from .domain import judgement_of as judge_goal


class MovedCell(Protocol):
    """A published figure that moved: its indicator and kind of source."""

    @property
    def code(self) -> str:
        """The indicator's code."""

    @property
    def source(self) -> str:
        """The kind of source."""


async def judge_figures(connection: Connection, moved: Iterable[MovedCell], now: datetime, cause: Cause) -> None:
    """Judge again what moved figures may concern: once in the transaction of the publication, last."""
    series = {(cell.code, str(cell.source)) for cell in moved}
    if series:
        await _settle(connection, await store.lock_goals_of(connection, series), cause, now)


async def judge_counts(connection: Connection, counts: Iterable[Count], cause: Cause, goal: str | None = None) -> None:
    """Judge again every goal that one of these counts concerns, and one more."""
    await _settle(connection, await store.lock_counting_goals(connection, counts, goal), cause, cause.now)


async def judge_all(connection: Connection, cause: Cause) -> int:
    """Judge every goal, for those whose day has passed; answers how many changed."""
    return await _settle(connection, await store.lock_goals(connection), cause, cause.now)


async def judged(
    connection: Connection, today: date, ids: Collection[str] | None = None
) -> list[tuple[Goal, Judgement]]:
    """Goals with the verdict of a day. What stands in the database may be older: it is what was told."""
    found = await store.goals(connection, ids)
    programme = await store.programme(connection)
    return [
        (goal, judge_goal(goal, await facts.facts_of(connection, goal, measure, programme, today), today))
        for goal, measure in found
    ]


async def _settle(connection: Connection, ids: Collection[str], cause: Cause, now: datetime) -> int:
    """Store and tell every verdict that is another one. The goals are locked."""
    if not ids:
        return 0
    told: list[Draft] = []
    for goal, found in await judged(connection, Cause(now, "", "").today, ids):
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
