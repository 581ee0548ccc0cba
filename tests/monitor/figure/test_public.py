"""What may be published of a group, whatever the group: the rules of decision 23, one by one."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from services.monitor.figure.public import NOTHING_PUBLIC, PublicTally, publishable
from services.monitor.figure.quantity import SCORES, Quantity, quantity_of
from services.monitor.figure.tally import MILLION, Tally, of_scores
from shared.contracts.vocabulary import Bound, Measure

THRESHOLD = 10
STEP = MILLION // 10
RATIO, COUNT = Quantity(Measure.RATIO), Quantity(Measure.COUNT)

scores = st.lists(st.integers(0, 60), min_size=5, max_size=5).map(tuple)


def of(*counts: int) -> PublicTally | None:
    """What may be published of a dialogue in which so many people gave each score."""
    return publishable(of_scores(counts), SCORES, THRESHOLD)


def ratio(numerator: int, denominator: int) -> PublicTally | None:
    return publishable(Tally(denominator, numerator=numerator, denominator=denominator), RATIO, THRESHOLD)


def count(number: int, of_all: int = 0) -> PublicTally | None:
    return publishable(Tally(number, numerator=number, denominator=of_all), COUNT, THRESHOLD)


@given(scores)
def test_of_fewer_than_the_threshold_nothing_is_said(counts: Sequence[int]) -> None:
    assert (of(*counts) is None) == (sum(counts) < THRESHOLD)


@given(scores)
def test_of_fewer_than_a_hundred_answers_only_their_number_and_a_mean_on_the_grid(counts: Sequence[int]) -> None:
    public = of(*counts)
    if public is None or public.n >= 100:
        return
    exact = of_scores(tuple(counts))
    mean = public.total // public.n
    assert public.total == mean * public.n and mean % STEP == 0
    assert MILLION + 2 * STEP <= mean <= 5 * MILLION - 2 * STEP
    assert public.histogram == () and public.detailed_n == 0
    assert public.bound() is not None or 2 * abs(public.total - exact.total) <= STEP * exact.n


def test_a_group_that_answered_nearly_alike_gets_a_bound() -> None:
    low, high, near = of(12, 0, 0, 0, 0), of(0, 0, 0, 0, 12), of(11, 1, 0, 0, 0)
    assert low == near, "who it was that answered otherwise does not show"
    assert low is not None and (low.bound(), low.total) == (Bound.LOWER_THAN, 12 * (MILLION + 2 * STEP))
    assert high is not None and (high.bound(), high.total) == (Bound.HIGHER_THAN, 12 * (5 * MILLION - 2 * STEP))


def test_of_few_no_mean_is_said_that_only_one_set_of_answers_has() -> None:
    """Everyone at an end, or all but one at it: the only answers that follow from n and their sum."""
    for n in range(THRESHOLD, 100):
        assert of(n, 0, 0, 0, 0) == of(n - 1, 1, 0, 0, 0)
        assert of(0, 0, 0, 0, n) == of(0, 0, 0, 1, n - 1)


def test_a_hundred_that_answered_nearly_alike_get_the_same_bound_and_no_classes() -> None:
    near, alike = of(99, 1, 0, 0, 0), of(0, 0, 0, 0, 101)
    assert near == PublicTally(100, 100, 120 * MILLION, low_n=100)
    assert alike is not None and (alike.bound(), alike.distribution()) == (Bound.HIGHER_THAN, ())


def test_no_classes_when_all_but_a_few_are_in_one() -> None:
    middle = of(0, 0, 120, 0, 0)
    assert middle is not None and middle.distribution() == ()


def test_on_a_short_scale_answers_follow_from_a_mean() -> None:
    assert [quantity_of(Measure.MEAN, f"score-0-{high}").too_short for high in (1, 2, 3)] == [True, True, False]
    ten = [publishable(Tally(10, 10, above * MILLION), quantity_of(Measure.MEAN, "score-0-3"), 10) for above in (0, 1)]
    assert ten[0] == ten[1]


def test_of_a_hundred_the_mean_is_in_thousandths_with_its_classes_unless_one_is_of_a_few() -> None:
    public, few = of(20, 21, 22, 23, 24), of(20, 21, 22, 3, 44)
    assert public is not None and public.distribution() == (20, 21, 22, 23, 24)
    assert public.mean(SCORES) is not None and public.total % 1000 == 0
    assert few is not None and few.distribution() == () and few.n == 110


def test_ten_people_of_whom_sum_and_squares_would_give_each_answer() -> None:
    assert of(1, 0, 0, 0, 9) == PublicTally(10, 10, 46 * MILLION)
    assert of(1, 0, 0, 0, 9) == of(0, 0, 0, 4, 6), "many groups look the same"


def test_a_ratio_is_said_when_both_halves_reach_the_threshold() -> None:
    assert [part for part in range(41) if ratio(part, 40) is not None] == list(range(10, 31))


def test_a_count_is_said_when_it_reaches_the_threshold_itself() -> None:
    assert count(3, 1000) is None and count(9) is None and count(995, 1000) is None
    assert count(10) == PublicTally(10, numerator=10)


def test_a_unit_without_ends_has_no_mean_of_few() -> None:
    euros = quantity_of(Measure.MEAN, "euro")
    assert publishable(Tally(99, 99, 99 * MILLION), euros, THRESHOLD) is None
    assert publishable(Tally(100, 100, 100 * MILLION), euros, THRESHOLD) is not None


@given(st.lists(scores, max_size=6))
def test_public_parts_add_and_take_back(groups: list[Sequence[int]]) -> None:
    parts = [public for counts in groups if (public := of(*counts)) is not None]
    total = sum(parts, NOTHING_PUBLIC)
    for part in parts:
        total += -part
    assert not total


@given(scores, scores)
def test_a_sum_shows_no_more_than_its_parts(one: Sequence[int], other: Sequence[int]) -> None:
    first, second = of(*one), of(*other)
    if first is None or second is None:
        return
    total = first + second
    assert bool(total.distribution()) == bool(first.distribution() and second.distribution())
    if total.n < 100:
        mean = total.mean_in_thousandths(SCORES)
        assert mean is not None and mean % 100 == 0
    interval = total.mean_interval(SCORES)
    assert interval is not None and 1 <= interval[0] <= interval[1] <= 5


def test_a_margin_says_nothing_of_how_a_group_answered() -> None:
    alike, apart = of(0, 0, 40, 0, 0), of(20, 0, 0, 0, 20)
    assert alike is not None and apart is not None
    assert alike.mean_interval(SCORES) == apart.mean_interval(SCORES)
