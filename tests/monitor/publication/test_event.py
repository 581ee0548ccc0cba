"""What is told of a public figure: what its measure has, absolute, and nothing when nothing is public."""

import pytest

from services.monitor.figure.cells import PublicCell
from services.monitor.figure.tally import NOTHING, Tally, of_scores
from services.monitor.publication.domain import FigureMove, Publication
from services.monitor.publication.event import EventFigure, event_figure, moved_drafts, moved_event
from services.monitor.publication.threshold import thresholds_of
from services.monitor.settings import MonitorSettings
from shared.contracts.vocabulary import AggregateKind, AreaLevel, Measure, SourceKind, Theme
from shared.observability.tracing import continue_trace
from shared.outbox.cause import Cause
from tests.records import NOW

CELL = PublicCell(
    AggregateKind.INDICATOR,
    "verbondenheid",
    SourceKind.DIALOGUE,
    "GM0794",
    "2026-11",
    Theme.CONNECTION,
    AreaLevel.MUNICIPALITY,
)
TEN = of_scores((0, 0, 3, 3, 4))


@pytest.mark.parametrize(
    ("tally", "measure", "shown"),
    [
        (TEN, Measure.MEAN, EventFigure(n=10, mean=4.1)),
        (Tally(30, 30, numerator=9, denominator=30), Measure.RATIO, EventFigure(30, None, 9, 30, 0.3)),
        (Tally(30, numerator=30), Measure.COUNT, EventFigure(numerator=30)),
        (Tally(12, histogram=(4, 8)), Measure.DISTRIBUTION, EventFigure(n=12)),
        (NOTHING, Measure.MEAN, EventFigure()),
        (NOTHING, Measure.COUNT, EventFigure()),
    ],
)
def test_a_figure_shows_what_its_measure_has(tally: Tally, measure: Measure, shown: EventFigure) -> None:
    assert event_figure(tally, measure) == shown


def test_a_move_is_told_with_what_it_was() -> None:
    event = moved_event(FigureMove(CELL, Measure.MEAN, TEN, TEN + TEN, 7), 3)
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
    event = moved_event(FigureMove(CELL, Measure.MEAN, TEN, NOTHING, 8), 4)
    assert (event.suppressed, event.n, event.mean, event.share) == (True, None, None, None)
    assert (event.previous_n, event.previous_mean) == (10, 4.1)


def test_figures_of_two_kinds_of_sources_are_told_apart() -> None:
    survey = moved_event(FigureMove(CELL._replace(source=SourceKind.SURVEY), Measure.MEAN, NOTHING, TEN, 1), 1)
    assert (survey.aggregate, survey.source) == ("indicator.verbondenheid.GM0794.2026-11.survey", SourceKind.SURVEY)


def test_each_move_is_told_in_its_own_measure() -> None:
    moves = [
        FigureMove(CELL, measure, NOTHING, Tally(12, numerator=12), 1) for measure in (Measure.MEAN, Measure.COUNT)
    ]
    cause = Cause(NOW, "test", continue_trace(None))
    told = [draft.event for draft in moved_drafts(Publication(5, moves), lambda _: cause)]
    assert [getattr(event, "measure", None) for event in told] == [Measure.MEAN, Measure.COUNT]


def test_a_kind_of_source_may_have_a_threshold_of_its_own() -> None:
    thresholds = thresholds_of(MonitorSettings(publication_thresholds={SourceKind.GGD: 30}))
    assert (thresholds.of(SourceKind.GGD), thresholds.of(SourceKind.DIALOGUE)) == (30, 10)
