"""The towns inside and outside the programme, whatever they merged into; and their published figures put together."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from ...areas.domain import Area, AreaChange
from ...figure.public import NOTHING_PUBLIC, PublicTally

WARNING = (
    "Dit verschil is geen bewijs dat het programma werkt: de gemeenten zijn niet geloot, ze verschilden al voor het "
    "programma begon en er gebeurt meer dan het programma alleen."
)


class Side(StrEnum):
    """On which side a municipality stands. MIXED and TOUCHED stand on neither."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    MIXED = "mixed"
    TOUCHED = "touched"


#: Why a municipality is left out.
LEFT_OUT = {
    Side.MIXED: "deels in het programma: ontstaan uit gemeenten binnen en buiten het programma",
    Side.TOUCHED: "niet in het programma, maar er loopt wel een initiatief",
}


class ListedArea(NamedTuple):
    """A town or region in which the programme works between two days, as a paragraph of the document says."""

    area: str
    valid_from: date
    valid_until: date | None
    paragraph: str


@dataclass(frozen=True, slots=True)
class Programme:
    """All municipalities that ever were, how they changed, where the programme works and where initiatives do."""

    municipalities: Mapping[str, Area]
    changes: Sequence[AreaChange]
    areas: Collection[str]
    initiatives: Collection[str]

    def existing(self, day: date) -> list[Area]:
        """Municipalities of a day."""
        return [each for each in self.municipalities.values() if each.exists(day)]

    def sides(self, day: date, later: date | None = None) -> dict[str, Side]:
        """Of each municipality of a day. With `later`, the side of what it will be by then: like beside like."""
        sides = {each.code: self._side(each.code, day) for each in self.existing(day)}
        if later is None or later == day:
            return sides
        future = self.sides(later)
        for code in sides:
            reached = {future[successor] for successor in self._successors(code, later) if successor in future}
            sides[code] = reached.pop() if len(reached) == 1 else Side.MIXED
        return sides

    def covered(self, named: Collection[str], day: date) -> int:
        """How many municipalities of a day are named, or made only of municipalities that are."""
        return sum(all(leaf in named for leaf in self._made_of(each.code, day, named)) for each in self.existing(day))

    def _side(self, code: str, day: date) -> Side:
        parts = {self._listed(leaf, day) for leaf in self._made_of(code, day, self.areas)}
        if len(parts) > 1:
            return Side.MIXED
        if True in parts:
            return Side.INSIDE
        return Side.OUTSIDE if self._ancestors(code, day).isdisjoint(self.initiatives) else Side.TOUCHED

    def _listed(self, code: str, day: date) -> bool:
        """Whether the programme works there, or in all that it became."""
        became = [c.successors for c in self.changes if code in c.predecessors]
        return (
            code in self.areas
            or self.municipalities[code].lay_in(day) in self.areas
            or (bool(became) and all(successor in self.areas for successors in became for successor in successors))
        )

    def _ancestors(self, code: str, day: date) -> set[str]:
        """The municipality and all it goes back to."""
        return {part for part, _ in self._back(code, day, ())}

    def _parts(self, code: str, day: date) -> list[tuple[str, date]]:
        """What a municipality was made of, each with the day it was last so; nothing when it was there before."""
        latest = max((c.on for c in self.changes if c.on <= day and code in c.successors), default=None)
        if latest is None:
            return []
        parts = [p for c in self.changes if c.on == latest and code in c.successors for p in c.predecessors]
        if self.municipalities[code].valid_from < latest and code not in parts:
            parts.append(code)
        before = date.fromordinal(latest.toordinal() - 1)
        return [(part, before) for part in parts]

    def _made_of(self, code: str, day: date, whole: Collection[str]) -> set[str]:
        """The municipalities it goes back to; one that is in `whole` is not taken apart."""
        return {part for (part, _), parts in self._back(code, day, whole).items() if not parts}

    def _back(self, code: str, day: date, whole: Collection[str]) -> dict[tuple[str, date], list[tuple[str, date]]]:
        """It and all it goes back to, each on a day once with what it was made of; nothing when it was there before."""
        found: dict[tuple[str, date], list[tuple[str, date]]] = {}
        waiting = [(code, day)]
        while waiting:
            place = waiting.pop()
            if place not in found:
                found[place] = [] if place[0] in whole else self._parts(*place)
                waiting += found[place]
        return found

    def _successors(self, code: str, later: date) -> set[str]:
        reached = {code}
        for change in sorted(self.changes, key=lambda c: c.on):
            if change.on <= later and reached & set(change.predecessors):
                reached |= set(change.successors)
        return reached


@dataclass(frozen=True, slots=True)
class PooledTally:
    """Published sums of some municipalities together, and which of them have any."""

    tally: PublicTally
    areas: tuple[str, ...]


def pooled_tally(published: Mapping[str, PublicTally], areas: Iterable[str]) -> PooledTally:
    """Add what is public of these areas. One without public figures counts for nothing, whatever the reason."""
    found = tuple(sorted(area for area in areas if published.get(area)))
    return PooledTally(sum((published[area] for area in found), NOTHING_PUBLIC), found)
