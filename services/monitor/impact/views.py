"""Answers of impact monitoring. What is not known is null, with the reason beside it."""

from datetime import date, datetime

from shared.contracts.vocabulary import Phase, SourceKind, Verdict
from shared.database import Record
from shared.http.bodies import View

from ..tally import MILLION
from .assessments import EvidenceKind
from .domain import (
    NOT_ONLY_OURS,
    Basis,
    Count,
    Direction,
    Goal,
    Judgement,
    Level,
    Question,
    Unknown,
    Value,
    cost_per,
)
from .spending import PHASES


class ValueView(View):
    """A value with 3 decimals; null when it is not known, and then why."""

    value: float | None
    unknown: str | None = None


def value_view(value: Value) -> ValueView:
    """A value as anyone may read it."""
    if isinstance(value, Unknown):
        return ValueView(value=None, unknown=value.reason)
    return ValueView(value=float(round(value, 3)))


class CentsView(View):
    """Whole euro cents, half to even; null when they are not known, and then why."""

    cents: int | None
    unknown: str | None = None


def cents_view(value: Value) -> CentsView:
    """An amount as anyone may read it."""
    if isinstance(value, Unknown):
        return CentsView(cents=None, unknown=value.reason)
    return CentsView(cents=round(value))


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


class EvidenceView(View):
    """One thing an answer rests on."""

    kind: EvidenceKind
    ref: str
    area: str | None = None
    period: str | None = None
    note: str | None = None


class Answer(View):
    """One answer in a cell of the matrix.

    `kind` is goal, assessment, costs or trend. `verdict` is of a goal (reached, missed, under-way), of an assessment
    (yes, partly, no), `fact` when nothing is judged, or `unknown`, and then `reason` says why.
    """

    kind: str
    ref: str
    statement: str
    verdict: str
    reason: str | None = None
    warning: str | None = None
    evidence: list[EvidenceView] = []


class MatrixCell(View):
    """A question at a level. `unknown` says why when nothing in it is known."""

    level: Level
    question: Question
    asks: str
    answers: list[Answer]
    unknown: str | None


class Matrix(View):
    """The three levels by the two questions, on a day."""

    on: date
    cells: list[MatrixCell]
    note: str


class InitiativeCosts(View):
    """What an initiative was promised and paid, and what it brought. `outcomes` are lessons and recorded results."""

    id: str
    number: str | None
    title: str | None
    phase: Phase | None
    committed_cents: int
    disbursed_cents: int
    lessons: int
    transferable: int
    transferred: int
    recorded: int
    outcomes: int
    cost_per_outcome: CentsView
    cost_per_lesson: CentsView
    cost_per_recorded: CentsView


def initiative_costs(row: Record) -> InitiativeCosts:
    """Money and outcomes of an initiative."""
    paid, lessons, recorded = row["disbursed_cents"], row["lessons"], row["recorded"]
    return InitiativeCosts(
        id=row["id"],
        number=row["number"],
        title=row["title"],
        phase=None if row["phase"] is None else PHASES[row["phase"]],
        committed_cents=row["committed_cents"],
        disbursed_cents=paid,
        lessons=lessons,
        transferable=row["transferable"],
        transferred=row["transferred"],
        recorded=recorded,
        outcomes=lessons + recorded,
        cost_per_outcome=cents_view(cost_per(paid, lessons + recorded)),
        cost_per_lesson=cents_view(cost_per(paid, lessons)),
        cost_per_recorded=cents_view(cost_per(paid, recorded)),
    )


class InitiativesPage(View):
    """A page of initiatives; `next` is the cursor for the following page, null on the last."""

    items: list[InitiativeCosts]
    next: str | None


class LessonView(View):
    """What was learnt."""

    id: str
    title: str
    worked: bool
    transferable: bool
    drawn_on: date


class OutcomeView(View):
    """A result with its evidence."""

    id: str
    initiative: str | None
    goal: str | None
    indicator: str | None
    area: str | None
    lesson: str | None
    statement: str
    count: int
    evidence: str
    achieved_on: date


class InitiativeDetail(InitiativeCosts):
    """With the lessons and the first hundred results that it is divided by."""

    lessons_drawn: list[LessonView]
    outcomes_recorded: list[OutcomeView]
