"""Request body of an outcome, and the command it asks for."""

from shared.http.bodies import Body
from shared.http.fields import AreaCode, CountFromOne, Day, Id, Text

from .domain import Counted, Outcome


class OutcomeBody(Body):
    """A result with its evidence: how many people or things, never who. All of it is public.

    People are claimed together per institution and period: fewer than the publication threshold are refused.
    """

    id: Id
    initiative: Id | None = None
    goal: Id | None = None
    indicator: Id | None = None
    area: AreaCode | None = None
    lesson: Id | None = None
    statement: Text
    counts: Counted
    count: CountFromOne
    evidence: Text
    on: Day

    def command(self) -> Outcome:
        """The outcome."""
        return Outcome(
            id=self.id,
            initiative=self.initiative,
            goal=self.goal,
            indicator=self.indicator,
            area=self.area,
            lesson=self.lesson,
            statement=self.statement,
            counts=self.counts,
            count=self.count,
            evidence=self.evidence,
            achieved_on=self.on,
        )
