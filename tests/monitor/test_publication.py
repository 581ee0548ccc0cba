"""What leaves the monitor: never a figure of fewer respondents than the threshold."""

from services.monitor.domain import NOTHING, Cell, figure_of
from services.monitor.figures import Moved
from services.monitor.publication import moved_event, publish
from shared.contracts.vocabulary import AggregateKind, AreaLevel, Theme

CELL = Cell(AggregateKind.INDICATOR, "verbondenheid", Theme.CONNECTION, AreaLevel.MUNICIPALITY, "GM0794", "2026-11")
NINE = figure_of((0, 0, 3, 3, 3))
TEN = figure_of((0, 0, 3, 3, 4))


def test_a_figure_below_the_threshold_is_suppressed_whole() -> None:
    assert publish(NINE, 10).suppressed
    assert (publish(NINE, 10).n, publish(NINE, 10).mean, publish(NINE, 10).standard_deviation) == (None, None, None)


def test_two_answers_of_the_same_few_people_stay_suppressed() -> None:
    assert NINE.beside(NINE).n == 18
    assert publish(NINE.beside(NINE), 10).suppressed


def test_a_figure_at_the_threshold_is_published() -> None:
    published = publish(TEN, 10)
    assert (published.suppressed, published.n, published.mean) == (False, 10, 4.1)
    assert published.standard_deviation == 0.831


def test_an_empty_figure_is_published_as_empty() -> None:
    assert (publish(NOTHING, 10).suppressed, publish(NOTHING, 10).n, publish(NOTHING, 10).mean) == (False, 0, None)


def test_a_move_is_told_with_what_it_was() -> None:
    event = moved_event(Moved(CELL, TEN, TEN + TEN, 7), 10)
    assert event is not None
    assert (event.aggregate, event.n, event.previous_n, event.mean, event.version) == (
        "indicator.verbondenheid.GM0794.2026-11",
        20,
        10,
        4.1,
        7,
    )


def test_a_move_within_suppression_is_not_told() -> None:
    smaller = figure_of((0, 0, 1, 1, 1))
    assert moved_event(Moved(CELL, smaller, NINE, 2), 10) is None


def test_falling_below_the_threshold_is_told_without_a_figure() -> None:
    event = moved_event(Moved(CELL, TEN, NINE, 3), 10)
    assert event is not None
    assert (event.suppressed, event.n, event.mean) == (True, None, None)
