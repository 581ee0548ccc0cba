"""The municipalities of a map as JSON, and figures made in the division of another year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
) -> tuple[str, int]:
    """Every municipality of a period in order, as JSON, and the last publication that is in it."""
    found = await by_municipality.shown(connection, indicator, source, period)
    return _layout(geography, first_day(period), found.areas).filled(found.figures), found.newest


async def in_division(
    connection: Connection, geography: Geography, indicator: Indicator, source: SourceKind, period: str, year: int
) -> tuple[str, int]:
    """As `as_it_was`, of the municipalities of a year. Nearly all are as they were: only the others are added up."""
    apart, parts = _apart(geography, year, period)
    found = await by_municipality.shown(connection, indicator, source, period, parts)
    made = []
    for area in apart:
        tally, of, reason = figure_of(geography, area, year, period, found.parts)
        figure = None if tally is None else members(tally, indicator.measure)
        made.append(answers.map_area(area, geography.name(area), figure, of, reason))
    layout = _layout(geography, date(year, 1, 1), found.areas, apart)
    return layout.filled((*found.figures, *made)), found.newest


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where figures go on a map: hundreds, so that what stands around them is made once.

    Every second of `text` is the place of a figure; `order` says which.
    """

    text: Sequence[str]
    order: Sequence[int]

    def filled(self, figures: Sequence[str]) -> str:
        """The map."""
        text = [*self.text]
        text[1::2] = [figures[number] for number in self.order]
        return "".join(text)


@lru_cache(1000)
def _apart(geography: Geography, year: int, period: str) -> tuple[tuple[str, ...], str]:
    """Municipalities that may not have been in a period what they are in a year, and what they are made of."""
    apart = geography.apart(year, period)
    return tuple(sorted(apart)), " ".join(sorted(geography.looked_at(apart, year, period)))


@lru_cache(100)
def _layout(geography: Geography, day: date, areas: str, apart: tuple[str, ...] | None = None) -> _Layout:
    """Of the municipalities of a day, with the figures of areas. What is apart has no figure but is there as a whole,
    after the figures; without, areas of another day are there too."""
    numbers = {area: number for number, area in enumerate((*areas.split(), *(apart or ())))}
    there = geography.municipalities_on(day)
    text, order = ["["], list[int]()
    for area in sorted(there | numbers.keys() if apart is None else there):
        name, comma = geography.name(area), "," if len(text) > 1 or text[0] != "[" else ""
        if area not in numbers:
            text[-1] += comma + answers.map_area(area, name, None)
            continue
        whole = apart is not None and area in apart
        before, after = ("", "") if whole else answers.map_area(area, name, "\0", (area,)).split("\0")
        text[-1] += comma + before
        text += "", after
        order.append(numbers[area])
    text[-1] += "]"
    return _Layout(text, order)


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
