"""What a finding says of its amounts."""

from services.finance.findings.domain import difference


def test_a_difference_is_computed_minus_stated_and_unknown_when_either_is() -> None:
    assert difference(2_099_021_00, 2_133_000_00) == 33_979_00
    assert difference(1_120_372_00, 1_066_000_00) == -54_372_00
    assert (difference(None, 1), difference(1, None), difference(None, None)) == (None, None, None)
