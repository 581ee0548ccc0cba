"""Answers about instruments."""

from datetime import date

from shared.http.bodies import View

from ..assessments.domain import Assessor
from .domain import Decided, Weight


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
