"""Floats give the thousandths that exact sums give, or nothing."""

from hypothesis import example, given

from services.monitor.figure.rounding import mean_from_floats, share_from_floats
from services.monitor.figure.tally import Tally, of_scores

from .tallies import of_mean
from .test_json import means, ratios, scores


@given(scores | means)
@example(of_scores((1, 1)))
@example(of_mean(4_500, 3, None))
def test_a_mean_from_floats_is_the_exact_one_or_none(tally: Tally) -> None:
    found = mean_from_floats(tally)
    assert found is None or found == tally.mean_in_thousandths()


@given(ratios)
@example((1, 2000))
def test_a_share_from_floats_is_the_exact_one_or_none(ratio: tuple[int, int]) -> None:
    tally = Tally(numerator=ratio[0], denominator=ratio[1])
    found = share_from_floats(tally)
    assert found is None or found == tally.share_in_thousandths()


def test_mostly_floats_are_certain_and_half_a_thousandth_they_leave_to_the_exact_sums() -> None:
    assert mean_from_floats(of_scores((0, 2, 5, 8, 5))) is not None
    assert share_from_floats(Tally(numerator=1, denominator=3)) is not None
    assert mean_from_floats(of_mean(4_500, 3, 500)) is None
    assert share_from_floats(Tally(numerator=1, denominator=2000)) is None
