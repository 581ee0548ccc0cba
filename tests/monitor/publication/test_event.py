"""What is told of a public figure: what its measure has, absolute, and nothing when nothing is public."""

import pytest

from services.monitor.figure.cells import PublicCell
from services.monitor.figure.public import NOTHING_PUBLIC, PublicTally
from services.monitor.figure.quantity import SCORES, Quantity
from services.monitor.publication.domain import FigureMove, Publication
from services.monitor.publication.event import EventFigure, event_figure, moved_drafts, moved_event
from services.monitor.publication.threshold import thresholds_of
from services.monitor.settings import MonitorSettings
from shared.contracts.vocabulary import AggregateKind, AreaLevel, Bound, Measure, SourceKind, Theme
from shared.observability.tracing import continue_trace
from shared.outbox.cause import Cause
from tests.records import NOW

from ..figure.tallies import count, ratio, scores

CELL = PublicCell(
    AggregateKind.INDICATOR,
    "verbondenheid",
    SourceKind.DIALOGUE,
    "GM0794",
    "2026-11",
    Theme.CONNECTION,
    AreaLevel.MUNICIPALITY,
)
RATIO, COUNT = Quantity(Measure.RATIO), Quantity(Measure.COUNT)
TEN = scores(0, 0, 3, 3, 4)


@pytest.mark.parametrize(
    ("tally", "measure", "shown"),
    [
        (TEN, SCORES, EventFigure(n=10, mean=4.1)),
        (scores(0, 0, 0, 0, 12), SCORES, EventFigure(n=12, mean=4.8, bound=Bound.HIGHER_THAN)),
        (ratio(12, 40), RATIO, EventFigure(None, None, None, 12, 40, 0.3)),
        (count(30), COUNT, EventFigure(numerator=30)),
        (PublicTally(12, 12), Quantity(Measure.DISTRIBUTION), EventFigure(n=12)),
        (NOTHING_PUBLIC, SCORES, EventFigure()),
        (NOTHING_PUBLIC, COUNT, EventFigure()),
    ],
)
def test_a_figure_shows_what_its_measure_has(tally: PublicTally, measure: Quantity, shown: EventFigure) -> None:
    assert event_figure(tally, measure) == shown


def test_a_move_is_told_with_what_it_was() -> None:
    event = moved_event(FigureMove(CELL, SCORES, TEN, TEN + TEN, 7), 3)
    assert (event.aggregate, event.n, event.previous_n, event.mean, event.version, event.publication) == (
        "indicator.verbondenheid.GM0794.2026-11",
        20,
        10,
        4.1,
        7,
        3,
    )
    assert not event.suppressed


def test_a_figure_that_is_gone_is_told_without_any_number() -> None:
    event = moved_event(FigureMove(CELL, SCORES, TEN, NOTHING_PUBLIC, 8), 4)
    assert (event.suppressed, event.n, event.mean, event.share) == (True, None, None, None)
    assert (event.previous_n, event.previous_mean) == (10, 4.1)


def test_figures_of_two_kinds_of_sources_are_told_apart() -> None:
    survey = moved_event(FigureMove(CELL._replace(source=SourceKind.SURVEY), SCORES, NOTHING_PUBLIC, TEN, 1), 1)
    assert (survey.aggregate, survey.source) == ("indicator.verbondenheid.GM0794.2026-11.survey", SourceKind.SURVEY)


def test_each_move_is_told_in_its_own_measure() -> None:
    moves = [FigureMove(CELL, quantity, NOTHING_PUBLIC, count(12), 1) for quantity in (SCORES, COUNT)]
    cause = Cause(NOW, "test", continue_trace(None))
    told = [draft.event for draft in moved_drafts(Publication(5, moves), lambda _: cause)]
    assert [getattr(event, "measure", None) for event in told] == [Measure.MEAN, Measure.COUNT]


def test_a_kind_of_source_may_have_a_threshold_of_its_own() -> None:
    thresholds = thresholds_of(MonitorSettings(publication_thresholds={SourceKind.GGD: 30}))
    assert (thresholds.of(SourceKind.GGD), thresholds.of(SourceKind.DIALOGUE)) == (30, 10)
