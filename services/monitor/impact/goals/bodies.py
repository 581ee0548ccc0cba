"""Request bodies of goals and of where the programme works, and the commands they ask for."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema

from shared.contracts.vocabulary import SourceKind
from shared.http.bodies import Body
from shared.http.fields import Day, Id, OneLine, Text

from ...areas.bodies import AreaCode
from .domain import Basis, Count, Direction, Goal, GoalSeries, Level, Question
from .programme import ListedArea

_PERIOD = r"^(19|20)[0-9]{2}(-(0[1-9]|1[0-2]|Q[1-4]))?$"


def _written_as_period(text: str) -> str:
    if re.fullmatch(_PERIOD, text) is None:
        raise ValueError("hier hoort een maand (2019-03), kwartaal (2019-Q1) of jaar (2019), van 1900 tot en met 2099")
    return text


#: A month, quarter or year.
Period = Annotated[str, AfterValidator(_written_as_period), WithJsonSchema({"type": "string", "pattern": _PERIOD})]
_Millionths = Annotated[int, Field(ge=0, le=10**15, strict=True)] | None


class MeasureBody(Body):
    """A published figure. Without an area: the programme's towns together; without a period: the newest year."""

    indicator: Id
    source: SourceKind
    area: AreaCode | None = None
    period: Period | None = None


class GoalBody(Body):
    """An ambition and how it is judged: by `counts`, by a `measure`, or (still) by neither."""

    id: Id
    level: Level
    question: Question
    initiative: Id | None = None
    title: OneLine
    ambition: Text
    paragraph: OneLine
    counts: Count | None = None
    measure: MeasureBody | None = None
    baseline_millionths: _Millionths = None
    baseline_period: Period | None = None
    basis: Basis = Basis.VALUE
    target_millionths: _Millionths = None
    direction: Direction = Direction.HIGHER
    due: Day | None = None

    def command(self) -> Goal:
        """The goal."""
        measure = self.measure
        return Goal(
            id=self.id,
            level=self.level,
            question=self.question,
            initiative=self.initiative,
            title=self.title,
            ambition=self.ambition,
            paragraph=self.paragraph,
            counts=self.counts,
            series=GoalSeries(measure.indicator, measure.source, measure.area, measure.period) if measure else None,
            baseline_millionths=self.baseline_millionths,
            baseline_period=self.baseline_period,
            basis=self.basis,
            target_millionths=self.target_millionths,
            direction=self.direction,
            due=self.due,
        )


class ProgrammeAreaBody(Body):
    """A town or region the programme works in."""

    area: AreaCode
    valid_from: Day
    valid_until: Day | None = None
    paragraph: OneLine

    def command(self) -> ListedArea:
        """What it asks for."""
        return ListedArea(self.area, self.valid_from, self.valid_until, self.paragraph)
