"""The event of a public figure that moved: sums of packets, see docs/decisions/0010."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from shared.contracts.monitor import AggregateMoved
from shared.contracts.vocabulary import Bound, Measure
from shared.outbox import Draft
from shared.outbox.cause import Cause

from ..figure.cells import PublicCell, aggregate_id
from ..figure.public import PublicTally
from ..figure.quantity import Quantity
from .domain import FigureMove, Publication


@dataclass(frozen=True, slots=True)
class EventFigure:
    """A public figure as its indicator's measure has it; what that does not have is None. 3 decimals."""

    n: int | None = None
    mean: float | None = None
    bound: Bound | None = None
    numerator: int | None = None
    denominator: int | None = None
    share: float | None = None


def event_figure(tally: PublicTally, quantity: Quantity) -> EventFigure:
    """All None for nothing: that nothing is public says nothing of what waits."""
    if not tally:
        return EventFigure()
    share, mean = tally.share(), tally.mean(quantity)
    match quantity.measure:
        case Measure.MEAN:
            return EventFigure(n=tally.n, mean=None if mean is None else float(mean), bound=tally.bound())
        case Measure.RATIO:
            return EventFigure(
                n=tally.n or None,
                numerator=tally.numerator,
                denominator=tally.denominator,
                share=None if share is None else float(share),
            )
        case Measure.COUNT:
            return EventFigure(numerator=tally.numerator)
        case Measure.DISTRIBUTION:
            return EventFigure(n=tally.n)


def moved_event(move: FigureMove, publication: int) -> AggregateMoved:
    """What to tell of a move."""
    cell, quantity = move.cell, move.quantity
    before, after = event_figure(move.before, quantity), event_figure(move.after, quantity)
    return AggregateMoved(
        aggregate=aggregate_id(cell),
        of=cell.kind,
        code=cell.code,
        theme=cell.theme,
        level=cell.level,
        area=cell.area,
        period=cell.period,
        suppressed=not move.after,
        n=after.n,
        mean=after.mean,
        bound=after.bound,
        previous_n=before.n,
        previous_mean=before.mean,
        version=move.version,
        source=cell.source,
        measure=quantity.measure,
        numerator=after.numerator,
        denominator=after.denominator,
        share=after.share,
        publication=publication,
    )


def moved_drafts(publication: Publication, cause_of: Callable[[PublicCell], Cause]) -> Iterable[Draft]:
    """An event for each cell that a publication moved."""
    for move in publication.moved:
        yield Draft(moved_event(move, publication.number), cause_of(move.cell))
