"""What was achieved, with evidence: counts, nobody's name; and what it costs."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from shared.refusals import Conflict, Invalid

from ..goals.domain import Unknown, Value


@dataclass(frozen=True, slots=True)
class Outcome:
    """A result of an initiative, or without one of the programme as a whole; `lesson` is one that was taken over."""

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


def check(outcome: Outcome, today: date) -> None:
    """Refuse what counts for nothing, or has not happened yet."""
    if outcome.initiative is None and outcome.goal is None:
        raise Invalid("of-nothing", "Een uitkomst hoort bij een initiatief, een doel, of beide.", "#/initiative")
    if outcome.achieved_on > today:
        raise Conflict("date-in-future", "Een uitkomst kan niet in de toekomst liggen.", "#/on")


NO_SPENDING = Unknown("er is nog niets uitbetaald")


NO_OUTCOME = Unknown("er is nog geen uitkomst vastgelegd")


def cost_per(cents: int, outcomes: int) -> Value:
    """Cents per outcome. Unknown without spending or without outcomes."""
    if not outcomes:
        return NO_OUTCOME
    return Fraction(cents, outcomes) if cents else NO_SPENDING
