"""Fast path, for the benchmark row `the map of a year in a later division`: what areas are made of is kept.

The same is asked for every map of a period in a division, and for every row of a file. A geography without memory says
the same.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from .domain import Area, AreaChange
from .geography import Geography, NotRecalculable

#: Days of which the municipalities are kept; areas and periods of which it is kept what they are made of.
_MOST_DAYS, _MOST_MADE = 1000, 20_000


class RememberingGeography(Geography):
    """A geography that keeps what it was asked."""

    def __init__(self, areas: Iterable[Area], changes: Iterable[AreaChange]) -> None:
        super().__init__(areas, changes)
        self._municipalities_on = lru_cache(_MOST_DAYS)(super().municipalities_on)
        self._parts = lru_cache(_MOST_MADE)(super().parts)
        self._is_given = lru_cache(_MOST_MADE)(super().is_given)

    def municipalities_on(self, day: date) -> frozenset[str]:
        """See Geography."""
        return self._municipalities_on(day)

    def parts(self, area: str, year: int, period: str) -> tuple[str, ...] | NotRecalculable:
        """See Geography."""
        return self._parts(area, year, period)

    def is_given(self, area: str, year: int, period: str) -> bool:
        """See Geography."""
        return self._is_given(area, year, period)
