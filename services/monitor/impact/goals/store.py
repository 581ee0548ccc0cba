"""Postgres of goals and their verdicts, of what counts towards them, and of where the programme works."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

from shared.contracts.vocabulary import Measure, SourceKind, Verdict
from shared.database import Connection, Record, queries
from shared.outbox.cause import Cause
from shared.web.dutch import by_name

from ...figure.quantity import Quantity, quantity_of
from .domain import Basis, Count, Direction, Goal, GoalSeries, Level, Question

_Q = queries(Path(__file__).with_name("goals.sql"))


async def insert_goal(connection: Connection, goal: Goal) -> bool:
    """Store a new goal; False when the id exists."""
    series = goal.series
    inserted: bool | None = await connection.fetchval(
        _Q.insert_goal,
        goal.id,
        goal.level,
        goal.question,
        goal.initiative,
        goal.title,
        goal.ambition,
        goal.paragraph,
        goal.counts,
        series and series.indicator,
        series and series.source,
        series and series.area,
        series and series.period,
        goal.baseline_millionths,
        goal.baseline_period,
        goal.basis,
        goal.target_millionths,
        goal.direction,
        goal.due,
    )
    return bool(inserted)


async def goals(connection: Connection, ids: Collection[str] | None = None) -> list[tuple[Goal, Quantity]]:
    """Goals by level and question, each with what kind of number it is held against."""
    rows = await connection.fetch(_Q.goals, None if ids is None else list(ids))
    return [(_goal(row), quantity_of(Measure(row["measure"]), row["unit"])) for row in rows]


async def goals_of_series(connection: Connection, series: Iterable[tuple[str, str]]) -> list[str]:
    """Goals that are judged by these indicators and sources."""
    columns = map(list, zip(*sorted(set(series)), strict=True))
    return [row["id"] for row in await connection.fetch(_Q.goals_of_series, *columns)]


async def goals_of_counts(connection: Connection, counts: Iterable[Count], goal: str | None) -> list[str]:
    """Goals that are judged by these counts, and one more."""
    return [row["id"] for row in await connection.fetch(_Q.goals_of_counts, list(counts), goal)]


async def goal_ids(connection: Connection) -> list[str]:
    """All goals."""
    return [row["id"] for row in await connection.fetch(_Q.goal_ids)]


async def mark_moved(connection: Connection, goals: Sequence[str], cause: Cause) -> None:
    """Say that something moved which these goals may be judged by; who judges is told when it commits."""
    if goals:
        await connection.execute(
            _Q.mark_moved, list(goals), cause.correlation_id, cause.causation_id, cause.traceparent
        )


async def moved_goals(connection: Connection) -> Sequence[Record]:
    """Each goal that is to be judged: by which marks, and the cause of the last of them."""
    return await connection.fetch(_Q.moved_goals)


async def seconds_waiting(connection: Connection) -> float:
    """How long the first mark waits; 0 without any."""
    waiting: float | None = await connection.fetchval(_Q.waiting_since)
    return waiting or 0.0


async def lock_goal(connection: Connection, goal: str) -> bool:
    """Keep others from judging this goal until this transaction ends; False when it is not there."""
    return bool(await connection.fetchval(_Q.lock_goal, goal))


async def forget_moved(connection: Connection, numbers: Sequence[int]) -> int:
    """Take these marks away; answers how many there were still."""
    return int((await connection.execute(_Q.forget_moved, list(numbers))).rpartition(" ")[2])


async def set_unjudged(connection: Connection, goal: str, now: datetime, error: str) -> None:
    """Remember that a goal could not be judged."""
    await connection.execute(_Q.set_unjudged, goal, now, error)


async def set_judged(connection: Connection, goal: str) -> None:
    """Forget that a goal could not be judged."""
    await connection.execute(_Q.set_judged, goal)


async def unjudged_goals(connection: Connection) -> list[str]:
    """The goals that could not be judged when it was last tried."""
    return [row["goal"] for row in await connection.fetch(_Q.unjudged_goals)]


async def count_unjudged(connection: Connection) -> int:
    """How many goals could not be judged when it was last tried."""
    number: int = await connection.fetchval(_Q.count_unjudged)
    return number


async def told_verdict(connection: Connection, goal: str) -> Verdict:
    """The verdict as it was last told."""
    return Verdict(await connection.fetchval(_Q.told_verdict, goal))


async def set_verdict(
    connection: Connection,
    goal: str,
    verdict: Verdict,
    previous: Verdict,
    measured: int | None,
    target: int | None,
    reason: str | None,
    cause: Cause,
) -> None:
    """Store another verdict, and in the history by what it came."""
    await connection.execute(_Q.set_verdict, goal, verdict)
    await connection.execute(_Q.insert_judgement, goal, cause.now, verdict, previous, measured, target, reason)


async def judgements(connection: Connection, goal: str) -> Sequence[Record]:
    """Every change of verdict, oldest first."""
    return await connection.fetch(_Q.judgements, goal)


async def count(connection: Connection, counts: Count, goal: Goal, stopped: int) -> int | None:
    """What we count ourselves, up to the day a goal is due; None when nothing was recorded.

    `stopped` is the phase that is no advance. When an initiative joined is not known: all of them count.
    """
    counted: int | None
    match counts:
        case Count.INITIATIVES:
            counted = await connection.fetchval(_Q.count_initiatives)
        case Count.ADVANCED:
            counted = await connection.fetchval(_Q.count_advanced, goal.due, stopped)
        case Count.LESSONS | Count.TRANSFERABLE:
            counted = await connection.fetchval(_Q.count_lessons, goal.due, counts is Count.TRANSFERABLE)
        case Count.TRANSFERRED:
            counted = await connection.fetchval(_Q.count_transferred, goal.due)
        case Count.OUTCOMES | Count.MUNICIPALITIES:
            counted = await connection.fetchval(_Q.sum_outcomes, goal.id, goal.due)
    return counted


async def outcome_areas(connection: Connection, goal: Goal) -> set[str]:
    """The municipalities in which something was recorded for a goal, up to the day it is due."""
    return {row["area"] for row in await connection.fetch(_Q.outcome_areas, goal.id, goal.due)}


async def insert_programme_area(
    connection: Connection, area: str, valid_from: date, valid_until: date | None, paragraph: str
) -> bool:
    """Store where the programme works; False when the area is there."""
    return bool(await connection.fetchval(_Q.insert_programme_area, area, valid_from, valid_until, paragraph))


async def get_programme_area(connection: Connection, area: str) -> Record | None:
    """One of them."""
    return await connection.fetchrow(_Q.get_programme_area, area)


async def list_programme_areas(connection: Connection) -> Sequence[Record]:
    """Where the programme works, by level and name."""
    rows = await connection.fetch(_Q.list_programme_areas)
    return sorted(rows, key=lambda row: (row["level"], by_name(row["name"])))


async def programme_codes(connection: Connection) -> set[str]:
    """The codes of where the programme works."""
    return {row["area"] for row in await connection.fetch(_Q.programme_codes)}


async def initiative_places(connection: Connection) -> set[str]:
    """The municipalities in which an initiative works."""
    return {row["area"] for row in await connection.fetch(_Q.initiative_places)}


def _goal(row: Record) -> Goal:
    return Goal(
        id=row["id"],
        level=Level(row["level"]),
        question=Question(row["question"]),
        initiative=row["initiative"],
        title=row["title"],
        ambition=row["ambition"],
        paragraph=row["paragraph"],
        counts=Count(row["counts"]) if row["counts"] else None,
        series=GoalSeries(row["indicator"], SourceKind(row["source"]), row["area"], row["period"])
        if row["indicator"]
        else None,
        baseline_millionths=row["baseline_millionths"],
        baseline_period=row["baseline_period"],
        basis=Basis(row["basis"]),
        target_millionths=row["target_millionths"],
        direction=Direction(row["direction"]),
        due=row["due"],
    )


async def knows_initiative(connection: Connection, initiative: str) -> bool:
    """Whether an initiative was registered, as far as we have heard."""
    return bool(await connection.fetchval(_Q.knows_initiative, initiative))
