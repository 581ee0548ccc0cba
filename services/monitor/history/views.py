"""How sums and moves of the public log are answered."""

from datetime import datetime
from decimal import Decimal

from pydantic import Field

from shared.contracts.vocabulary import SourceKind
from shared.http.bodies import View

from ..figure.tally import Tally
from .domain import LineMove
from .query import write_place


class Sums(View):
    """What adds up, in whole numbers, and what follows from it. `sumMillionths` is of all `n` values."""

    respondents: int
    n: int
    sum_millionths: int
    numerator: int
    denominator: int
    histogram: list[int]
    mean: float | None
    share: float | None


class MoveView(View):
    """A line of the public log that came (`sign` 1) or went (-1), and the events that caused it.

    An observation has its `import` and line in it. `reason` is dialogue, withdrawal, observations, learning-key or
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
    line: int | None


def sums(tally: Tally) -> Sums:
    """A tally as it is answered."""
    return Sums(
        respondents=tally.respondents,
        n=tally.n,
        sum_millionths=tally.total,
        numerator=tally.numerator,
        denominator=tally.denominator,
        histogram=list(tally.histogram),
        mean=_float(tally.mean()),
        share=_float(tally.share()),
    )


def gap(before: Decimal | None, after: Decimal | None) -> float | None:
    """The difference between two shown values; None unless there are two."""
    return None if before is None or after is None else float(after - before)


def move_view(move: LineMove) -> MoveView:
    """A move as it is answered."""
    return MoveView(**move_members(move))


def move_members(move: LineMove) -> dict[str, object]:
    """The members of a `MoveView`."""
    imported = move.place.origin or None
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
        "sums": sums(move.tally),
        "events": move.events,
        "import_": imported,
        "line": move.place.entry if imported else None,
    }


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

    `sumsExactly` was computed for this answer: the start with all contributions is the end, to the last digit.
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
    sums_exactly: bool
    contributions: list[ContributionView]
    next: str | None
