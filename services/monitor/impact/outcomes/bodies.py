"""Request body of an outcome, and the command it asks for."""

from typing import Annotated

from pydantic import Field

from shared.http.bodies import Body
from shared.http.fields import Day, Id, Text

from ...areas.bodies import AreaCode
from .domain import Outcome


class OutcomeBody(Body):
    """A result with its evidence. `count` is how many; never who."""

    id: Id
    initiative: Id | None = None
    goal: Id | None = None
    indicator: Id | None = None
    area: AreaCode | None = None
    lesson: Id | None = None
    statement: Text
    count: Annotated[int, Field(ge=1, le=10**7, strict=True)]
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
            count=self.count,
            evidence=self.evidence,
            achieved_on=self.on,
        )
