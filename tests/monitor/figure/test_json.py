"""A figure is rounded once, from exact sums: beside the same formulas in decimals of sixty digits."""

import json
from decimal import ROUND_HALF_EVEN, Context, Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.monitor.figure.json import members
from services.monitor.figure.tally import MILLION, Tally, of_scores
from shared.contracts.vocabulary import Measure

from .tallies import of_mean

EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)
Z = Decimal("1.959963984540054")


def shown(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.001"), context=EXACT)


def figure(written: str) -> dict[str, object]:
    """What JSON says, to the last digit."""
    found: dict[str, object] = json.loads(f"{{{written}}}", parse_float=Decimal)
    return found


def mean_and_variance(tally: Tally) -> tuple[Decimal, Decimal]:
    n = Decimal(tally.n)
    exact = tally.n * tally.squares - tally.total * tally.total
    return EXACT.divide(tally.total, n * MILLION), EXACT.divide(max(exact, 0), n * n * MILLION * MILLION)


def wilson(a: int, denominator: int) -> tuple[Decimal, Decimal]:
    n, p = Decimal(denominator), EXACT.divide(a, denominator)
    square = EXACT.multiply(Z, Z)
    middle = EXACT.add(p, EXACT.divide(square, 2 * n))
    inner = EXACT.add(EXACT.divide(EXACT.multiply(p, 1 - p), n), EXACT.divide(square, 4 * n * n))
    half = EXACT.multiply(Z, EXACT.sqrt(inner))
    scale = EXACT.add(1, EXACT.divide(square, n))
    return shown(EXACT.divide(EXACT.subtract(middle, half), scale)), shown(EXACT.divide(EXACT.add(middle, half), scale))


scores = (
    st.lists(st.integers(0, 10**6), min_size=1, max_size=11).filter(any).map(lambda counts: of_scores(tuple(counts)))
)
means = st.builds(of_mean, st.integers(-(10**9), 10**9), st.integers(1, 10**7), st.integers(0, 10**8))


@pytest.mark.twin_of("services.monitor.figure.rounding")
@given(scores | means)
@example(of_mean(4_500, 3, 500))
@example(of_mean(-4_500, 3, 1_500))
@example(of_scores((1, 1)))
def test_mean_deviation_and_interval_are_rounded_from_exact_sums(tally: Tally) -> None:
    mean, variance = mean_and_variance(tally)
    assert tally.mean() == shown(mean)
    assert tally.deviation() == shown(EXACT.sqrt(variance))
    found = figure(members(tally, Measure.MEAN))
    interval = tally.mean_interval()
    assert (found["mean"], found["standardDeviation"]) == (tally.mean(), tally.deviation())
    assert found["confidenceInterval"] == (interval and {"low": interval[0], "high": interval[1]})
    if tally.n < 2:
        assert tally.mean_interval() is None
    else:
        half = EXACT.multiply(Z, EXACT.sqrt(EXACT.divide(variance, tally.n - 1)))
        assert tally.mean_interval() == (shown(EXACT.subtract(mean, half)), shown(EXACT.add(mean, half)))


ratios = st.integers(1, 10**9).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(ratios)
@example((0, 1))
@example((1, 1))
@example((1, 2000))
@example((3, 2000))
def test_a_share_and_its_interval_are_rounded_from_exact_sums(ratio: tuple[int, int]) -> None:
    tally = Tally(numerator=ratio[0], denominator=ratio[1])
    assert tally.share() == shown(EXACT.divide(*map(Decimal, ratio)))
    assert tally.share_interval() == wilson(*ratio)
    found, interval = figure(members(tally, Measure.RATIO)), tally.share_interval()
    assert (found["share"], found["numerator"], found["denominator"]) == (tally.share(), *ratio)
    assert found["confidenceInterval"] == (interval and {"low": interval[0], "high": interval[1]})


@pytest.mark.parametrize(("total", "expected"), [(500, "0.000"), (1500, "0.002"), (2500, "0.002"), (-500, "0.000")])
def test_half_goes_to_the_even_thousandth(total: int, expected: str) -> None:
    assert Tally(n=1, total=total).mean() == Decimal(expected)
