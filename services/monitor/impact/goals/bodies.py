"""Request bodies of goals and of where the programme works, and the commands they ask for."""

from shared.contracts.vocabulary import SourceKind
from shared.http.bodies import Body
from shared.http.fields import AreaCode, Day, Id, Millionths, OneLine, Period, Text

from .domain import Basis, Count, Direction, Goal, GoalSeries, Level, Question
from .programme import ListedArea


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
    baseline_millionths: Millionths | None = None
    baseline_period: Period | None = None
    basis: Basis = Basis.VALUE
    target_millionths: Millionths | None = None
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
