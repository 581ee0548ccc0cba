"""How sums and moves of the public log are answered."""

import re
from datetime import datetime
from decimal import Decimal

from pydantic import Field

from shared.http.bodies import View
from shared.refusals import Invalid

from .history import LineMove, LogPlace
from .tally import Tally

_PLACE = re.compile(r"(\d{1,18})\.([\x21-\x7e]*)\.(\d{1,18})", re.ASCII)


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


def write_place(place: LogPlace) -> str:
    """A place as a cursor."""
    return f"{place.publication}.{place.origin}.{place.entry}"


def read_place(cursor: str | None, since: int, until: int) -> LogPlace | None:
    """The place that a cursor names, between two publications. Raises Invalid when it is not one of ours."""
    if cursor is None:
        return None
    found = _PLACE.fullmatch(cursor)
    if found is None or not since < int(found[1]) <= until:
        raise invalid_cursor()
    return LogPlace(int(found[1]), found[2], int(found[3]))


def invalid_cursor() -> Invalid:
    """The cursor is not one of this list."""
    return Invalid("invalid-cursor", "after is geen cursor van deze lijst: neem de waarde van next over.")


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
