"""The municipalities of a map as JSON, and figures made in the division of another year."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from shared.contracts.vocabulary import SourceKind
from shared.database import Connection

from . import answers, by_municipality
from .geography import Geography, NotRecalculable
from .periods import first_day
from .reading import Indicator
from .tally import Tally
from .written import members


async def as_it_was(
    connection: Connection, geography: Geography, indicator: Indicator, source: SourceKind, period: str
) -> tuple[list[str], int]:
    """Every municipality of a period in order, as it is on the map, and the last publication that is in it."""
    shown, _, newest = await by_municipality.shown(connection, indicator, source, period)
    areas = _on_map(geography, first_day(period), shown)
    strangers = shown.keys() - areas.keys()
    for area in strangers:
        areas[area] = answers.map_area(area, geography.name(area), shown[area], (area,))
    return [areas[area] for area in sorted(areas)] if strangers else [*areas.values()], newest


async def in_division(
    connection: Connection, geography: Geography, indicator: Indicator, source: SourceKind, period: str, year: int
) -> tuple[list[str], int]:
    """As `as_it_was`, of the municipalities of a year. Nearly all are as they were: only the others are added up."""
    apart = geography.apart(year, period)
    parts = geography.looked_at(apart, year, period)
    shown, published, newest = await by_municipality.shown(connection, indicator, source, period, parts)
    areas = _on_map(geography, date(year, 1, 1), shown)
    for area in apart:
        tally, of, reason = figure_of(geography, area, year, period, published)
        figure = None if tally is None else members(tally, indicator.measure)
        areas[area] = answers.map_area(area, geography.name(area), figure, of, reason)
    return [*areas.values()], newest


def _on_map(geography: Geography, day: date, shown: Mapping[str, str]) -> dict[str, str]:
    """The municipalities of a day, in order."""
    return {
        area: f"{before}{shown[area]}{after}" if area in shown else without
        for area, (before, after, without) in _frames(geography, day).items()
    }


@lru_cache(100)
def _frames(geography: Geography, day: date) -> dict[str, tuple[str, str, str]]:
    """What stands before and after the members of the figure of each municipality, and what stands there without one:
    hundreds, so that what does not change is made once."""
    around = {}
    for area in sorted(geography.municipalities_on(day)):
        name = geography.name(area)
        before, after = answers.map_area(area, name, "\0", (area,)).split("\0")
        around[area] = before, after, answers.map_area(area, name, None)
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
