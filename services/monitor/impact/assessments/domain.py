"""Answers to the two questions, on evidence. The autonomous trend is never credited to the programme."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.refusals import Conflict, Invalid

from ..goals.domain import Goal, Level, Question


class AssessmentVerdict(StrEnum):
    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    UNKNOWN = "unknown"


class Assessor(StrEnum):
    """Which body answers or decides: never a person."""

    PROGRAMME = "programma"
    EXECUTIVE = "gedeputeerde-staten"
    COUNCIL = "provinciale-staten"
    EVALUATOR = "externe-evaluatie"


class EvidenceKind(StrEnum):
    """What an answer rests on. `ref` is its id; the indicator's code for a figure, comparison or trend."""

    GOAL = "goal"
    INDICATOR = "indicator"
    OUTCOME = "outcome"
    LESSON = "lesson"
    COSTS = "costs"
    COMPARISON = "comparison"
    AUTONOMOUS_TREND = "autonomous-trend"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing an answer rests on."""

    kind: EvidenceKind
    ref: str
    area: str | None = None
    period: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """An answer to a question at a level."""

    id: str
    level: Level
    question: Question
    initiative: str | None
    statement: str
    verdict: AssessmentVerdict
    reason: str | None
    assessed_by: Assessor
    assessed_on: date
    evidence: tuple[Evidence, ...]


#: They tell of what would have happened anyway.
_BESIDE = (EvidenceKind.AUTONOMOUS_TREND, EvidenceKind.COMPARISON)


def check(assessment: Assessment, goals: Mapping[str, Goal], in_programme: Callable[[str], bool], today: date) -> None:
    """Refuse an answer without grounds, and one that claims the autonomous trend.

    `goals` are those of the evidence; `in_programme` tells whether the programme works in an area.
    """
    if (assessment.level is Level.INITIATIVE) != (assessment.initiative is not None):
        raise Invalid(
            "initiative-and-level",
            "Een beoordeling op niveau initiative noemt het initiatief, een andere niet.",
            "#/initiative",
        )
    if assessment.assessed_on > today:
        raise Conflict("date-in-future", "Een beoordeling kan niet in de toekomst zijn gegeven.", "#/on")
    if assessment.verdict is AssessmentVerdict.UNKNOWN:
        if assessment.reason is None:
            raise Invalid("reason-missing", "Onbekend mag, maar niet zonder reden: vul reason in.", "#/reason")
        return
    if assessment.reason is not None:
        raise Invalid("reason-without-unknown", "Een reden hoort alleen bij het oordeel unknown.", "#/reason")
    if not assessment.evidence:
        raise Invalid("evidence-missing", "Een oordeel rust op bewijs: noem er minstens één.", "#/evidence")
    if assessment.level is not Level.AUTONOMOUS:
        _keep_trend_apart(assessment, goals, in_programme)


def _keep_trend_apart(assessment: Assessment, goals: Mapping[str, Goal], in_programme: Callable[[str], bool]) -> None:
    def autonomous(evidence: Evidence) -> bool:
        if evidence.kind is EvidenceKind.GOAL:
            return goals[evidence.ref].level is Level.AUTONOMOUS
        if evidence.kind is EvidenceKind.INDICATOR:
            return evidence.area is None or not in_programme(evidence.area)
        return evidence.kind in _BESIDE

    def figure(evidence: Evidence) -> bool:
        if evidence.kind is EvidenceKind.GOAL:
            return goals[evidence.ref].series is not None
        return evidence.kind is EvidenceKind.INDICATOR

    whose = "het programma" if assessment.level is Level.PROGRAMME else "een initiatief"
    if all(map(autonomous, assessment.evidence)):
        raise Invalid(
            "autonomous-trend-credited",
            f"Dit bewijs gaat alleen over de autonome ontwikkeling: die wordt nooit aan {whose} toegeschreven. Voeg "
            "bewijs toe van wat er zelf is bereikt (een doel, uitkomst, les of kosten), of antwoord unknown met de "
            "reden.",
            "#/evidence",
        )
    effect = assessment.question is Question.EFFECTIVE
    if effect and any(map(figure, assessment.evidence)) and not any(map(autonomous, assessment.evidence)):
        raise Invalid(
            "autonomous-trend-missing",
            f"Een cijfer bevat ook de autonome ontwikkeling. Zet die ernaast (bewijs van soort autonomous-trend of "
            f"comparison) voordat u het effect aan {whose} toeschrijft, of antwoord unknown met de reden.",
            "#/evidence",
        )
