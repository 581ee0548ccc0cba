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
    found = await by_municipality.municipality_figures(connection, indicator, source, period)
    return _layout(geography, first_day(period), found.areas).filled(found.figures), found.newest


async def in_division(
    connection: Connection, geography: Geography, indicator: Indicator, source: SourceKind, period: str, year: int
) -> tuple[str, int]:
    """As `as_it_was`, of the municipalities of a year. Nearly all are as they were: only the others are added up."""
    apart, parts = _apart(geography, year, period)
    found = await by_municipality.municipality_figures(connection, indicator, source, period, parts)
    made = []
    for area in apart:
        tally, of, reason = figure_in_division(geography, area, year, period, found.parts)
        figure = None if tally is None else members(tally, indicator.measure)
        made.append(answers.map_area(area, geography.name(area), figure, of, reason))
    layout = _layout(geography, date(year, 1, 1), found.areas, apart)
    return layout.filled((*found.figures, *made)), found.newest


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where figures go on a map. Every second of `text` is the place of a figure; `order` says which."""

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
def _layout(geography: Geography, day: date, areas: str, apart: Sequence[str] | None = None) -> _Layout:
    """Of the municipalities of a day, with the figures of areas. What is apart comes after those, as a whole; without,
    areas of another day are there too."""
    shown = areas.split()
    numbers = {area: number for number, area in enumerate((*shown, *(apart or ())))}
    frames = _frames(geography, day)
    if apart is None and (strangers := numbers.keys() - frames.keys()):
        frames = dict(sorted({**frames, **{area: _frame(geography, area) for area in strangers}}.items()))
    text, order = [""], []
    for area, (before, after, without) in frames.items():
        number = numbers.get(area)
        if number is None:
            text[-1] += without
            continue
        whole = number >= len(shown)
        text[-1] += "," if whole else before
        text += "", "" if whole else after
        order.append(number)
    text[0] = f"[{text[0][1:]}"
    text[-1] += "]"
    return _Layout(text, order)


@lru_cache(100)
def _frames(geography: Geography, day: date) -> dict[str, tuple[str, str, str]]:
    """The frame of every municipality of a day, in order: hundreds, so that what does not change is made once."""
    return {area: _frame(geography, area) for area in sorted(geography.municipalities_on(day))}


def _frame(geography: Geography, area: str) -> tuple[str, str, str]:
    """What stands before and after the members of a figure, and what stands there without one; a comma before each."""
    name = geography.name(area)
    before, after = answers.map_area(area, name, "\0", (area,)).split("\0")
    return f",{before}", after, f",{answers.map_area(area, name, None)}"


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
