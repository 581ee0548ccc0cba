"""What lines are added up in: the areas and indicators as they were at some moment."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property

import msgspec

from shared.contracts.vocabulary import Measure

from ..figure.periods import year_of
from ..figure.quantity import SCORES, Quantity, quantity_of
from .domain import CellKey, Scope, periods_within

#: Wide enough for every period.
FIRST_YEAR, LAST_YEAR = 0, 9999


class FrozenParent(msgspec.Struct, frozen=True):
    """What an area lay in before a 1 January."""

    until: date
    parent: str | None


class FrozenArea(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """An area as it was when a frame was taken; `before` has what it lay in earlier, oldest first."""

    code: str
    name: str
    level: str
    parent: str | None
    valid_from: date
    valid_until: date | None
    before: tuple[FrozenParent, ...] = ()

    def lay_in(self) -> Iterator[tuple[str | None, int, int]]:
        """What it lay in, each from a year up to and including another."""
        since = FIRST_YEAR
        for earlier in self.before:
            yield earlier.parent, since, earlier.until.year - 1
            since = earlier.until.year
        yield self.parent, since, LAST_YEAR


class FrozenIndicator(msgspec.Struct, frozen=True, rename="camel"):
    """An indicator as it was when a frame was taken."""

    code: str
    name_nl: str
    name_en: str
    theme: str
    resource_family: str
    unit: str
    direction: str
    measure: str
    owner: str

    @property
    def quantity(self) -> Quantity:
        """Its measure, and the range of its unit."""
        return quantity_of(Measure(self.measure), self.unit)


class Frame(msgspec.Struct, frozen=True, dict=True):
    """What lines are added up in: the areas, each in its parent, and the indicators of themes."""

    areas: tuple[FrozenArea, ...]
    indicators: tuple[FrozenIndicator, ...]

    @cached_property
    def area_codes(self) -> frozenset[str]:
        """Every area that it knows."""
        return frozenset(area.code for area in self.areas)

    @cached_property
    def indicator_codes(self) -> frozenset[str]:
        """Every indicator that it knows."""
        return frozenset(indicator.code for indicator in self.indicators)

    @cached_property
    def _quantities(self) -> Mapping[str, Quantity]:
        return {indicator.code: indicator.quantity for indicator in self.indicators}

    def quantity(self, code: str, kind: str = "indicator") -> Quantity:
        """What kind of number a figure is. Of a theme there are scores of dialogues only."""
        return self._quantities.get(code, SCORES) if kind == "indicator" else SCORES

    @cached_property
    def _below(self) -> Mapping[str | None, Sequence[tuple[str, int, int]]]:
        below: dict[str | None, list[tuple[str, int, int]]] = {}
        for area in self.areas:
            for parent, since, until in area.lay_in():
                below.setdefault(parent, []).append((area.code, since, until))
        return below

    def around(self) -> list[tuple[str, str, int, int]]:
        """Every area with itself and each area above it, from a year up to and including another."""
        parents = {area.code: [*area.lay_in()] for area in self.areas}
        found = [(code, code, FIRST_YEAR, LAST_YEAR) for code in parents]
        for area, above, since, until in found:  # grows while we go
            for parent, first, last in parents[above]:
                years = max(since, first), min(until, last)
                if parent is not None and years[0] <= years[1]:
                    found.append((area, parent, *years))
        return found

    def within(self, area: str, year: int) -> list[str]:
        """The area and all below it, in a year."""
        found = [area]
        for code in found:  # grows while we go
            found += [inner for inner, since, until in self._below.get(code, ()) if since <= year <= until]
        return found

    def indicators_of(self, kind: str, code: str) -> list[str]:
        """The indicators that count in a figure."""
        return [code] if kind == "indicator" else [one.code for one in self.indicators if one.theme == code]


def scope_of(cell: CellKey, frame: Frame) -> Scope:
    """The lines of a figure: of all areas and periods within its own."""
    return Scope(
        frame.indicators_of(cell.kind, cell.code),
        cell.source,
        " ".join(frame.within(cell.area, year_of(cell.period))),
        periods_within(cell.period),
    )
