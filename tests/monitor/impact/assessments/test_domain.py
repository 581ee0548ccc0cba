"""An answer rests on evidence, and the autonomous trend is never credited to the programme."""

from dataclasses import replace
from datetime import date

import pytest

from services.monitor.impact.assessments.domain import (
    Assessment,
    AssessmentVerdict,
    Assessor,
    Evidence,
    EvidenceKind,
    check,
)
from services.monitor.impact.goals.domain import Level, Question
from shared.refusals import Conflict, Invalid, Refused

from ..goals.test_domain import GOAL

TODAY = date(2019, 12, 31)
TREND = Evidence(EvidenceKind.AUTONOMOUS_TREND, "verbondenheid", None, "2019")
BESIDE = Evidence(EvidenceKind.COMPARISON, "verbondenheid", None, "2019")
OUTSIDE = Evidence(EvidenceKind.INDICATOR, "verbondenheid", "GM0796", "2019")
PROVINCE = Evidence(EvidenceKind.INDICATOR, "verbondenheid", "PV30", "2019")
INSIDE = Evidence(EvidenceKind.INDICATOR, "verbondenheid", "GM0828", "2019")
OUTCOME = Evidence(EvidenceKind.OUTCOME, "o1")
FIGURE_GOAL = Evidence(EvidenceKind.GOAL, "figure")
COUNT_GOAL = Evidence(EvidenceKind.GOAL, "count")
TREND_GOAL = Evidence(EvidenceKind.GOAL, "trend")
GOALS = {
    "figure": GOAL,
    "count": replace(GOAL, series=None),
    "trend": replace(GOAL, level=Level.AUTONOMOUS),
}
YES = Assessment(
    id="a",
    level=Level.PROGRAMME,
    question=Question.EFFECTIVE,
    initiative=None,
    statement="Het programma werkt.",
    verdict=AssessmentVerdict.YES,
    reason=None,
    assessed_by=Assessor.EVALUATOR,
    assessed_on=TODAY,
    evidence=(),
)


def judged(assessment: Assessment, *evidence: Evidence) -> str | None:
    """The code of the refusal, None when it is accepted."""
    try:
        check(replace(assessment, evidence=evidence), GOALS, {"GM0828"}.__contains__, TODAY)
    except Refused as refused:
        return refused.code
    return None


@pytest.mark.parametrize(
    "evidence", [(TREND,), (BESIDE,), (OUTSIDE,), (PROVINCE,), (TREND_GOAL,), (TREND, BESIDE, OUTSIDE, TREND_GOAL)]
)
@pytest.mark.parametrize("verdict", [AssessmentVerdict.YES, AssessmentVerdict.PARTLY, AssessmentVerdict.NO])
@pytest.mark.parametrize("question", list(Question))
def test_the_autonomous_trend_alone_is_never_credited(
    evidence: tuple[Evidence, ...], verdict: AssessmentVerdict, question: Question
) -> None:
    programme = replace(YES, verdict=verdict, question=question)
    initiative = replace(programme, level=Level.INITIATIVE, initiative="slowcare")
    for assessment in (programme, initiative):
        assert judged(assessment, *evidence) == "autonomous-trend-credited"
    assert judged(replace(programme, level=Level.AUTONOMOUS), *evidence) is None


def test_the_refusal_says_in_dutch_what_to_do() -> None:
    with pytest.raises(Invalid) as refused:
        check(replace(YES, evidence=(TREND,)), GOALS, {"GM0828"}.__contains__, TODAY)
    assert "wordt nooit aan het programma toegeschreven" in refused.value.detail
    assert "antwoord unknown met de reden" in refused.value.detail
    assert refused.value.pointer == "#/evidence"


def test_a_figure_is_credited_only_with_the_autonomous_trend_beside_it() -> None:
    for figure in (INSIDE, FIGURE_GOAL):
        assert judged(YES, figure) == "autonomous-trend-missing"
        assert judged(YES, figure, OUTCOME) == "autonomous-trend-missing"
        assert judged(YES, figure, TREND) is None
        assert judged(YES, figure, BESIDE) is None


def test_what_was_achieved_itself_is_evidence() -> None:
    assert judged(YES, OUTCOME) is None
    assert judged(YES, COUNT_GOAL) is None
    assert judged(YES, OUTCOME, TREND) is None


def test_unknown_needs_a_reason_and_a_verdict_needs_evidence() -> None:
    unknown = replace(YES, verdict=AssessmentVerdict.UNKNOWN)
    assert judged(unknown) == "reason-missing"
    assert judged(replace(unknown, reason="geen cijfer van 2019")) is None
    assert judged(YES) == "evidence-missing"
    assert judged(replace(YES, reason="omdat"), OUTCOME) == "reason-without-unknown"
    assert judged(replace(YES, initiative="slowcare"), OUTCOME) == "initiative-and-level"


def test_nobody_assesses_in_the_future() -> None:
    with pytest.raises(Conflict):
        check(replace(YES, assessed_on=date(2020, 1, 1), evidence=(OUTCOME,)), GOALS, {"x"}.__contains__, TODAY)
