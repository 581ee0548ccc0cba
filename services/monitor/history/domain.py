"""The words of the public log: which figure, which lines count in it, and where a line stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from ..figure.periods import year_of
from ..figure.tally import Tally


class CellKey(NamedTuple):
    """Which public figure. `kind` is indicator or theme, `source` a kind of source, `period` a month, quarter or year.

    Cells sort by their bytes, field by field.
    """

    kind: str
    code: str
    source: str
    area: str
    period: str


class Scope(NamedTuple):
    """Which lines count in one figure. `areas` are codes with spaces between."""

    indicators: list[str]
    source: str
    areas: str
    periods: list[str]


class LogPlace(NamedTuple):
    """A place in the log of moves. `origin` is the import of an observation; empty for a packet, which has a number."""

    publication: int
    origin: str
    entry: int


@dataclass(frozen=True, slots=True)
class LineMove:
    """A line that came (`sign` 1) or went (-1): where and when it is about, what it counts for, and why."""

    place: LogPlace
    at: datetime
    reason: str
    sign: int
    indicator: str
    source: str
    area: str
    period: str
    tally: Tally
    events: tuple[str, ...]

    @property
    def change(self) -> Tally:
        """What it does to every figure around it."""
        return self.tally if self.sign > 0 else -self.tally


@dataclass(frozen=True, slots=True)
class Selection:
    """Which cells; None is any."""

    kind: str | None = None
    code: str | None = None
    source: str | None = None
    area: str | None = None
    period: str | None = None


EVERYTHING = Selection()


def after(publication: int) -> LogPlace:
    """The place past all moves of a publication."""
    return LogPlace(publication + 1, "", 0)


BEGINNING = after(0)


def periods_within(period: str) -> list[str]:
    """The period and all shorter ones in it."""
    year = year_of(period)
    quarters = [f"{year}-Q{quarter}" for quarter in range(1, 5)]
    months = [f"{year}-{month:02}" for month in range(1, 13)]
    if "Q" in period:
        quarter = int(period[-1])
        return [period, *months[3 * quarter - 3 : 3 * quarter]]
    return [period] if len(period) > 4 else [period, *quarters, *months]
