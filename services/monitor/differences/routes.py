"""`GET …/editions/{a}/differences/{b}`: what changed between two editions, and which events caused it."""

from collections.abc import Iterable
from functools import partial
from typing import Annotated, BinaryIO
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from shared.contracts.vocabulary import AggregateKind, SourceKind
from shared.http.request_state import pool_of

from .. import download
from ..editions.bodies import EditionId
from ..editions.views import MEDIA
from ..figure.tally import Tally
from ..history import domain, log
from ..history.domain import CellKey, LineMove, Selection
from ..history.query import AfterMove, PeriodText, invalid_cursor, read_place, write_place
from ..history.views import gap, move_view, sums
from . import difference
from .difference import CellChange, Pair
from .views import Difference, Differences, Lines

router = APIRouter(prefix="/monitor/v1", tags=["monitor"])
CodeFilter = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9-]{1,64}$")]

_CELL_COLUMNS = (
    "kind,code,source,area,period,n_before,n_after,mean_before,mean_after,numerator_before,numerator_after,"
    "denominator_before,denominator_after,share_before,share_after,total_millionths_before,total_millionths_after"
)
_LINE_COLUMNS = (
    "publication,at,reason,sign,import,line,indicator,source,area,period,respondents,n,total_millionths,numerator,"
    "denominator,histogram,events"
)


@router.get("/editions/{older}/differences/{newer}.csv", response_class=Response)
async def get_differences_csv(request: Request, older: EditionId, newer: EditionId) -> Response:
    """All figures that changed, as CSV."""
    between = await _pair(request, older, newer)
    return await download.make(partial(_write_cells, request, between), MEDIA["csv"], f"verschil-{older}-{newer}.csv")


@router.get("/editions/{older}/differences/{newer}/lines.csv", response_class=Response)
async def get_difference_lines_csv(request: Request, older: EditionId, newer: EditionId) -> Response:
    """All lines that came or went, as CSV."""
    between = await _pair(request, older, newer)
    return await download.make(
        partial(_write_lines, request, between), MEDIA["csv"], f"verschil-{older}-{newer}-regels.csv"
    )


@router.get("/editions/{older}/differences/{newer}/lines")
async def list_difference_lines(
    request: Request,
    older: EditionId,
    newer: EditionId,
    after: AfterMove = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Lines:
    """The lines that came or went between two editions."""
    async with pool_of(request).acquire() as connection:
        since, until = (await difference.pair(connection, older, newer)).span
        start = read_place(after, since, until) or domain.after(since)
        found = await log.moves(connection, start, until, limit + 1)
    return Lines(
        older=older,
        newer=newer,
        items=[move_view(move) for move in found[:limit]],
        next=write_place(found[limit - 1].place) if len(found) > limit else None,
    )


@router.get("/editions/{older}/differences/{newer}")
async def list_differences(
    request: Request,
    older: EditionId,
    newer: EditionId,
    kind: AggregateKind | None = None,
    code: CodeFilter = None,
    source: SourceKind | None = None,
    area: CodeFilter = None,
    period: PeriodText = None,
    after: AfterMove = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> Differences:
    """The figures that are not the same in two editions."""
    selection = Selection(kind, code, source, area, period)
    past = _read_cell(after)
    async with pool_of(request).acquire() as connection, connection.transaction(readonly=True):
        between = await difference.pair(connection, older, newer)
        found = await difference.page(connection, between, selection, past, limit + 1)
    page = found[:limit]
    return Differences(
        older=older,
        newer=newer,
        sums_exactly=all(change.exact for change in page),
        items=[_difference(change, between) for change in page],
        next=".".join(page[-1].cell) if len(found) > limit else None,
    )


def _difference(change: CellChange, between: Pair) -> Difference:
    cell, before, then = change.cell, change.before, change.after
    query = urlencode(
        {
            "from": between.older.head.edition,
            "to": between.newer.head.edition,
            "source": cell.source,
            "period": cell.period,
        }
    )
    path = f"/monitor/v1/indicators/{cell.code}/areas/{cell.area}/explanation"
    return Difference(
        kind=AggregateKind(cell.kind),
        code=cell.code,
        source=SourceKind(cell.source),
        area=cell.area,
        period=cell.period,
        before=sums(before),
        after=sums(then),
        change=sums(then + -before),
        mean_difference=gap(before.mean(), then.mean()),
        share_difference=gap(before.share(), then.share()),
        explanation=f"{path}?{query}" if cell.kind == "indicator" else None,
    )


def _read_cell(cursor: str | None) -> CellKey | None:
    if cursor is None:
        return None
    parts = cursor.split(".")
    if len(parts) != len(CellKey._fields) or not all(part.isprintable() and part for part in parts):
        raise invalid_cursor()
    return CellKey(*parts)


async def _pair(request: Request, older: str, newer: str) -> Pair:
    async with pool_of(request).acquire() as connection:
        return await difference.pair(connection, older, newer)


async def _write_cells(request: Request, between: Pair, out: BinaryIO) -> None:
    out.write(f"{_CELL_COLUMNS}\n".encode())
    async with pool_of(request).acquire() as connection, connection.transaction(readonly=True):
        async for changes in difference.every(connection, between):
            out.write("".join(map(_cell_line, changes)).encode())


async def _write_lines(request: Request, between: Pair, out: BinaryIO) -> None:
    out.write(f"{_LINE_COLUMNS}\n".encode())
    async with pool_of(request).acquire() as connection:
        async for moves in difference.lines(connection, between):
            out.write("".join(map(_move_line, moves)).encode())


def _cell_line(change: CellChange) -> str:
    def both(values: Iterable[object]) -> Iterable[str]:
        return ("" if value is None else str(value) for value in values)

    sides = (change.before, change.after)
    return _joined(
        *change.cell,
        *both(side.n for side in sides),
        *both(side.mean() for side in sides),
        *both(side.numerator for side in sides),
        *both(side.denominator for side in sides),
        *both(side.share() for side in sides),
        *both(side.total for side in sides),
    )


def _move_line(move: LineMove) -> str:
    imported = move.place.origin
    return _joined(
        str(move.place.publication),
        move.at.isoformat(),
        move.reason,
        str(move.sign),
        imported,
        str(move.place.entry) if imported else "",
        *(move.indicator, move.source, move.area, move.period),
        *_numbers(move.tally),
        " ".join(move.events),
    )


def _numbers(tally: Tally) -> list[str]:
    whole = (tally.respondents, tally.n, tally.total, tally.numerator, tally.denominator)
    return [*map(str, whole), "|".join(map(str, tally.histogram))]


def _joined(*fields: str) -> str:
    # Codes, numbers and ids: none has a comma, quote or line break.
    return ",".join(fields) + "\n"
