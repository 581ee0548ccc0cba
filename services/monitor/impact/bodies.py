"""Request bodies of impact monitoring, and the commands they ask for."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema

from shared.contracts.vocabulary import SourceKind
from shared.http.bodies import Body
from shared.http.fields import Day, Id, OneLine, Text

from ..bodies import AreaCode
from .assessments import Assessment, AssessmentVerdict, Assessor, Evidence, EvidenceKind
from .domain import Basis, Count, Direction, Goal, GoalSeries, Level, Question
from .instruments import Decided, Decision, Instrument, InstrumentEvidence, Weight
from .outcomes import Outcome
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


class EvidenceBody(Body):
    """One thing an answer rests on."""

    kind: EvidenceKind
    ref: OneLine
    area: AreaCode | None = None
    period: Period | None = None
    note: OneLine | None = None


class AssessmentBody(Body):
    """An answer to a question at a level. Onbekend (`unknown`) needs a `reason`, another verdict needs evidence."""

    id: Id
    level: Level
    question: Question
    initiative: Id | None = None
    statement: Text
    verdict: AssessmentVerdict
    reason: Text | None = None
    by: Assessor
    on: Day
    evidence: Annotated[list[EvidenceBody], Field(max_length=50)] = []

    def command(self) -> Assessment:
        """The assessment."""
        return Assessment(
            id=self.id,
            level=self.level,
            question=self.question,
            initiative=self.initiative,
            statement=self.statement,
            verdict=self.verdict,
            reason=self.reason,
            assessed_by=self.by,
            assessed_on=self.on,
            evidence=tuple(Evidence(e.kind, e.ref, e.area, e.period, e.note) for e in self.evidence),
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


class InstrumentBody(Body):
    """An option that is explored."""

    id: Id
    title: OneLine
    description: Text
    paragraph: OneLine | None = None

    def command(self) -> Instrument:
        """The option."""
        return Instrument(self.id, self.title, self.description, self.paragraph)


class InstrumentEvidenceBody(Body):
    """What speaks for or against an option."""

    id: Id
    instrument: Id
    statement: Text
    weight: Weight
    source: OneLine
    initiative: Id | None = None
    on: Day

    def command(self) -> InstrumentEvidence:
        """The evidence."""
        return InstrumentEvidence(
            self.id, self.instrument, self.statement, self.weight, self.source, self.initiative, self.on
        )


class DecisionBody(Body):
    """What a body, never a person, decided on an option."""

    id: Id
    instrument: Id
    decision: Decided
    by: Assessor
    on: Day
    reason: Text

    def command(self) -> Decision:
        """The decision."""
        return Decision(self.id, self.instrument, self.decision, self.by, self.on, self.reason)
