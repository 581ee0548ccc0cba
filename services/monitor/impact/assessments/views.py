"""Answers about assessments and their evidence."""

from datetime import date

from shared.http.bodies import View

from ..goals.domain import Level, Question
from .domain import AssessmentVerdict, Assessor, EvidenceKind


class EvidenceView(View):
    """One thing an answer rests on."""

    kind: EvidenceKind
    ref: str
    area: str | None = None
    period: str | None = None
    note: str | None = None


class AssessmentView(View):
    """An answer that was given; the newest `version` counts."""

    id: str
    level: Level
    question: Question
    initiative: str | None
    version: int
    latest: bool
    statement: str
    verdict: AssessmentVerdict
    reason: str | None
    assessed_by: Assessor
    assessed_on: date
    evidence: list[EvidenceView]
