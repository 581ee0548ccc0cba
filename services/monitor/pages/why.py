"""`/monitor/waarom`: what moved a figure, contribution by contribution."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request, Response

from shared.contracts.vocabulary import Measure, SourceKind
from shared.database import Connection
from shared.http.request_state import pool_of
from shared.refusals import Invalid

from ..areas.geography import Geography
from ..figure.estimate import Estimate, estimate
from ..history import cut, log
from ..history.domain import CellKey, LogPlace
from ..history.explanation import Explanation, explain
from ..history.query import read_place, write_place
from ..indicators.domain import Indicator
from ..settings import MonitorSettings
from ..snapshot import snapshot
from . import words
from .render import area_of, indicator_of, page, register

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
    line: int


@router.get("/monitor/waarom")
async def why_page(
    request: Request,
    indicator: str | None = None,
    gebied: str | None = None,
    periode: str | None = None,
    bron: str | None = None,
    van: str | None = None,
    tot: str | None = None,
    na: str | None = None,
) -> Response:
    """The contributions to a figure, in order, with the running value; of its newest year unless asked otherwise."""
    period, source = words.read_period(periode), words.read_source(bron) or SourceKind.DIALOGUE
    settings: MonitorSettings = request.app.state.settings
    async with pool_of(request).acquire() as connection, snapshot(connection):
        known = await register(connection)
        chosen = indicator_of(known, indicator) if indicator else None
        area = area_of(known, gebied) if gebied else None
        asked: dict[str, object] = {"found": None}
        if chosen and area:
            asked = await _explained(connection, chosen, area.code, period, source, (van, tot, na), known.geography)
    form = {
        "indicator": indicator or "",
        "gebied": gebied or "",
        "periode": asked.get("period") or period or "",
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
        **{"period": period, **asked},
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
    since, until, past = (text or None for text in between)
    start = await cut.read_cut(connection, since, "van") if since else 0
    end = await cut.read_cut(connection, until, "tot") if until else await log.newest(connection)
    if start > end:
        raise Invalid("reversed", f"van (publicatie {start}) ligt na tot (publicatie {end}): wissel ze om.")
    period = period or await log.newest_year(connection, "indicator", indicator.code, source, area)
    if period is None:
        return {"found": None}
    frame = await log.present_frame(connection)
    place = _read_place(past, start, end)
    cell = CellKey("indicator", indicator.code, source, area, period)
    found = await explain(connection, cell, frame, start, end, place, _PAGE)
    if not (found.start or found.end or found.steps or past):
        return {"found": None, "period": period}
    measure = indicator.measure
    return {
        "period": period,
        "found": found,
        "start": estimate(measure, found.start),
        "end": estimate(measure, found.end),
        "since": (start, await cut.moment_of(connection, start)),
        "until": (end, await cut.moment_of(connection, end)),
        "rows": _rows(found, measure, geography),
        "first_page": past is None,
        "next": write_place(found.next) if found.next else None,
    }


def _read_place(cursor: str | None, start: int, end: int) -> LogPlace | None:
    try:
        return read_place(cursor, start, end)
    except Invalid:
        raise Invalid("invalid-cursor", "na hoort niet bij deze lijst: begin opnieuw zonder na.") from None


def _rows(found: Explanation, measure: Measure, geography: Geography) -> list[ContributionRow]:
    return [
        ContributionRow(
            at=move.at,
            publication=move.place.publication,
            what=(_CAME if move.sign > 0 else _WENT)[move.reason],
            sign=move.sign,
            where=geography.names([move.area]),
            period=move.period,
            contribution=estimate(measure, move.tally),
            after=estimate(measure, step.running),
            events=move.events,
            imported=move.place.origin or None,
            line=move.place.entry,
        )
        for step in found.steps
        for move in [step.move]
    ]
