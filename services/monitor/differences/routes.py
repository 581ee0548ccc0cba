"""`GET …/editions/{a}/differences/{b}`: what changed between two editions, and which events caused it."""

from functools import partial
from typing import Annotated, BinaryIO
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from shared.contracts.vocabulary import AggregateKind, SourceKind
from shared.http.fields import Code, EditionId, LongLimit, Period, Whole
from shared.http.request_state import pool_of
from shared.http.routing.media import CsvDownload

from .. import download
from ..areas import register as areas
from ..editions.views import MEDIA
from ..figure.values import FigureValues, values_of
from ..history import domain, log
from ..history.domain import CellKey, LineMove, Selection
from ..history.query import AfterMove, invalid_cursor, read_place, write_place
from ..history.views import change_sums, mean_gap, move_view, share_gap, sums
from ..indicators import register as indicators
from . import difference
from .difference import CellChange, Pair
from .views import Difference, Differences, Lines

router = APIRouter(prefix="/monitor/v1", tags=["monitor"])

_CELL_COLUMNS = (
    "kind,code,source,area,period,n_before,n_after,mean_before,mean_after,bound_before,bound_after,numerator_before,"
    "numerator_after,denominator_before,denominator_after,share_before,share_after"
)
_LINE_COLUMNS = (
    "publication,at,reason,sign,import,indicator,source,area,period,respondents,n,mean,bound,numerator,denominator,share,"
    "histogram,events"
)


@router.get("/editions/{older}/differences/{newer}.csv", response_class=CsvDownload)
async def get_differences_csv(request: Request, older: EditionId, newer: EditionId) -> Response:
    """All figures that changed, as CSV."""
    between = await _pair(request, older, newer)
    write, key = partial(_write_cells, request, between), ("difference", older, newer)
    return await download.make(request, key, write, MEDIA["csv"], f"verschil-{older}-{newer}.csv")


@router.get("/editions/{older}/differences/{newer}/lines.csv", response_class=CsvDownload)
async def get_difference_lines_csv(request: Request, older: EditionId, newer: EditionId) -> Response:
    """All lines that came or went, as CSV."""
    between = await _pair(request, older, newer)
    write, key = partial(_write_lines, request, between), ("difference lines", older, newer)
    return await download.make(request, key, write, MEDIA["csv"], f"verschil-{older}-{newer}-regels.csv")


@router.get("/editions/{older}/differences/{newer}/lines")
async def list_difference_lines(
    request: Request,
    older: EditionId,
    newer: EditionId,
    after: AfterMove | None = None,
    limit: LongLimit = 100,
) -> Lines:
    """The lines that came or went between two editions."""
    async with pool_of(request).acquire() as connection:
        between = await difference.pair(connection, older, newer)
        since, until = between.span
        start = read_place(after, since, until) or domain.after(since)
        found = await log.moves(connection, start, until, limit + 1)
    return Lines(
        older=older,
        newer=newer,
        items=[move_view(move, between.frame.quantity(move.indicator)) for move in found[:limit]],
        next=write_place(found[limit - 1].place) if len(found) > limit else None,
    )


@router.get("/editions/{older}/differences/{newer}")
async def list_differences(
    request: Request,
    older: EditionId,
    newer: EditionId,
    kind: AggregateKind | None = None,
    code: Code | None = None,
    source: SourceKind | None = None,
    area: Code | None = None,
    period: Period | None = None,
    after: AfterMove | None = None,
    limit: Annotated[int, Whole("limit", 1, 100, strict=False)] = 50,
) -> Differences:
    """The figures that are not the same in two editions."""
    selection = Selection(kind, code, source, area, period)
    past = _read_cell(after)
    async with pool_of(request).acquire() as connection, connection.transaction(readonly=True):
        between = await difference.pair(connection, older, newer)
        await indicators.require_choice(connection, code, kind)
        await areas.require_choice(connection, area)
        found = await difference.page(connection, between, selection, past, limit + 1)
    page = found[:limit]
    return Differences(
        older=older,
        newer=newer,
        adds_up=all(change.adds_up for change in page),
        items=[_difference(change, between) for change in page],
        next=".".join(page[-1].cell) if len(found) > limit else None,
    )


def _difference(change: CellChange, between: Pair) -> Difference:
    cell, quantity = change.cell, between.frame.quantity(change.cell.code, change.cell.kind)
    before, then = values_of(change.before, quantity), values_of(change.after, quantity)
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
        before=sums(change.before, quantity),
        after=sums(change.after, quantity),
        change=change_sums(change.before, change.after),
        mean_difference=mean_gap(before, then),
        share_difference=share_gap(before, then),
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
            out.write("".join(_cell_line(change, between) for change in changes).encode())


async def _write_lines(request: Request, between: Pair, out: BinaryIO) -> None:
    out.write(f"{_LINE_COLUMNS}\n".encode())
    async with pool_of(request).acquire() as connection:
        async for moves in difference.lines(connection, between):
            out.write("".join(_move_line(move, between) for move in moves).encode())


def _cell_line(change: CellChange, between: Pair) -> str:
    quantity = between.frame.quantity(change.cell.code, change.cell.kind)
    sides = [values_of(tally, quantity) if tally else FigureValues() for tally in (change.before, change.after)]
    return _joined(
        *change.cell,
        *map(_text, (side.n for side in sides)),
        *map(_text, (side.mean for side in sides)),
        *map(_text, (side.bound for side in sides)),
        *map(_text, (side.numerator for side in sides)),
        *map(_text, (side.denominator for side in sides)),
        *map(_text, (side.share for side in sides)),
    )


def _move_line(move: LineMove, between: Pair) -> str:
    values = values_of(move.tally, between.frame.quantity(move.indicator))
    return _joined(
        str(move.place.publication),
        move.at.isoformat(),
        move.reason,
        str(move.sign),
        move.place.origin,
        *(move.indicator, move.source, move.area, move.period),
        str(move.tally.respondents),
        *map(_text, (values.n, values.mean, values.bound, values.numerator, values.denominator, values.share)),
        "|".join(map(str, values.distribution)),
        " ".join(move.events),
    )


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _joined(*fields: str) -> str:
    # Codes, numbers and ids: none has a comma, quote or line break.
    return ",".join(fields) + "\n"
