"""`/monitor/gebieden/{code}`: what is known of one area, through time, each kind of source apart."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import count

from fastapi import APIRouter, Request, Response

from shared.contracts.refusals import NotFound
from shared.contracts.vocabulary import AggregateKind, AreaLevel, Measure, SourceKind, Theme
from shared.http import pool_of

from .. import reading
from ..bodies import AreaCode
from ..charts.trend import Point, Trend, trend
from ..geography import Area, Geography, NotRecalculable
from ..periods import PeriodKind, containing, first_day, kind_of, last_day
from ..reading import Filters, Indicator, Register, Version
from ..shown import FINEST, NOTHING_PUBLIC, Shown, shown, written
from ..tally import Tally
from . import words
from .render import area_of, page, register

router = APIRouter(include_in_schema=False)
#: All figures of an area: hundreds of indicators through the years.
_MOST = 100_000
#: A page of more charts is not read; a theme or indicator is chosen then.
_CHARTS = 24
#: How far back a chart goes.
_LONGEST = {PeriodKind.YEAR: 25, PeriodKind.QUARTER: 20, PeriodKind.MONTH: 24}

_Published = dict[str, dict[SourceKind, dict[str, dict[str, Tally]]]]


@dataclass(frozen=True, slots=True)
class Row:
    """A period: its figure, of which areas it is the sum, or why there is none."""

    period: str
    shown: Shown
    parts: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """An indicator from one kind of source: a chart with its words, and the same figures as rows, the newest first."""

    id: str
    indicator: Indicator
    source: SourceKind
    trend: Trend | None
    summary: str
    rows: list[Row]

    @property
    def newest(self) -> Row:
        """The newest period with a figure, else the newest."""
        return next((row for row in self.rows if row.shown is not NOTHING_PUBLIC), self.rows[0])


@router.get("/monitor/gebieden/{code}")
async def area_page(
    request: Request,
    code: AreaCode,
    per: str | None = None,
    thema: str | None = None,
    indeling: str | None = None,
) -> Response:
    """Trends of an area by year, quarter or month; with `indeling` in the land it had in that year."""
    kind = words.read_kind(per) or PeriodKind.YEAR
    theme = words.read_theme(thema)
    async with pool_of(request).acquire() as connection:
        known = await register(connection)
        area = area_of(known, code)
        geography = known.geography
        years = geography.years(datetime.now(UTC).date())
        division = words.read_year(indeling, "indeling", years)
        if division is not None:
            _require(geography, area, division)
        areas = [code] if division is None else sorted(geography.candidates(code, division))
        wanted = Filters(AggregateKind.INDICATOR, area=areas, period_kind=kind)
        cells = await reading.list_cells(connection, wanted, None, _MOST)
    published: _Published = defaultdict(lambda: defaultdict(lambda: defaultdict(dict)))
    for cell, tally in cells:
        published[cell.code][cell.source][cell.period][cell.area] = tally
    chosen = [i for i in known.indicators.values() if i.code in published and theme in (None, i.theme)]
    all_series = list(_series(known, area, kind, division, chosen, published))
    return page(
        "gebied.html",
        area=area,
        parent=geography.areas.get(area.parent or ""),
        within=sorted(
            (a for a in geography.areas.values() if a.parent == code and not a.valid_until),
            key=lambda one: words.by_name(one.name),
        ),
        changes=geography.changes_of(code),
        kind=kind,
        kinds=[(word, word) for word in words.PERIODS.values()],
        kind_words=words.PERIODS,
        theme=theme,
        themes=[("", "alle thema’s"), *((one.value, one.value.replace("-", " ")) for one in Theme)],
        division=division,
        divisions=[year for year in reversed(years) if geography.in_division(code, year)]
        if area.level is AreaLevel.MUNICIPALITY
        else [],
        series=all_series[:_CHARTS],
        left_out=len(all_series[_CHARTS:]),
        longest=_LONGEST[kind],
    )


def _require(geography: Geography, area: Area, division: int) -> None:
    if not geography.in_division(area.code, division):
        refused = geography.parts(area.code, division, str(division))
        reason = refused.reason if isinstance(refused, NotRecalculable) else f"{area.name} bestond toen niet"
        raise NotFound("area-not-in-division", f"indeling: {reason}.")


def _series(
    known: Register,
    area: Area,
    kind: PeriodKind,
    division: int | None,
    indicators: list[Indicator],
    published: _Published,
) -> Iterator[Series]:
    ids = count(1)
    for indicator in indicators:
        for source, periods in published[indicator.code].items():
            rows = _rows(known.geography, area.code, division, indicator.measure, periods, _LONGEST[kind])
            write = partial(written, indicator.measure)
            points = [_point(row, indicator.versions, last) for last, row in zip([None, *rows], rows, strict=False)]
            drawn = trend(points, FINEST[indicator.measure], write)
            rows = [row for row in reversed(rows) if row.reason or row.shown is not NOTHING_PUBLIC]
            if rows:
                yield Series(f"trend-{next(ids)}", indicator, source, drawn, _summary(rows, indicator.measure), rows)


def _rows(
    geography: Geography,
    area: str,
    division: int | None,
    measure: Measure,
    periods: Mapping[str, Mapping[str, Tally]],
    longest: int,
) -> list[Row]:
    """Every period from the first to the last of which something is known, oldest first, the last ones only."""
    names = []
    period, last = min(periods), max(periods)
    while period <= last:
        names.append(period)
        period = containing(kind_of(period), last_day(period) + timedelta(days=1))
    return [_row(geography, area, division, measure, name, periods.get(name, {})) for name in names[-longest:]]


def _row(
    geography: Geography, area: str, division: int | None, measure: Measure, period: str, published: Mapping[str, Tally]
) -> Row:
    if division is None or not published:
        return Row(period, shown(measure, published.get(area)))
    made = geography.recalculated(area, division, period, published)
    if made is None:
        return Row(period, NOTHING_PUBLIC)
    if isinstance(made, NotRecalculable):
        return Row(period, NOTHING_PUBLIC, reason=made.reason)
    return Row(period, shown(measure, made.tally), None if made.parts == (area,) else geography.names(made.parts))


def _point(row: Row, versions: tuple[Version, ...], previous: Row | None) -> Point:
    """A period of the chart; it begins anew when it is measured otherwise than the one before."""
    anew = None
    if previous is not None:
        since, until = first_day(previous.period), first_day(row.period)
        anew = next((v.title for v in versions if not v.comparable and since < v.valid_from <= until), None)
    return Point(row.period, words.period_label(row.period), row.shown.value, row.shown.low, row.shown.high, anew)


def _summary(rows: list[Row], measure: Measure) -> str:
    """What one sees in the chart."""
    known: list[tuple[Decimal, str]] = [
        (row.shown.value, words.period_name(row.period)) for row in reversed(rows) if row.shown.value is not None
    ]
    if not known:
        return "Er is geen cijfer om te tekenen."
    (first, since), (last, until) = known[0], known[-1]
    if len(known) == 1:
        return f"Het enige cijfer is {written(measure, last)}, over {until}."
    (low, lowest), (high, highest) = min(known, key=_value), max(known, key=_value)
    return (
        f"{len(known)} cijfers, van {written(measure, first)} over {since} naar {written(measure, last)} over {until}. "
        f"Het laagste is {written(measure, low)} over {lowest}, het hoogste {written(measure, high)} over {highest}."
    )


def _value(known: tuple[Decimal, str]) -> Decimal:
    return known[0]
