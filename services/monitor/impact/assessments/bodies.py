"""Request body of an assessment, and the command it asks for."""

from typing import Annotated

from shared.http.bodies import Body
from shared.http.fields import AreaCode, Day, Distinct, Id, OneLine, Period, Text

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
    evidence: Annotated[list[EvidenceBody], Distinct(50, by=("kind", "ref", "area", "period"))] = []

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
