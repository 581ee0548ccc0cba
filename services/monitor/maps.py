"""The municipalities of a map as JSON, and figures made in the division of another year."""

from collections.abc import Mapping
from datetime import date

from shared.contracts.vocabulary import SourceKind
from shared.database import Connection

from . import answers, reading
from .geography import Geography, NotRecalculable
from .periods import first_day
from .reading import Indicator
from .tally import Tally
from .written import members


async def as_it_was(
    connection: Connection, geography: Geography, indicator: Indicator, source: SourceKind, period: str
) -> tuple[dict[str, str], int]:
    """Every municipality of a period, as it is on the map, and the last publication that is in it."""
    shown, newest = await reading.shown_by_municipality(connection, indicator, source, period)
    codes = geography.municipalities_on(first_day(period)) | shown.keys()
    return {area: _on_map(geography, area, shown) for area in codes}, newest


async def in_division(
    connection: Connection, geography: Geography, indicator: Indicator, source: SourceKind, period: str, year: int
) -> tuple[dict[str, str], int]:
    """As `as_it_was`, of the municipalities of a year. Nearly all are as they were: only the others are added up."""
    apart = geography.apart(year, period)
    parts = geography.looked_at(apart, year, period)
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        shown, newest = await reading.shown_by_municipality(connection, indicator, source, period)
        published, last = await reading.municipalities(connection, indicator.code, source, period, parts)
    areas = {area: _on_map(geography, area, shown) for area in geography.municipalities_on(date(year, 1, 1)) - apart}
    for area in apart:
        tally, of, reason = made(geography, area, year, period, published)
        figure = None if tally is None else members(tally, indicator.measure)
        areas[area] = answers.map_area(area, geography.name(area), figure, of, reason)
    return areas, max(newest, last)


def _on_map(geography: Geography, area: str, shown: Mapping[str, str]) -> str:
    figure = shown.get(area)
    return answers.map_area(area, geography.name(area), figure, () if figure is None else (area,))


def made(
    geography: Geography, area: str, indeling: int | None, period: str, published: Mapping[str, Tally]
) -> tuple[Tally | None, tuple[str, ...], str | None]:
    """A sum, the areas it is the sum of, or why there is none."""
    if indeling is None:
        tally = published.get(area)
        return (tally, (area,), None) if tally else (None, (), None)
    found = geography.recalculated(area, indeling, period, published)
    if found is None:
        return None, (), None
    if isinstance(found, NotRecalculable):
        return None, (), found.reason
    return found.tally, found.parts, None
