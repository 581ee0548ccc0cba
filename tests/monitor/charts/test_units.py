"""Whatever unit is accepted, no figure in it breaks what shows it: at the ends of what can be counted too."""

from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.monitor.charts.tilemap import CLASSES, tile_map
from services.monitor.charts.tiles import TILES
from services.monitor.charts.trend import TrendPoint, trend
from services.monitor.figure.estimate import END, FINEST, estimate, format_value
from services.monitor.figure.json import members
from services.monitor.figure.public import PublicTally, publishable
from services.monitor.figure.quantity import Quantity, quantity_of
from services.monitor.figure.tally import MILLION, Tally
from services.monitor.figure.values import values_of
from services.monitor.pages.words import measured
from shared.contracts.vocabulary import Measure
from shared.text import LONGEST_NAME, UnfitText
from shared.unit import HIGHEST, LOWEST, clean_unit, scale_of

#: No figure is more: a thousand rows with the largest number that a file may have.
_MOST = 10**15
_ENDS = st.tuples(st.integers(LOWEST, HIGHEST), st.integers(LOWEST, HIGHEST)).filter(lambda ends: ends[0] < ends[1])
_SCALES = _ENDS.map(lambda ends: f"score-{ends[0]}-{ends[1]}")
_UNITS = st.one_of(_SCALES, st.sampled_from(["percentage", "percent", "count", "uren", "m" * LONGEST_NAME]))
_NUMBERS = st.one_of(st.sampled_from([10, 99, 100, _MOST - 1, _MOST]), st.integers(10, _MOST))


@st.composite
def figures(draw: st.DrawFn) -> tuple[str, Quantity, list[PublicTally]]:
    """A unit and what may be published in it: values at its ends and between, of few and of very many."""
    unit = draw(_UNITS)
    quantity = quantity_of(draw(st.sampled_from(Measure)), unit)
    made = []
    for n in draw(st.lists(_NUMBERS, min_size=1, max_size=8)):
        low = -_MOST * MILLION if quantity.low is None else quantity.low
        high = _MOST * MILLION if quantity.high is None else quantity.high
        value = draw(st.one_of(st.sampled_from([low, high]), st.integers(low, high)))
        part = draw(st.integers(0, n))
        classes = min((high - low) // MILLION + 1, HIGHEST - LOWEST + 1)
        exact = Tally(n, n, value * n, 0, 0, part, n, (n, *[0] * (classes - 2), n))
        if (public := publishable(exact, quantity, 10)) is not None:
            made += [public, public + public]
    return unit, quantity, made


@given(figures())
def test_every_figure_in_every_accepted_unit_is_told_written_mapped_and_drawn(
    made: tuple[str, Quantity, list[PublicTally]],
) -> None:
    unit, quantity, tallies = made
    assert clean_unit(unit) == unit and measured(quantity.measure, unit)
    measure = quantity.measure
    estimates = [estimate(quantity, tally) for tally in tallies]
    for tally, found in zip(tallies, estimates, strict=True):
        assert members(tally, quantity) and values_of(tally, quantity).n == (tally.n or None)
        assert all(format_value(measure, value) for value in (found.value, found.low, found.high))
    values = {code: found.value for code, found in zip(TILES, estimates, strict=False) if found.value is not None}
    drawn = tile_map(TILES, values, FINEST[measure], END.get(measure))
    assert all(0 <= square.grade <= CLASSES for square in drawn.squares)
    for label in ("2019", "K1 2019", "mrt 2019"):
        points = [TrendPoint(str(n), label, one.value, one.low, one.high) for n, one in enumerate(estimates)]
        line = trend(points, FINEST[measure], partial(format_value, measure), END.get(measure))
        for dot in line.dots if line else ():
            assert line is not None and line.left <= dot.x <= line.right and line.top <= dot.y <= line.bottom


@pytest.mark.parametrize(
    "unit",
    [
        f"score-1-{'9' * 190}", "score-1-101", "score-5-1", "score-0-0", "score-3-3", "score-01-5", "score-1-٥",
        "score-٠-٩", "score-1-5-7", "score-1", "score--5", "score-", "Score-1-5", "score -1-5", "score–1–5",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_scale_is_no_unit_and_has_no_ends(unit: str) -> None:
    with pytest.raises(UnfitText, match="een schaal schrijft u als score-1-5"):
        clean_unit(unit)
    assert scale_of(unit) is None
    assert quantity_of(Measure.MEAN, unit) == Quantity(Measure.MEAN)


def test_edges_hold_the_largest_figures() -> None:
    far = Decimal(_MOST) * 2
    assert tile_map(TILES, {"GM0794": -far, "GM0772": far}).legend[-1].high >= far
