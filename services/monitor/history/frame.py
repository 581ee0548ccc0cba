"""What lines are added up in: the areas and indicators as they were at some moment."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property

import msgspec

from .domain import CellKey, Scope, periods_within


class FrozenArea(msgspec.Struct, frozen=True, rename="camel"):
    """An area as it was when a frame was taken."""

    code: str
    name: str
    level: str
    parent: str | None
    valid_from: date
    valid_until: date | None


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
    def _below(self) -> Mapping[str | None, Sequence[str]]:
        below: dict[str | None, list[str]] = {}
        for area in self.areas:
            below.setdefault(area.parent, []).append(area.code)
        return below

    def around(self) -> list[tuple[str, str]]:
        """Every area with itself and each area above it."""
        parents = {area.code: area.parent for area in self.areas}
        pairs = []
        for area in parents:
            above: str | None = area
            while above is not None:
                pairs.append((area, above))
                above = parents[above]
        return pairs

    def within(self, area: str) -> list[str]:
        """The area and all below it."""
        found = [area]
        for code in found:  # grows while we go
            found += self._below.get(code, ())
        return found

    def indicators_of(self, kind: str, code: str) -> list[str]:
        """The indicators that count in a figure."""
        return [code] if kind == "indicator" else [one.code for one in self.indicators if one.theme == code]


def scope_of(cell: CellKey, frame: Frame) -> Scope:
    """The lines of a figure: of all areas and periods within its own."""
    return Scope(
        frame.indicators_of(cell.kind, cell.code),
        cell.source,
        " ".join(frame.within(cell.area)),
        periods_within(cell.period),
    )
