"""`/monitor/edities`: frozen publications, and what changed between two of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from fastapi import APIRouter, Request, Response

from shared.contracts.vocabulary import Measure, SourceKind
from shared.http.fields import AreaCode, CursorText, EditionId, Id
from shared.http.request_state import pool_of
from shared.web import notices

from ..differences import difference
from ..differences.difference import CellChange
from ..editions import series
from ..editions.edition import FileKind
from ..figure.estimate import Estimate, estimate
from ..figure.quantity import SCORES
from ..history import log
from ..history.domain import CellKey, LineMove, Selection, after
from ..published.register import Register
from ..snapshot import snapshot
from . import words
from .asked import SourceAsked, if_there
from .render import page, register

router = APIRouter(include_in_schema=False)
_PAGE = 50
#: So many lines that came or went are told of on the page; a file has them all.
_LINES = 1000
FILES: dict[FileKind, str] = {"csv": "CSV, voor een rekenblad", "json": "JSON, voor programma’s"}


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """A figure that is not the same in two editions."""

    cell: CellKey
    indicator: str
    area: str
    measure: Measure
    before: Estimate
    after: Estimate


@dataclass(frozen=True, slots=True)
class Happening:
    """What one publication added and took away: lines, what they are about, and the events that caused it."""

    publication: int
    at: datetime
    came: int
    went: int
    about: tuple[str, ...]
    events: tuple[str, ...]


@router.get("/monitor/edities")
async def editions_page(request: Request) -> Response:
    """The series, the newest first."""
    async with pool_of(request).acquire() as connection:
        found = await series.editions(connection)
    cuts = {one.head.edition: one.head.publication for one in found}
    return page("edities.html", editions=found[::-1], cuts=cuts, files=FILES)


@router.get("/monitor/edities/{edition}")
async def edition_page(request: Request, edition: EditionId) -> Response:
    """One edition: its cut, its files and their checksums, and the others to compare it with."""
    async with pool_of(request).acquire() as connection:
        found = await series.get(connection, edition)
        others = [one for one in await series.editions(connection) if one.head.edition != edition]
    number = found.head.publication
    return page(
        "editie.html",
        edition=found,
        files=FILES,
        older=[one for one in others if one.head.publication <= number],
        newer=[one for one in others if one.head.publication > number],
    )


@router.get("/monitor/edities/{older}/verschil/{newer}")
async def difference_page(
    request: Request,
    older: EditionId,
    newer: EditionId,
    indicator: Id | None = None,
    gebied: AreaCode | None = None,
    bron: SourceAsked = None,
    na: CursorText | None = None,
) -> Response:
    """The figures that changed, and the first lines that did it with their events."""
    past = _read_cell(na)
    async with pool_of(request).acquire() as connection, snapshot(connection):
        known = await register(connection)
        indicator = if_there("indicator", indicator, known.indicators)
        gebied = if_there("gebied", gebied, known.geography.areas)
        between = await difference.pair(connection, older, newer)
        selection = Selection("indicator", indicator, bron, gebied)
        found = await difference.page(connection, between, selection, past, _PAGE + 1)
        since, until = between.span
        moves = await log.moves(connection, after(since), until, _LINES + 1)
    return page(
        "verschil.html",
        older=between.older,
        newer=between.newer,
        rows=[_row(change, known) for change in found[:_PAGE]],
        adds_up=all(change.adds_up for change in found[:_PAGE]),
        next=".".join(found[_PAGE - 1].cell) if len(found) > _PAGE else None,
        happenings=_happenings(moves[:_LINES], known),
        more_lines=_LINES if len(moves) > _LINES else None,
        indicators=known.indicators.values(),
        form={"indicator": indicator or "", "gebied": gebied or "", "bron": words.SOURCE_WORDS[bron] if bron else ""},
        sources=[("", "alle"), *((word, words.SOURCES[kind]) for kind, word in words.SOURCE_WORDS.items())],
        areas=words.areas_to_choose(known.geography, gebied),
    )


def _row(change: CellChange, known: Register) -> DifferenceRow:
    cell = change.cell
    indicator = known.indicators.get(cell.code)
    quantity = indicator.quantity if indicator else SCORES
    return DifferenceRow(
        cell,
        indicator.name if indicator else cell.code,
        known.geography.names([cell.area]),
        quantity.measure,
        estimate(quantity, change.before),
        estimate(quantity, change.after),
    )


def _happenings(moves: Sequence[LineMove], known: Register) -> list[Happening]:
    found = []
    for (number, at), group in groupby(moves, lambda move: (move.place.publication, move.at)):
        lines = list(group)
        about = dict.fromkeys(
            (known.indicators[move.indicator].name if move.indicator in known.indicators else move.indicator)
            + f" ({words.SOURCES[SourceKind(move.source)].lower()})"
            for move in lines
        )
        came = sum(move.sign > 0 for move in lines)
        events = dict.fromkeys(event for move in lines for event in move.events)
        found.append(Happening(number, at, came, len(lines) - came, tuple(about), tuple(events)))
    return found


def _read_cell(cursor: str | None) -> CellKey | None:
    if not cursor:
        return None
    parts = cursor.split(".")
    if len(parts) != len(CellKey._fields) or not all(part.isprintable() and part for part in parts):
        notices.left_out("na", cursor, "dat hoort niet bij deze lijst")
        return None
    return CellKey(*parts)
