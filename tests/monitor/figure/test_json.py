"""A figure is rounded once, from exact sums: beside the same formulas in decimals of sixty digits."""

import json
from decimal import ROUND_HALF_EVEN, Context, Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.monitor.figure.json import members
from services.monitor.figure.public import PublicTally
from services.monitor.figure.quantity import SCORES, Quantity
from services.monitor.figure.tally import rounded, thousandths
from shared.contracts.vocabulary import Measure

from . import tallies

EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)
Z = Decimal("1.959963984540054")


def shown(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.001"), context=EXACT)


def figure(written: str) -> dict[str, object]:
    """What JSON says, to the last digit."""
    found: dict[str, object] = json.loads(f"{{{written}}}", parse_float=Decimal)
    return found


def wilson(a: int, denominator: int) -> tuple[Decimal, Decimal]:
    n, p = Decimal(denominator), EXACT.divide(a, denominator)
    square = EXACT.multiply(Z, Z)
    middle = EXACT.add(p, EXACT.divide(square, 2 * n))
    inner = EXACT.add(EXACT.divide(EXACT.multiply(p, 1 - p), n), EXACT.divide(square, 4 * n * n))
    half = EXACT.multiply(Z, EXACT.sqrt(inner))
    scale = EXACT.add(1, EXACT.divide(square, n))
    return shown(EXACT.divide(EXACT.subtract(middle, half), scale)), shown(EXACT.divide(EXACT.add(middle, half), scale))


groups = st.lists(st.integers(0, 10**4), min_size=5, max_size=5).map(tuple).filter(lambda counts: sum(counts) >= 10)


@given(groups)
@example((1, 0, 0, 0, 9))
@example((0, 0, 0, 0, 99))
def test_a_mean_its_bound_and_its_margin_are_written_as_the_tally_has_them(counts: tuple[int, ...]) -> None:
    tally = tallies.scores(*counts)
    found = figure(members(tally, SCORES))
    interval, bound = tally.mean_interval(SCORES), tally.bound()
    assert (found["n"], found["mean"], found["bound"]) == (tally.n, tally.mean(SCORES), bound and bound.value)
    assert found["confidenceInterval"] == (interval and {"low": interval[0], "high": interval[1]})
    assert found["distribution"] == (list(tally.distribution()) or None)
    assert interval is not None
    margin = EXACT.divide(Z, EXACT.sqrt(Decimal(tally.n)))
    mean = tally.mean(SCORES)
    assert mean is not None
    assert abs(interval[0] - max(mean - margin, Decimal(1))) <= Decimal("0.001")
    assert abs(interval[1] - min(mean + margin, Decimal(5))) <= Decimal("0.001")


ratios = st.integers(1, 10**9).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(ratios)
@example((0, 1))
@example((1, 1))
@example((1, 2000))
@example((3, 2000))
def test_a_share_and_its_interval_are_rounded_from_exact_sums(ratio: tuple[int, int]) -> None:
    tally = PublicTally(numerator=ratio[0], denominator=ratio[1])
    assert tally.share() == shown(EXACT.divide(*map(Decimal, ratio)))
    assert tally.share_interval() == wilson(*ratio)
    found, interval = figure(members(tally, Quantity(Measure.RATIO))), tally.share_interval()
    assert (found["share"], found["numerator"], found["denominator"]) == (tally.share(), *ratio)
    assert found["confidenceInterval"] == (interval and {"low": interval[0], "high": interval[1]})


@pytest.mark.parametrize(("total", "expected"), [(500, "0.000"), (1500, "0.002"), (2500, "0.002"), (-500, "0.000")])
def test_half_goes_to_the_even_thousandth(total: int, expected: str) -> None:
    assert thousandths(rounded(total, 1000)) == Decimal(expected)
