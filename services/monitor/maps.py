"""The municipalities of a map as JSON, and figures made in the division of another year."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from shared.contracts.vocabulary import AreaLevel, SourceKind
from shared.database import Connection

from . import answers, by_municipality
from .geography import Geography, NotRecalculable
from .periods import first_day
from .reading import Indicator
from .tally import Tally
from .written import members


async def as_it_was(
    connection: Connection, geography: Geography, indicator: Indicator, source: SourceKind, period: str
) -> tuple[dict[str, str], int]:
    """Every municipality of a period, as it is on the map, and the last publication that is in it."""
    shown, _, newest = await by_municipality.shown(connection, indicator, source, period)
    codes = geography.municipalities_on(first_day(period)) | shown.keys()
    return _on_map(geography, codes, shown), newest


async def in_division(
    connection: Connection, geography: Geography, indicator: Indicator, source: SourceKind, period: str, year: int
) -> tuple[dict[str, str], int]:
    """As `as_it_was`, of the municipalities of a year. Nearly all are as they were: only the others are added up."""
    apart = geography.apart(year, period)
    parts = geography.looked_at(apart, year, period)
    shown, published, newest = await by_municipality.shown(connection, indicator, source, period, parts)
    areas = _on_map(geography, geography.municipalities_on(date(year, 1, 1)) - apart, shown)
    for area in apart:
        tally, of, reason = figure_of(geography, area, year, period, published)
        figure = None if tally is None else members(tally, indicator.measure)
        areas[area] = answers.map_area(area, geography.name(area), figure, of, reason)
    return areas, newest


def _on_map(geography: Geography, areas: Iterable[str], shown: Mapping[str, str]) -> dict[str, str]:
    """Municipalities as they are: hundreds, so that what does not change is made once."""
    frames, found = _frames(geography), {}
    for area in areas:
        figure, frame = shown.get(area), frames.get(area)
        if figure is None or frame is None:
            parts = () if figure is None else (area,)
            found[area] = answers.map_area(area, geography.name(area), figure, parts)
        else:
            found[area] = f"{frame[0]}{figure}{frame[1]}"
    return found


@lru_cache(2)
def _frames(geography: Geography) -> dict[str, tuple[str, str]]:
    """What stands before and after the members of the figure of every municipality."""
    around = {}
    for area in geography.areas.values():
        if area.level is AreaLevel.MUNICIPALITY:
            before, after = answers.map_area(area.code, area.name, "\0", (area.code,)).split("\0")
            around[area.code] = before, after
    return around


def figure_of(
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
