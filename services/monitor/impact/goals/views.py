"""Answers about goals and where the programme works. What is not known is null, with the reason beside it."""

from datetime import date, datetime

from shared.contracts.vocabulary import SourceKind, Verdict
from shared.database import Record
from shared.http.bodies import View

from ...figure.tally import MILLION
from .domain import NOT_ONLY_OURS, Basis, Count, Direction, Goal, Judgement, Level, Question, Unknown, Value


class ValueView(View):
    """A value with 3 decimals; null when it is not known, and then why."""

    value: float | None
    unknown: str | None = None


def value_view(value: Value) -> ValueView:
    """A value as anyone may read it."""
    if isinstance(value, Unknown):
        return ValueView(value=None, unknown=value.reason)
    return ValueView(value=float(round(value, 3)))


class Measured(View):
    """What a goal is measured by: our own count, or a published figure."""

    counts: Count | None
    indicator: str | None
    source: SourceKind | None
    area: str | None
    period: str | None


class GoalView(View):
    """A goal with its verdict as of a day. `measuredIn` is the period of the measured value."""

    id: str
    level: Level
    question: Question
    initiative: str | None
    title: str
    ambition: str
    paragraph: str
    measured_by: Measured
    direction: Direction
    basis: Basis
    baseline: ValueView
    baseline_period: str | None
    target: ValueView
    measured: ValueView
    measured_in: str | None
    due: date | None
    verdict: Verdict
    reason: str | None
    warning: str | None


def goal_view(goal: Goal, judgement: Judgement) -> GoalView:
    """A goal as anyone may read it."""
    series = goal.series
    return GoalView(
        id=goal.id,
        level=goal.level,
        question=goal.question,
        initiative=goal.initiative,
        title=goal.title,
        ambition=goal.ambition,
        paragraph=goal.paragraph,
        measured_by=Measured(
            counts=goal.counts,
            indicator=series.indicator if series else None,
            source=series.source if series else None,
            area=series.area if series else None,
            period=series.period if series else None,
        ),
        direction=goal.direction,
        basis=goal.basis,
        baseline=value_view(judgement.baseline),
        baseline_period=goal.baseline_period,
        target=value_view(judgement.target),
        measured=value_view(judgement.measured),
        measured_in=judgement.period,
        due=goal.due,
        verdict=judgement.verdict,
        reason=judgement.reason,
        warning=warning_of(goal),
    )


def warning_of(goal: Goal) -> str | None:
    """What must stand beside a goal: a figure is never only the doing of the programme."""
    return NOT_ONLY_OURS if goal.series is not None and goal.level is not Level.AUTONOMOUS else None


class JudgementView(View):
    """A change of verdict that was told."""

    number: int
    at: datetime
    verdict: Verdict
    previous: Verdict
    measured: float | None
    target: float | None
    reason: str | None


def judgement_view(row: Record) -> JudgementView:
    """A line of the history of a goal."""
    measured, target = row["measured_millionths"], row["target_millionths"]
    return JudgementView(
        number=row["number"],
        at=row["at"],
        verdict=row["verdict"],
        previous=row["previous"],
        measured=None if measured is None else round(measured / MILLION, 3),
        target=None if target is None else round(target / MILLION, 3),
        reason=row["reason"],
    )


class GoalDetail(GoalView):
    """A goal with every change of its verdict, oldest first."""

    history: list[JudgementView]


class ProgrammeAreaView(View):
    """Where the programme works."""

    area: str
    name: str
    level: str
    valid_from: date
    valid_until: date | None
    paragraph: str
