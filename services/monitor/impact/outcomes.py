"""What was achieved, with evidence: counts, nobody's name."""

from dataclasses import dataclass
from datetime import date

from shared.refusals import Conflict, Invalid


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
