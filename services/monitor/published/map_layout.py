"""Fast path, for the benchmark rows `the map of a year` and `the map of a year in a later division`: kept layouts.

A map is hundreds of municipalities of which only the figures change: what stands around those is made once for each
set of areas, and which areas must be added up once for each division and period.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from ..areas.geography import Geography
from . import views


@dataclass(frozen=True, slots=True)
class MapLayout:
    """Where figures go on a map. Every second of `text` is the place of a figure; `order` says which."""

    text: Sequence[str]
    order: Sequence[int]

    def filled(self, figures: Sequence[str]) -> str:
        """The map."""
        text = [*self.text]
        text[1::2] = [figures[number] for number in self.order]
        return "".join(text)


@lru_cache(1000)
def apart_in(geography: Geography, year: int, period: str) -> tuple[tuple[str, ...], str]:
    """Municipalities that may not have been in a period what they are in a year, and what they are made of."""
    apart = geography.apart(year, period)
    return tuple(sorted(apart)), " ".join(sorted(geography.looked_at(apart, year, period)))


@lru_cache(100)
def layout_of(geography: Geography, day: date, areas: str, apart: Sequence[str] | None = None) -> MapLayout:
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
    return MapLayout(text, order)


@lru_cache(100)
def _frames(geography: Geography, day: date) -> dict[str, tuple[str, str, str]]:
    """The frame of every municipality of a day, in order: hundreds, so that what does not change is made once."""
    return {area: _frame(geography, area) for area in sorted(geography.municipalities_on(day))}


def _frame(geography: Geography, area: str) -> tuple[str, str, str]:
    """What stands before and after the members of a figure, and what stands there without one; a comma before each."""
    name = geography.name(area)
    before, after = views.map_area(area, name, "\0", (area,)).split("\0")
    return f",{before}", after, f",{views.map_area(area, name, None)}"
