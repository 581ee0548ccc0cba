"""Verdicts, costs and comparability: exact, and unknown only with a reason."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from services.monitor.figure.tally import Tally
from services.monitor.impact.goals.domain import (
    NO_BASELINE,
    NO_FIGURE,
    NO_TARGET,
    Basis,
    Count,
    Direction,
    Facts,
    Goal,
    GoalSeries,
    Level,
    Question,
    Unknown,
    check,
    incomparable,
    judgement_of,
    millionths,
    value_of,
)
from services.monitor.impact.outcomes.domain import cost_per
from services.monitor.indicators.domain import IndicatorVersion
from shared.contracts.vocabulary import Measure, SourceKind, Verdict
from shared.refusals import Invalid

from ...figure.tallies import of_mean

DUE = date(2019, 12, 31)
GOAL = Goal(
    id="g",
    level=Level.PROGRAMME,
    question=Question.EFFECTIVE,
    initiative=None,
    title="Meer verbondenheid",
    ambition="Toename",
    paragraph="Voorwoord",
    counts=None,
    series=GoalSeries("verbondenheid", SourceKind.SURVEY, None, "2019"),
    baseline_millionths=None,
    baseline_period="2016",
    basis=Basis.VALUE,
    target_millionths=3_500_000,
    direction=Direction.HIGHER,
    due=DUE,
)
MEASURED = Facts(Fraction(7, 2), Fraction(3), "2019")


@pytest.mark.parametrize(
    ("measured", "today", "verdict"),
    [
        (Fraction(7, 2), DUE, Verdict.REACHED),
        (Fraction(7, 2) - Fraction(1, 10**12), DUE, Verdict.UNDER_WAY),
        (Fraction(7, 2) - Fraction(1, 10**12), date(2020, 1, 1), Verdict.MISSED),
        (NO_FIGURE, date(2020, 1, 1), Verdict.UNKNOWN),
    ],
)
def test_a_goal_is_held_against_its_target_to_the_last_digit(
    measured: Fraction | Unknown, today: date, verdict: Verdict
) -> None:
    assert judgement_of(GOAL, replace(MEASURED, measured=measured), today).verdict is verdict


def test_what_is_unknown_is_never_missed_and_says_why() -> None:
    late = date(2030, 1, 1)
    for facts, goal, reason in (
        (replace(MEASURED, measured=NO_FIGURE), GOAL, "geen gepubliceerd cijfer"),
        (replace(MEASURED, baseline=NO_BASELINE), replace(GOAL, basis=Basis.BASELINE), "nulmeting ontbreekt"),
        (MEASURED, replace(GOAL, target_millionths=None), NO_TARGET.reason),
        (replace(MEASURED, incomparable=Unknown("niet vergelijkbaar: versie 2.0 (x)")), GOAL,
         "niet vergelijkbaar: versie 2.0 (x)"),
    ):  # fmt: skip
        found = judgement_of(goal, facts, late)
        assert (found.verdict, found.reason) == (Verdict.UNKNOWN, reason)


def test_more_than_the_baseline_is_an_improvement_and_the_same_is_not() -> None:
    goal = replace(GOAL, basis=Basis.BASELINE, target_millionths=None)
    assert judgement_of(goal, MEASURED, DUE).verdict is Verdict.REACHED
    assert judgement_of(goal, replace(MEASURED, baseline=Fraction(7, 2)), DUE).verdict is Verdict.UNDER_WAY
    lower = replace(goal, direction=Direction.LOWER)
    assert judgement_of(lower, MEASURED, DUE).verdict is Verdict.UNDER_WAY
    assert judgement_of(lower, replace(MEASURED, measured=Fraction(2)), DUE).verdict is Verdict.REACHED


def test_every_municipality_is_as_many_as_there_are_on_the_day() -> None:
    goal = replace(GOAL, series=None, counts=Count.MUNICIPALITIES, basis=Basis.MUNICIPALITIES, target_millionths=None)
    assert judgement_of(goal, Facts(Fraction(62), NO_BASELINE, None, 62), DUE).verdict is Verdict.REACHED
    assert judgement_of(goal, Facts(Fraction(62), NO_BASELINE, None, 64), DUE).verdict is Verdict.UNDER_WAY


@pytest.mark.parametrize(
    ("change", "measure", "code"),
    [
        ({"initiative": "slowcare"}, None, "initiative-and-level"),
        ({"counts": Count.LESSONS}, None, "two-measures"),
        ({}, Measure.DISTRIBUTION, "no-single-value"),
        ({"basis": Basis.BASELINE}, None, "two-targets"),
        ({"baseline_millionths": 1}, None, "two-baselines"),
    ],
)
def test_a_goal_that_contradicts_itself_is_refused(
    change: dict[str, object], measure: Measure | None, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        check(replace(GOAL, **change), measure)  # type: ignore[arg-type]
    assert refused.value.code == code
    check(GOAL, Measure.MEAN)


def test_the_value_of_sums_is_exact_and_nothing_public_is_unknown() -> None:
    assert value_of(of_mean(3_333_333, 3, None), Measure.MEAN) == Fraction(3_333_333, 1_000_000)
    assert value_of(Tally(denominator=3, numerator=1), Measure.RATIO) == Fraction(1, 3)
    assert value_of(Tally(numerator=31), Measure.COUNT) == 31
    for measure in (Measure.MEAN, Measure.RATIO, Measure.COUNT):
        assert value_of(None, measure) == value_of(Tally(), measure) == NO_FIGURE
    assert isinstance(value_of(Tally(n=1), Measure.DISTRIBUTION), Unknown)


def test_a_version_between_two_periods_makes_them_incomparable_unless_it_says_otherwise() -> None:
    new = IndicatorVersion(2, "2.0", "andere vraag", date(2019, 1, 1), False, "andere vraag")
    assert incomparable([new], "2016", "2019") == Unknown("niet vergelijkbaar: versie 2.0 (andere vraag)")
    assert incomparable([new], "2016", "2018") is None
    assert incomparable([new], "2019", "2021") is None
    assert incomparable([replace(new, reason=None)], "2016", "2019") is None


def test_cost_per_outcome_is_exact_or_unknown() -> None:
    assert cost_per(100, 3) == Fraction(100, 3)
    assert [isinstance(cost_per(*pair), Unknown) for pair in ((0, 3), (100, 0), (0, 0))] == [True] * 3
    assert millionths(Fraction(2, 3)) == 666_667
