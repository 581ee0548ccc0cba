"""The public log, offered to neighbours: any public figure at any publication is a sum over it.

The only caller of log.sql.
"""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import msgspec

from shared.database import Connection, Record, queries

from ..figure.public import PublicTally
from ..figure.record import public_tally_of
from .domain import BEGINNING, EVERYTHING, CellKey, LineMove, LogPlace, Scope, Selection, after
from .frame import Frame, FrozenArea, FrozenIndicator, FrozenParent

_Q = queries(Path(__file__).with_name("log.sql"))
#: A fold of everything may take minutes; the pool's own patience is for single answers.
_PATIENCE = 900.0
_CHUNK = 1000
_before = msgspec.json.Decoder(tuple[FrozenParent, ...])


async def newest(connection: Connection) -> int:
    """The number of the last publication; 0 when nothing was published.

    Numbers are given out under the lock of the head, held until commit: whoever sees one, sees all up to it.
    """
    number: int = await connection.fetchval(_Q.newest)
    return number


async def present_frame(connection: Connection) -> Frame:
    """The areas and indicators of now."""
    return Frame(
        tuple(_frozen(row) for row in await connection.fetch(_Q.frame_areas)),
        tuple(FrozenIndicator(**row) for row in await connection.fetch(_Q.frame_indicators)),
    )


async def state_at(
    connection: Connection, publication: int, frame: Frame | None = None
) -> AsyncIterator[list[tuple[CellKey, PublicTally]]]:
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
) -> AsyncIterator[list[tuple[CellKey, PublicTally]]]:
    """What each figure gained between two publications, in order, some at a time; not those that stayed as they were.

    In a transaction of the caller's.
    """
    places = [place for place in frame.around() if selection.area in (None, place[1])]
    indicators = None
    if selection.code is not None:  # which may name both an indicator and a theme
        kinds = [selection.kind] if selection.kind else ["indicator", "theme"]
        indicators = [code for kind in kinds for code in frame.indicators_of(kind, selection.code)]
    cursor = await connection.cursor(
        _Q.fold,
        since,
        until,
        [inner for inner, *_ in places],
        [outer for _, outer, *_ in places],
        [indicator.code for indicator in frame.indicators],
        [indicator.theme for indicator in frame.indicators],
        indicators,
        selection.kind,
        selection.source,
        selection.period,
        *(past or (None,) * 5),
        limit,
        selection.code,
        [first for *_, first, _ in places],
        [last for *_, last in places],
        timeout=_PATIENCE,
    )
    while rows := await cursor.fetch(_CHUNK, timeout=_PATIENCE):
        yield [(_cell(row), public_tally_of(row)) for row in rows]


async def figure_between(connection: Connection, scope: Scope, since: LogPlace, until: LogPlace) -> PublicTally:
    """What moved one figure, past a place and up to another, added up by Postgres."""
    row = await connection.fetchrow(_Q.figure_sum, *since, *until, *scope)
    if row is None:
        raise AssertionError("an aggregate always has a row")
    return public_tally_of(row)


async def figure_at(connection: Connection, scope: Scope, publication: int) -> PublicTally:
    """One figure at a publication."""
    return await figure_between(connection, scope, BEGINNING, after(publication))


async def figure_moves(connection: Connection, scope: Scope, past: LogPlace, until: int, limit: int) -> list[LineMove]:
    """What moved one figure, past a place and up to a publication, in order."""
    rows = await connection.fetch(_Q.figure_moves, *past, until, *scope, limit)
    return [_move(row) for row in rows]


async def moves(connection: Connection, past: LogPlace, until: int, limit: int) -> list[LineMove]:
    """Every move past a place and up to a publication, in order."""
    return [_move(row) for row in await connection.fetch(_Q.moves, *past, until, limit)]


async def live(connection: Connection, cell: CellKey) -> tuple[PublicTally, int] | None:
    """A figure as `published` has it, and the publication that moved it last; None when it never moved."""
    row = await connection.fetchrow(_Q.live, *cell)
    return None if row is None else (public_tally_of(row), row["publication"])


async def newest_year(connection: Connection, kind: str, code: str, source: str, area: str) -> str | None:
    """The newest year for which a figure is public."""
    year: str | None = await connection.fetchval(_Q.newest_year, kind, code, source, area)
    return year


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
        public_tally_of(row),
        tuple(row["events"]),
    )


async def at_moment(connection: Connection, moment: datetime) -> int:
    """The newest publication at or before a moment; 0 when there is none."""
    number: int = await connection.fetchval(_Q.at_moment, moment)
    return number


async def of_edition(connection: Connection, edition: str) -> int | None:
    """The publication at which an edition was cut; None when there is no such edition."""
    number: int | None = await connection.fetchval(_Q.publication_of_edition, edition)
    return number


async def moment_of(connection: Connection, publication: int) -> datetime | None:
    """When a publication was made; None before the first."""
    moment: datetime | None = await connection.fetchval(_Q.moment_of, publication)
    return moment


def _frozen(row: Record) -> FrozenArea:
    return FrozenArea(**{**row, "before": _before.decode(row["before"])})
