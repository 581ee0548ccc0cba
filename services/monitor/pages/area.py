"""`/monitor/gebieden/{code}`: what is known of one area, through time, each kind of source apart."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from fastapi import APIRouter, Request, Response

from shared.contracts.vocabulary import AreaLevel, SourceKind, Theme
from shared.database import Connection
from shared.http.fields import AreaCode, Id
from shared.http.request_state import pool_of

from ..areas import register as areas
from ..figure.periods import PeriodKind
from ..published import figures
from ..published.register import Register
from . import trends, words
from .asked import DivisionAsked, KindAsked, ThemeAsked, division_of, if_there
from .render import area_of, page, register
from .trends import TrendQuestion, TrendSeries

router = APIRouter(include_in_schema=False)
#: A page of more charts is not read; a theme or indicator is chosen then.
_CHARTS = 24


@router.get("/monitor/gebieden/{code}")
async def area_page(
    request: Request,
    code: AreaCode,
    per: KindAsked = None,
    thema: ThemeAsked = None,
    indicator: Id | None = None,
    indeling: DivisionAsked = None,
) -> Response:
    """Trends of an area by year, quarter or month; with `indeling` in the land it had in that year. Of one that is
    withdrawn that it is: what named it names it still."""
    kind = per or PeriodKind.YEAR
    today = datetime.now(UTC).date()
    async with pool_of(request).acquire() as connection:
        known = await register(connection)
        if code not in known.geography.areas and (gone := await areas.withdrawn(connection, code)) is not None:
            return page("gebied_ingetrokken.html", area=gone)
        area = area_of(known, code)
        chosen = if_there("indicator", indicator, known.indicators)
        geography = known.geography
        years = geography.years(today)
        division = division_of(indeling, geography, years, area)
        asked = TrendQuestion(code, kind, division)
        there = [
            (one, source)
            for one, source in await figures.series_of(connection, asked.areas(geography))
            if thema in (None, known.indicators[one].theme) and chosen in (None, one)
        ]
        found, left_out = await _charts(connection, known, asked, there)
    return page(
        "gebied.html",
        area=area,
        today=today,
        parent=geography.areas.get(area.lay_in(today) or ""),
        within=sorted(
            (a for a in geography.areas.values() if a.lay_in(today) == code and (a.valid_until or date.max) > today),
            key=lambda one: words.by_name(one.name),
        ),
        changes=geography.changes_of(code),
        kind=kind,
        kinds=[(word, word) for word in words.PERIODS.values()],
        kind_words=words.PERIODS,
        theme=thema,
        themes=[("", "alle thema’s"), *((one.value, one.value.replace("-", " ")) for one in Theme)],
        indicators=known.indicators.values(),
        chosen=chosen or "",
        division=division,
        divisions=[year for year in reversed(years) if geography.in_division(code, year)]
        if area.level is AreaLevel.MUNICIPALITY
        else [],
        series=found,
        left_out=left_out,
        longest=trends.LONGEST[kind],
    )


async def _charts(
    connection: Connection, known: Register, asked: TrendQuestion, there: Iterable[tuple[str, SourceKind]]
) -> tuple[list[TrendSeries], bool]:
    """As many series as fit on a page, and whether there may be more."""
    found: list[TrendSeries] = []
    for code, source in there:
        if len(found) == _CHARTS:
            return found, True
        one = await trends.trend_series(
            connection, asked, known.geography, known.indicators[code], source, f"trend-{len(found) + 1}"
        )
        if one is not None:
            found.append(one)
    return found, False
