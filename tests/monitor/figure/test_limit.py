"""What is held against a value of which only a bound is known: the answer holds for every value that it may be."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from services.monitor.figure.limit import KnownValue, Limit, known_value, reaches, subtract
from services.monitor.figure.quantity import SCORES, Quantity
from shared.contracts.vocabulary import Bound, Measure

from .tallies import count, ratio, scores

numbers = st.integers(-20, 20).map(Fraction)
values = numbers | st.builds(Limit, numbers, st.sampled_from(Bound))


def possible(value: KnownValue) -> list[Fraction]:
    """What it may be, as far as these tests look."""
    if not isinstance(value, Limit):
        return [value]
    sign = -1 if value.bound is Bound.LOWER_THAN else 1
    return [value.value + sign * Fraction(step, 2) for step in (1, 2, 5, 20, 60, 200)]


@given(values, numbers, st.booleans(), st.booleans())
def test_what_is_said_of_an_edge_holds_for_all_it_may_be(
    value: KnownValue, edge: Fraction, at_most: bool, beyond: bool
) -> None:
    def one(number: Fraction) -> bool:
        return (not beyond) if number == edge else (number < edge) is at_most

    answers = {one(number) for number in possible(value)}
    assert reaches(value, edge, at_most=at_most, beyond=beyond) is (answers.pop() if len(answers) == 1 else None)


@given(values, values)
def test_a_difference_is_all_it_may_be(one: KnownValue, other: KnownValue) -> None:
    gaps = {a - b for a in possible(one) for b in possible(other)}
    found = subtract(one, other)
    if found is None:
        assert min(gaps) < -50 and max(gaps) > 50
    elif isinstance(found, Limit):
        assert all(gap < found.value if found.bound is Bound.LOWER_THAN else gap > found.value for gap in gaps)
    else:
        assert gaps == {found}


def test_the_value_of_a_public_tally_is_what_its_measure_has() -> None:
    assert known_value(scores(0, 0, 10, 0, 0), SCORES) == Fraction(3)
    assert known_value(scores(0, 0, 0, 0, 10), SCORES) == Limit(Fraction(48, 10), Bound.HIGHER_THAN)
    assert known_value(ratio(10, 30), Quantity(Measure.RATIO)) == Fraction(1, 3)
    assert known_value(count(12), Quantity(Measure.COUNT)) == 12
    assert known_value(scores(1, 8, 9, 1, 1), Quantity(Measure.DISTRIBUTION)) is None
