"""Answers about what initiatives spent and brought. What is not known is null, with the reason beside it."""

from datetime import date

from shared.contracts.vocabulary import Phase
from shared.database import Record
from shared.http.bodies import View

from ..goals.domain import PHASES, Unknown, Value
from .domain import Counted, cost_per


class CentsView(View):
    """Whole euro cents, half to even; null when they are not known, and then why."""

    cents: int | None
    unknown: str | None = None


def cents_view(value: Value) -> CentsView:
    """An amount as anyone may read it."""
    if isinstance(value, Unknown):
        return CentsView(cents=None, unknown=value.reason)
    return CentsView(cents=round(value))


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


class DrawnLessonView(View):
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
    counts: Counted
    count: int
    evidence: str
    achieved_on: date


class InitiativeDetail(InitiativeCosts):
    """With the lessons and the first hundred results that it is divided by."""

    lessons_drawn: list[DrawnLessonView]
    outcomes_recorded: list[OutcomeView]


class OutcomesPage(View):
    """A page of results; `next` is the cursor for the following page, null on the last."""

    items: list[OutcomeView]
    next: str | None
