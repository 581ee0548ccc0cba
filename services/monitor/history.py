"""The public figures at any moment of publication, and what moved them: all sums of one log of moves."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import msgspec

from shared.database import Connection, Record, queries

from .periods import year_of
from .publishing import tally_of
from .tally import Tally

Q = queries(Path(__file__).parent / "sql" / "history.sql")
#: A fold of everything may take minutes; the pool's own patience is for single answers.
_PATIENCE = 900.0
_CHUNK = 1000


class CellKey(NamedTuple):
    """Which public figure. `kind` is indicator or theme, `source` a kind of source, `period` a month, quarter or year.

    Cells sort by their bytes, field by field.
    """

    kind: str
    code: str
    source: str
    area: str
    period: str


class FrozenArea(msgspec.Struct, frozen=True, rename="camel"):
    """An area as it was when a frame was taken."""

    code: str
    name: str
    level: str
    parent: str | None
    valid_from: date
    valid_until: date | None


class FrozenIndicator(msgspec.Struct, frozen=True, rename="camel"):
    """An indicator as it was when a frame was taken."""

    code: str
    name_nl: str
    name_en: str
    theme: str
    resource_family: str
    unit: str
    direction: str
    measure: str
    owner: str


class Frame(msgspec.Struct, frozen=True, dict=True):
    """What lines are added up in: the areas, each in its parent, and the indicators of themes."""

    areas: tuple[FrozenArea, ...]
    indicators: tuple[FrozenIndicator, ...]

    @cached_property
    def area_codes(self) -> frozenset[str]:
        """Every area that it knows."""
        return frozenset(area.code for area in self.areas)

    @cached_property
    def indicator_codes(self) -> frozenset[str]:
        """Every indicator that it knows."""
        return frozenset(indicator.code for indicator in self.indicators)

    @cached_property
    def _below(self) -> Mapping[str | None, Sequence[str]]:
        below: dict[str | None, list[str]] = {}
        for area in self.areas:
            below.setdefault(area.parent, []).append(area.code)
        return below

    def around(self) -> list[tuple[str, str]]:
        """Every area with itself and each area above it."""
        parents = {area.code: area.parent for area in self.areas}
        pairs = []
        for area in parents:
            above: str | None = area
            while above is not None:
                pairs.append((area, above))
                above = parents[above]
        return pairs

    def within(self, area: str) -> list[str]:
        """The area and all below it."""
        found = [area]
        for code in found:  # grows while we go
            found += self._below.get(code, ())
        return found

    def indicators_of(self, kind: str, code: str) -> list[str]:
        """The indicators that count in a figure."""
        return [code] if kind == "indicator" else [one.code for one in self.indicators if one.theme == code]


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


async def newest(connection: Connection) -> int:
    """The number of the last publication; 0 when nothing was published.

    Numbers are given out under the lock of the head, held until commit: whoever sees one, sees all up to it.
    """
    number: int = await connection.fetchval(Q.newest)
    return number


async def present_frame(connection: Connection) -> Frame:
    """The areas and indicators of now."""
    return Frame(
        tuple(FrozenArea(**row) for row in await connection.fetch(Q.frame_areas)),
        tuple(FrozenIndicator(**row) for row in await connection.fetch(Q.frame_indicators)),
    )


async def state_at(
    connection: Connection, publication: int, frame: Frame | None = None
) -> AsyncIterator[list[tuple[CellKey, Tally]]]:
    """Every public figure at a publication, in order, some at a time: what `published` held then. In a transaction."""
    frame = frame or await present_frame(connection)
    async for cells in changes(connection, 0, publication, frame):
        yield cells


async def changes(
    connection: Connection,
    since: int,
    until: int,
    frame: Frame,
    selection: Selection = EVERYTHING,
    past: CellKey | None = None,
    limit: int | None = None,
) -> AsyncIterator[list[tuple[CellKey, Tally]]]:
    """What each figure gained between two publications, in order, some at a time; not those that stayed as they were.

    In a transaction of the caller's.
    """
    places = [pair for pair in frame.around() if selection.area in (None, pair[1])]
    indicators = None
    if selection.code is not None:  # which may name both an indicator and a theme
        kinds = [selection.kind] if selection.kind else ["indicator", "theme"]
        indicators = [code for kind in kinds for code in frame.indicators_of(kind, selection.code)]
    cursor = await connection.cursor(
        Q.fold,
        since,
        until,
        [inner for inner, _ in places],
        [outer for _, outer in places],
        [indicator.code for indicator in frame.indicators],
        [indicator.theme for indicator in frame.indicators],
        indicators,
        selection.kind,
        selection.source,
        selection.period,
        *(past or (None,) * 5),
        limit,
        selection.code,
        timeout=_PATIENCE,
    )
    while rows := await cursor.fetch(_CHUNK, timeout=_PATIENCE):
        yield [(_cell(row), tally_of(row)) for row in rows]


def scope_of(cell: CellKey, frame: Frame) -> Scope:
    """The lines of a figure: of all areas and periods within its own."""
    return Scope(
        frame.indicators_of(cell.kind, cell.code),
        cell.source,
        " ".join(frame.within(cell.area)),
        periods_within(cell.period),
    )


async def figure_between(connection: Connection, scope: Scope, since: LogPlace, until: LogPlace) -> Tally:
    """What moved one figure, past a place and up to another, added up by Postgres."""
    row = await connection.fetchrow(Q.figure_sum, *since, *until, *scope)
    if row is None:
        raise AssertionError("an aggregate always has a row")
    return tally_of(row)


async def figure_at(connection: Connection, scope: Scope, publication: int) -> Tally:
    """One figure at a publication."""
    return await figure_between(connection, scope, BEGINNING, after(publication))


async def figure_moves(connection: Connection, scope: Scope, past: LogPlace, until: int, limit: int) -> list[LineMove]:
    """What moved one figure, past a place and up to a publication, in order."""
    rows = await connection.fetch(Q.figure_moves, *past, until, *scope, limit)
    return [_move(row) for row in rows]


async def moves(connection: Connection, past: LogPlace, until: int, limit: int) -> list[LineMove]:
    """Every move past a place and up to a publication, in order."""
    return [_move(row) for row in await connection.fetch(Q.moves, *past, until, limit)]


async def live(connection: Connection, cell: CellKey) -> tuple[Tally, int] | None:
    """A figure as `published` has it, and the publication that moved it last; None when it never moved."""
    row = await connection.fetchrow(Q.live, *cell)
    return None if row is None else (tally_of(row), row["publication"])


async def newest_year(connection: Connection, kind: str, code: str, source: str, area: str) -> str | None:
    """The newest year for which a figure is public."""
    year: str | None = await connection.fetchval(Q.newest_year, kind, code, source, area)
    return year


def periods_within(period: str) -> list[str]:
    """The period and all shorter ones in it."""
    year = year_of(period)
    quarters = [f"{year}-Q{quarter}" for quarter in range(1, 5)]
    months = [f"{year}-{month:02}" for month in range(1, 13)]
    if "Q" in period:
        quarter = int(period[-1])
        return [period, *months[3 * quarter - 3 : 3 * quarter]]
    return [period] if len(period) > 4 else [period, *quarters, *months]


def _cell(row: Record) -> CellKey:
    return CellKey(row["kind"], row["code"], row["source"], row["area"], row["period"])


def _move(row: Record) -> LineMove:
    reason = row["reason"]
    return LineMove(
        LogPlace(row["publication"], row["origin"], row["entry"]),
        row["at"],
        # Of a dialogue that leaves, only a withdrawal is the cause.
        "withdrawal" if row["sign"] < 0 and reason == "dialogue" else reason,
        row["sign"],
        row["indicator"],
        row["source"],
        row["area"],
        row["period"],
        tally_of(row),
        tuple(row["events"]),
    )
