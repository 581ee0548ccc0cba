"""Floats give the thousandths that exact sums give, or nothing."""

import pytest
from hypothesis import example, given

from services.monitor.figure.public import PublicTally
from services.monitor.figure.rounding import share_from_floats
from services.monitor.figure.tally import share_interval_in_thousandths

from .test_json import ratios


@pytest.mark.twin_of("services.monitor.figure.rounding")
@given(ratios)
@example((1, 2000))
def test_a_share_from_floats_is_the_exact_one_or_none(ratio: tuple[int, int]) -> None:
    tally = PublicTally(numerator=ratio[0], denominator=ratio[1])
    found = share_from_floats(tally)
    assert found is None or found == (tally.share_in_thousandths(), share_interval_in_thousandths(*ratio))


def test_mostly_floats_are_certain_and_half_a_thousandth_they_leave_to_the_exact_sums() -> None:
    assert share_from_floats(PublicTally(numerator=1, denominator=3)) is not None
    assert share_from_floats(PublicTally(numerator=1, denominator=2000)) is None
