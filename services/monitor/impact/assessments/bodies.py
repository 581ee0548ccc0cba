"""Request body of an assessment, and the command it asks for."""

from typing import Annotated

from pydantic import Field

from shared.http.bodies import Body
from shared.http.fields import Day, Id, OneLine, Text

from ...areas.bodies import AreaCode
from ..goals.bodies import Period
from ..goals.domain import Level, Question
from .domain import Assessment, AssessmentVerdict, Assessor, Evidence, EvidenceKind


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
