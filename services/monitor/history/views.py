"""How sums and moves of the public log are answered."""

from datetime import datetime
from decimal import Decimal

from pydantic import Field

from shared.contracts.vocabulary import Bound, SourceKind
from shared.http.bodies import View

from ..figure.public import PublicTally
from ..figure.quantity import Quantity
from ..figure.values import FigureValues, values_of
from .domain import LineMove
from .query import write_place


class Sums(View):
    """What adds up, in whole numbers, and the mean or share that is shown of it; of a change those are null.

    With a `bound` the mean is only known to be lower or higher than `mean`. `histogram` counts answers per class, the
    lowest first; it is empty unless that is public of all `n`.
    """

    respondents: int
    n: int
    mean: float | None
    bound: Bound | None
    numerator: int
    denominator: int
    share: float | None
    histogram: list[int]


class MoveView(View):
    """A line of the public log that came (`sign` 1) or went (-1), and the events that caused it.

    An observation has the `import` that brought it. `reason` is dialogue, withdrawal, observations, learning-key or
    rebuild.
    """

    id: str
    publication: int
    at: datetime
    reason: str
    sign: int
    indicator: str
    source: str
    area: str
    period: str
    sums: Sums
    events: list[str]
    import_: str | None = Field(alias="import")


def sums(tally: PublicTally, quantity: Quantity) -> Sums:
    """A public tally as it is answered."""
    values = values_of(tally, quantity)
    return Sums(
        respondents=tally.respondents,
        n=tally.n,
        mean=_float(values.mean),
        bound=values.bound,
        numerator=tally.numerator,
        denominator=tally.denominator,
        share=_float(values.share),
        histogram=list(values.distribution),
    )


def change_sums(before: PublicTally, after: PublicTally) -> Sums:
    """What came less what went, in whole numbers: a mean of that would say nothing."""
    change = after + -before
    return Sums(
        respondents=change.respondents,
        n=change.n,
        mean=None,
        bound=None,
        numerator=change.numerator,
        denominator=change.denominator,
        share=None,
        histogram=[],
    )


def mean_gap(before: FigureValues, after: FigureValues) -> float | None:
    """The difference between two shown means; None unless there are two, neither of them a bound."""
    return None if before.bound or after.bound else _gap(before.mean, after.mean)


def share_gap(before: FigureValues, after: FigureValues) -> float | None:
    """The difference between two shown shares; None unless there are two."""
    return _gap(before.share, after.share)


def move_view(move: LineMove, quantity: Quantity) -> MoveView:
    """A move as it is answered."""
    return MoveView(**move_members(move, quantity))


def move_members(move: LineMove, quantity: Quantity) -> dict[str, object]:
    """The members of a `MoveView`."""
    return {
        "id": write_place(move.place),
        "publication": move.place.publication,
        "at": move.at,
        "reason": move.reason,
        "sign": move.sign,
        "indicator": move.indicator,
        "source": move.source,
        "area": move.area,
        "period": move.period,
        "sums": sums(move.tally, quantity),
        "events": move.events,
        "import_": move.place.origin or None,
    }


def _gap(before: Decimal | None, after: Decimal | None) -> float | None:
    return None if before is None or after is None else float(after - before)


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


class CutView(View):
    """A moment of publication; `at` is null before the first."""

    publication: int
    at: datetime | None


class ContributionView(MoveView):
    """A line that moved the figure; `running` is the figure after it."""

    running: Sums


class ExplanationView(View):
    """Why a figure went from `start` to `end`: the contributions in order of publication.

    `addsUp` was computed for this answer: the start with all contributions is the end, in every number that is public.
    """

    indicator: str
    area: str
    source: SourceKind
    period: str
    since: CutView = Field(alias="from")
    until: CutView = Field(alias="to")
    start: Sums
    end: Sums
    difference: Sums
    mean_difference: float | None
    share_difference: float | None
    adds_up: bool
    contributions: list[ContributionView]
    next: str | None
