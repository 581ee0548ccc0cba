"""An option that is explored, the evidence for and against it, and what was decided. Only ever added to."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ..assessments.domain import Assessor


class Weight(StrEnum):
    FOR = "for"
    AGAINST = "against"
    NEUTRAL = "neutral"


class Decided(StrEnum):
    ADOPTED = "adopted"
    REJECTED = "rejected"
    DEFERRED = "deferred"


@dataclass(frozen=True, slots=True)
class Instrument:
    """An option that is explored."""

    id: str
    title: str
    description: str
    paragraph: str | None


@dataclass(frozen=True, slots=True)
class InstrumentEvidence:
    """What speaks for or against an option."""

    id: str
    instrument: str
    statement: str
    weight: Weight
    source: str
    initiative: str | None
    noted_on: date


@dataclass(frozen=True, slots=True)
class Decision:
    """What a body decided on an option; the newest counts."""

    id: str
    instrument: str
    decision: Decided
    decided_by: Assessor
    decided_on: date
    reason: str
