"""Answers that list what was recorded: assessments, results, places, instruments and findings."""

from datetime import date, datetime

from shared.contracts.vocabulary import QualityFindingKind
from shared.http.bodies import View

from .assessments import AssessmentVerdict, Assessor
from .domain import Level, Question
from .instruments import Decided, Weight
from .views import EvidenceView, OutcomeView


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


class OutcomesPage(View):
    """A page of results; `next` is the cursor for the following page, null on the last."""

    items: list[OutcomeView]
    next: str | None


class ProgrammeAreaView(View):
    """Where the programme works."""

    area: str
    name: str
    level: str
    valid_from: date
    valid_until: date | None
    paragraph: str


class InstrumentEvidenceView(View):
    """What speaks for or against an option."""

    id: str
    statement: str
    weight: Weight
    source: str
    initiative: str | None
    noted_on: date


class DecisionView(View):
    """What a body decided."""

    id: str
    decision: Decided
    decided_by: Assessor
    decided_on: date
    reason: str


class InstrumentView(View):
    """An option; `decision` is the newest, null while it is being explored."""

    id: str
    title: str
    description: str
    paragraph: str | None
    evidence: int
    decision: Decided | None
    decided_by: Assessor | None
    decided_on: date | None
    reason: str | None


class InstrumentDetail(InstrumentView):
    """With its evidence and all decisions, oldest first."""

    evidence_items: list[InstrumentEvidenceView]
    decisions: list[DecisionView]


class QualityFindingView(View):
    """What a reader must know of the data."""

    id: str
    kind: QualityFindingKind
    explanation: str
    indicator: str | None
    area: str | None
    period: str | None
    told_at: datetime


class QualityFindings(View):
    """A page of findings; `next` is the cursor for the following page, null on the last."""

    items: list[QualityFindingView]
    next: str | None
