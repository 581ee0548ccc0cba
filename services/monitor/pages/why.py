"""`/monitor/waarom`: what moved a figure, contribution by contribution."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request, Response

from shared.contracts.vocabulary import SourceKind
from shared.database import Connection
from shared.http.fields import AreaCode, CursorText, Id
from shared.http.request_state import pool_of
from shared.refusals import Invalid, Refused
from shared.web import notices

from ..areas.geography import Geography
from ..figure.estimate import Estimate, estimate
from ..figure.quantity import Quantity
from ..history import cut, log
from ..history.domain import CellKey, LogPlace
from ..history.explanation import Explanation, explain
from ..history.query import CutText, read_place, write_place
from ..indicators.domain import Indicator
from ..settings import MonitorSettings
from ..snapshot import snapshot
from . import words
from .asked import PeriodAsked, SourceAsked, if_there
from .render import page, register

router = APIRouter(include_in_schema=False)
_PAGE = 50
_CAME = {
    "dialogue": "Dialogen kwamen erbij",
    "withdrawal": "Dialogen kwamen erbij",
    "observations": "Waarnemingen kwamen erbij",
    "learning-key": "Telt mee door een nieuwe leersleutel",
    "rebuild": "Opnieuw opgebouwd",
}
_WENT = {
    "dialogue": "Dialogen gingen eraf",
    "withdrawal": "Een dialoog werd ingetrokken",
    "observations": "Waarnemingen werden vervangen of ingetrokken",
    "learning-key": "Telt niet meer mee door een nieuwe leersleutel",
    "rebuild": "Opnieuw opgebouwd",
}


@dataclass(frozen=True, slots=True)
class ContributionRow:
    """A contribution: what came (`sign` 1) or went (-1), and the figure after it."""

    at: datetime
    publication: int
    what: str
    sign: int
    where: str
    period: str
    contribution: Estimate
    after: Estimate
    events: tuple[str, ...]
    imported: str | None


@router.get("/monitor/waarom")
async def why_page(
    request: Request,
    indicator: Id | None = None,
    gebied: AreaCode | None = None,
    periode: PeriodAsked = None,
    bron: SourceAsked = None,
    van: CutText | None = None,
    tot: CutText | None = None,
    na: CursorText | None = None,
) -> Response:
    """The contributions to a figure, in order, with the running value; of its newest year unless asked otherwise."""
    source = bron or SourceKind.DIALOGUE
    settings: MonitorSettings = request.app.state.settings
    async with pool_of(request).acquire() as connection, snapshot(connection):
        known = await register(connection)
        indicator = if_there("indicator", indicator, known.indicators)
        gebied = if_there("gebied", gebied, known.geography.areas)
        chosen = known.indicators[indicator] if indicator else None
        area = known.geography.areas[gebied] if gebied else None
        asked: dict[str, object] = {"found": None}
        if chosen and area:
            asked = await _explained(connection, chosen, area.code, periode, source, (van, tot, na), known.geography)
    form = {
        "indicator": indicator or "",
        "gebied": gebied or "",
        "periode": asked.get("period") or periode or "",
        "bron": words.SOURCE_WORDS[source],
        "van": van or "",
        "tot": tot or "",
    }
    return page(
        "waarom.html",
        form=form,
        indicator=chosen,
        indicators=known.indicators.values(),
        area=area,
        areas=words.areas_to_choose(known.geography, gebied),
        sources=[(word, words.SOURCES[kind]) for kind, word in words.SOURCE_WORDS.items()],
        source=source,
        threshold=settings.threshold(source),
        **{"period": periode, **asked},
    )


async def _explained(
    connection: Connection,
    indicator: Indicator,
    area: str,
    period: str | None,
    source: SourceKind,
    between: tuple[str | None, str | None, str | None],
    geography: Geography,
) -> dict[str, object]:
    since, until, past = between
    end = await _cut(connection, "tot", until, await log.newest(connection))
    start = await _cut(connection, "van", since, 0)
    if since and start > end:
        notices.left_out("van", since, f"die (publicatie {start}) ligt na tot (publicatie {end})")
        start = 0
    period = period or await log.newest_year(connection, "indicator", indicator.code, source, area)
    if period is None:
        return {"found": None}
    frame = await log.present_frame(connection)
    place = _read_place(past, start, end)
    cell = CellKey("indicator", indicator.code, source, area, period)
    found = await explain(connection, cell, frame, start, end, place, _PAGE)
    if not (found.start or found.end or found.steps or place):
        return {"found": None, "period": period}
    quantity = indicator.quantity
    return {
        "period": period,
        "found": found,
        "start": estimate(quantity, found.start),
        "end": estimate(quantity, found.end),
        "since": (start, await cut.moment_of(connection, start)),
        "until": (end, await cut.moment_of(connection, end)),
        "rows": _rows(found, quantity, geography),
        "first_page": place is None,
        "next": write_place(found.next) if found.next else None,
    }


async def _cut(connection: Connection, name: str, text: str | None, otherwise: int) -> int:
    """The publication that a text names; another when it names none, which is told."""
    if not text:
        return otherwise
    try:
        return await cut.read_cut(connection, text)
    except Refused as refused:
        notices.left_out(name, text, refused.detail)
        return otherwise


def _read_place(cursor: str | None, start: int, end: int) -> LogPlace | None:
    try:
        return read_place(cursor, start, end)
    except Invalid:
        notices.left_out("na", cursor or "", "dat hoort niet bij deze lijst")
        return None


def _rows(found: Explanation, quantity: Quantity, geography: Geography) -> list[ContributionRow]:
    return [
        ContributionRow(
            at=move.at,
            publication=move.place.publication,
            what=(_CAME if move.sign > 0 else _WENT)[move.reason],
            sign=move.sign,
            where=geography.names([move.area]),
            period=move.period,
            contribution=estimate(quantity, move.tally),
            after=estimate(quantity, step.running),
            events=move.events,
            imported=move.place.origin or None,
        )
        for step in found.steps
        for move in [step.move]
    ]
