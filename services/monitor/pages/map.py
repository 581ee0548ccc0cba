"""`/monitor/kaart`: one indicator in every municipality, from one kind of source."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from fastapi import APIRouter, Request, Response

from shared.contracts.vocabulary import AggregateKind, AreaLevel, Measure, SourceKind
from shared.database import Connection
from shared.http.fields import Id
from shared.http.request_state import pool_of

from ..areas.geography import Geography, NotRecalculable
from ..charts.tilemap import TileMap, tile_map
from ..figure.estimate import END, FINEST, NO_ESTIMATE, Estimate, estimate
from ..figure.periods import first_day
from ..figure.public import PublicTally
from ..figure.quantity import Quantity
from ..published import figures
from ..published.domain import Filters
from ..published.register import Register
from . import words
from .asked import DivisionAsked, PeriodAsked, SourceAsked, division_of, if_there
from .render import page, register

router = APIRouter(include_in_schema=False)
#: More municipalities than there ever were.
_MOST = 2000


@dataclass(frozen=True, slots=True)
class MapRow:
    """A municipality: its figure, of which others it is the sum, or why there is none."""

    code: str
    name: str
    estimate: Estimate
    parts: str | None = None
    reason: str | None = None


@router.get("/monitor/kaart")
async def map_page(
    request: Request,
    indicator: Id | None = None,
    periode: PeriodAsked = None,
    bron: SourceAsked = None,
    indeling: DivisionAsked = None,
) -> Response:
    """The tile map and the table of the same figures."""
    async with pool_of(request).acquire() as connection:
        known = await register(connection)
        years = known.geography.years(datetime.now(UTC).date())
        division = division_of(indeling, known.geography, years)
        indicator = if_there("indicator", indicator, known.indicators)
        code = indicator or await figures.first_indicator(connection) or next(iter(known.indicators), None)
        if code is None:
            return page("kaart.html", indicator=None)
        of_source = await _periods(connection, code)
        source = bron or next(iter(of_source), SourceKind.DIALOGUE)
        periods = words.grouped(of_source.get(source, ()))
        period = periode or (periods[0].periods[0] if periods else None)
        rows = await _rows(connection, known, code, source, period, division) if period else []
    measure = known.indicators[code].measure
    drawn = _draw(rows, measure)
    return page(
        "kaart.html",
        indicator=known.indicators[code],
        indicators=known.indicators.values(),
        measure=measure,
        source=source,
        sources_to_choose=[
            (word, words.SOURCES[kind]) for kind, word in words.SOURCE_WORDS.items() if kind in (*of_source, source)
        ],
        period=period,
        periods=periods,
        division=division,
        divisions=reversed(years),
        rows=rows,
        map=drawn,
        names={row.code: row.name for row in rows},
        texts={row.code: _said(row, measure) for row in rows},
        summary=_summary(rows, measure),
    )


async def _periods(connection: Connection, code: str) -> dict[SourceKind, list[str]]:
    """The periods of an indicator of which something was published, per kind of source that has any."""
    found = {
        source: await figures.list_periods(connection, AggregateKind.INDICATOR, code, source) for source in SourceKind
    }
    return {source: periods for source, periods in found.items() if periods}


async def _rows(
    connection: Connection, known: Register, code: str, source: SourceKind, period: str, division: int | None
) -> list[MapRow]:
    """Every municipality of the period or of the division, by name."""
    wanted = Filters(AggregateKind.INDICATOR, code, level=AreaLevel.MUNICIPALITY, period=period, source=source)
    published = {cell.area: tally for cell, tally in await figures.list_cells(connection, wanted, None, _MOST)}
    geography, quantity = known.geography, known.indicators[code].quantity
    if division is None:
        codes = geography.municipalities_on(first_day(period)) | published.keys()
        rows = [MapRow(area, geography.names([area]), estimate(quantity, published.get(area))) for area in codes]
    else:
        codes = geography.municipalities_on(date(division, 1, 1))
        rows = [_recalculated(geography, area, division, period, published, quantity) for area in codes]
    return sorted(rows, key=lambda row: words.by_name(row.name))


def _recalculated(
    geography: Geography,
    area: str,
    division: int,
    period: str,
    published: Mapping[str, PublicTally],
    quantity: Quantity,
) -> MapRow:
    name, made = geography.names([area]), geography.recalculated(area, division, period, published)
    if made is None:
        return MapRow(area, name, NO_ESTIMATE)
    if isinstance(made, NotRecalculable):
        return MapRow(area, name, NO_ESTIMATE, reason=made.reason)
    parts = None if made.parts == (area,) else geography.names(made.parts)
    return MapRow(area, name, estimate(quantity, made.tally), parts)


def _draw(rows: list[MapRow], measure: Measure) -> TileMap:
    values = {row.code: row.estimate.value for row in rows if row.estimate.value is not None}
    return tile_map([row.code for row in rows], values, FINEST[measure], END.get(measure))


def _said(row: MapRow, measure: Measure) -> str:
    if row.estimate.value is not None:
        return words.value(measure, row.estimate)
    return "niet herberekenbaar" if row.reason else "geen openbaar cijfer"


def _summary(rows: list[MapRow], measure: Measure) -> str:
    """What one sees on the map."""
    known = sorted((row for row in rows if row.estimate.value is not None), key=_value)
    if not known:
        return "Geen enkele gemeente heeft een openbaar cijfer."
    low, high = known[0], known[-1]
    return (
        f"{len(known)} van de {len(rows)} gemeenten hebben een openbaar cijfer: van "
        f"{words.value(measure, low.estimate)} in {low.name} tot {words.value(measure, high.estimate)} in "
        f"{high.name}. De tabel geeft elk cijfer."
    )


def _value(row: MapRow) -> tuple[Decimal, str]:
    return row.estimate.value or Decimal(), row.name
