"""The municipalities of a map as JSON, and figures made in the division of another year."""

from collections.abc import Mapping
from datetime import date

from shared.contracts.vocabulary import SourceKind
from shared.database import Connection

from ..areas.geography import Geography, NotRecalculable
from ..figure.json import members
from ..figure.periods import first_day
from ..figure.tally import Tally
from ..indicators.domain import Indicator
from . import municipalities, views
from .map_layout import apart_in, layout_of


async def as_it_was(
    connection: Connection, geography: Geography, indicator: Indicator, source: SourceKind, period: str
) -> tuple[str, int]:
    """Every municipality of a period in order, as JSON, and the last publication that is in it."""
    found = await municipalities.municipality_figures(connection, indicator, source, period)
    return layout_of(geography, first_day(period), found.areas).filled(found.figures), found.newest


async def in_division(
    connection: Connection, geography: Geography, indicator: Indicator, source: SourceKind, period: str, year: int
) -> tuple[str, int]:
    """As `as_it_was`, of the municipalities of a year. Nearly all are as they were: only the others are added up."""
    apart, parts = apart_in(geography, year, period)
    found = await municipalities.municipality_figures(connection, indicator, source, period, parts)
    made = []
    for area in apart:
        tally, of, reason = figure_in_division(geography, area, year, period, found.parts)
        figure = None if tally is None else members(tally, indicator.measure)
        made.append(views.map_area(area, geography.name(area), figure, of, reason))
    layout = layout_of(geography, date(year, 1, 1), found.areas, apart)
    return layout.filled((*found.figures, *made)), found.newest


def figure_in_division(
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
