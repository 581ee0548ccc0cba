"""Areas through time: which areas of a period made up an area of another year's division, exactly, or why not.

The division of a year ("indeling") is that of its 1 January. Nothing is apportioned: a municipality that was divided
cannot be put together again from figures of municipalities. Regions and provinces have their own figures, which hold as
long as no change crossed their border.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, reduce
from operator import add

from shared.contracts.vocabulary import AreaChangeKind, AreaLevel
from shared.web.dutch import by_name, dutch_date

from ..figure.periods import first_day, last_day
from ..figure.public import PublicTally
from .domain import DAY, Area, AreaChange, Reorganisation, origins, reorganisations


@dataclass(frozen=True, slots=True)
class NotRecalculable:
    """There is no exact answer; `reason` is a Dutch sentence without full stop."""

    reason: str


@dataclass(frozen=True, slots=True)
class Recalculated:
    """An exact figure and the areas whose published figures it is the sum of."""

    tally: PublicTally
    parts: tuple[str, ...]


class Geography:
    """Every area that was ever there, and the crosswalk. What is not said to have changed has not."""

    def __init__(self, areas: Iterable[Area], changes: Iterable[AreaChange]) -> None:
        self.areas: Mapping[str, Area] = {area.code: area for area in areas}
        self.steps = sorted(reorganisations(self.areas, changes), key=lambda step: step.on)
        self._changed = frozenset[str]().union(*(step.touched for step in self.steps))

    @cached_property
    def first(self) -> date:
        """The first day of which the municipalities are known; never when there are none."""
        return min((a.valid_from for a in self.areas.values() if a.level is AreaLevel.MUNICIPALITY), default=date.max)

    def years(self, today: date) -> range:
        """The years whose division is known: up to this one, or a later one that the crosswalk tells of."""
        last = max((step.on for step in self.steps), default=today)
        return range((self.first - DAY).year + 1, max(today, last).year + 1)

    def municipalities_on(self, day: date) -> frozenset[str]:
        """The municipalities that existed on a day."""
        there = (a.code for a in self.areas.values() if a.level is AreaLevel.MUNICIPALITY and a.exists(day))
        return frozenset(there)

    def in_division(self, area: str, year: int) -> bool:
        """Whether an area existed on 1 January of a year."""
        return area in self.areas and self.areas[area].exists(date(year, 1, 1))

    def name(self, code: str) -> str:
        """What an area is called; its code when it is not known."""
        return self.areas[code].name if code in self.areas else code

    def names(self, codes: Iterable[str]) -> str:
        """Areas by name, as one reads them aloud: `Boxtel, Oisterwijk, Tilburg en Vught`."""
        *most, last = sorted(map(self.name, codes), key=by_name)
        return f"{', '.join(most)} en {last}" if most else last

    def parts(self, area: str, year: int, period: str) -> tuple[str, ...] | NotRecalculable:
        """The areas that made up, in a period, what `area` was on 1 January of a year. Raises KeyError when unknown."""
        found, division, (first, last) = self.areas[area], date(year, 1, 1), (first_day(period), last_day(period))
        if not found.exists(division):
            return NotRecalculable(f"{found.name} bestond niet op {dutch_date(division)}{self._became(area)}")
        if first < self.first:
            return NotRecalculable(f"de indeling van voor {dutch_date(self.first)} is niet bekend")
        if found.level is not AreaLevel.MUNICIPALITY:
            return self._itself(found, min(division, first), max(division, last))
        if area not in self._changed and found.exists(first):
            return (area,)
        made = self._made_of(area, division, first)
        if isinstance(made, Reorganisation):
            return self._refused(made)
        for step in self._between(first, last):
            if made & step.touched:
                return self._refused(step, f", binnen de periode {period}")
        missing = [code for code in made if code not in self.areas or not self.areas[code].exists(first)]
        if missing:
            return NotRecalculable(f"niet bekend is waar {self.names(missing)} uit voortkwam")
        return tuple(sorted(made))

    def is_given(self, area: str, year: int, period: str) -> bool:
        """Whether a figure of a period may have been given for an area that did not exist in it: yes when the area's
        land is the same from its existence up to the division of the year."""
        found, first, last = self.areas[area], first_day(period), last_day(period)
        end = (found.valid_until or date.max) - DAY
        if first < self.first or (found.valid_from <= last and first <= end) or not self.in_division(area, year):
            return False
        life = (found.valid_from, date(year, 1, 1)) if last < found.valid_from else (date(year, 1, 1), end)
        return all(area not in step.touched for step in self._between(*life))

    def misplaced(self, area: str, year: int, period: str) -> NotRecalculable | None:
        """Why a figure of `area` in the division of a year cannot stand under its code in a period: there the code is
        of other land. None when it can, also for a period in which the area was not there or of which nothing is known.
        Raises KeyError when the area is unknown."""
        if first_day(period) < self.first or self.is_given(area, year, period):
            return None
        parts = self.parts(area, year, period)
        if isinstance(parts, NotRecalculable) or parts == (area,):
            return parts if isinstance(parts, NotRecalculable) else None
        return NotRecalculable(f"{self.name(area)} van {year} was in {period} {self.names(parts)}")

    def candidates(self, area: str, year: int) -> frozenset[str]:
        """Every area whose figure is, in some period, a part of `area` in the division of a year, or would have been
        if it could be taken apart: those whose figures there must be for `recalculated` to say anything."""
        days = {self.first, *(step.on for step in self.steps)}
        made = (self._made_of(area, date(year, 1, 1), day) for day in days)
        return frozenset({area}).union(
            *(codes.touched if isinstance(codes, Reorganisation) else codes for codes in made)
        )

    def changes_of(self, area: str) -> list[tuple[date, str]]:
        """When the land of a municipality changed, and how in Dutch, oldest first."""
        return [(step.on, "; ".join(map(self._told, step.lines))) for step in self.steps if area in step.touched]

    def recalculated(
        self, area: str, year: int, period: str, published: Mapping[str, PublicTally]
    ) -> Recalculated | NotRecalculable | None:
        """The figure of an area, in the division of a year, from the published figures of one period by area.

        None when nothing at all is published of it. A figure that was given for the area in a period in which it did
        not exist is taken as it is. Raises KeyError when the area is unknown.
        """
        parts = self.parts(area, year, period)
        given = published.get(area) if self.is_given(area, year, period) else None
        if isinstance(parts, NotRecalculable):
            return Recalculated(given, (area,)) if given else parts
        present = {code: tally for code in parts if (tally := published.get(code))}
        if given:
            if present:
                return NotRecalculable(
                    f"over {period} zijn er cijfers van {self.names([area])} en van {self.names(present)}"
                )
            return Recalculated(given, (area,))
        if not present:
            return None
        if len(present) < len(parts):
            absent = set(parts).difference(present)
            return NotRecalculable(f"geen gepubliceerd cijfer van {self.names(absent)}")
        return Recalculated(reduce(add, present.values()), parts)

    def looked_at(self, areas: Collection[str], year: int, period: str) -> set[str]:
        """The areas whose figures of one period `recalculated` looks at for these areas."""
        parts = (self.parts(area, year, period) for area in areas)
        return set(areas).union(*(codes for codes in parts if not isinstance(codes, NotRecalculable)))

    def apart(self, year: int, period: str) -> frozenset[str]:
        """Municipalities of a year's division whose land may have been another in a period: their figures are
        recalculated, the others keep their own."""
        first, there = first_day(period), self.municipalities_on(date(year, 1, 1))
        if first < self.first:
            return there
        return frozenset(code for code in there if code in self._changed or not self.areas[code].exists(first))

    def carried(self, states: Mapping[str, bool | None], since: date, on: date) -> dict[str, bool | None]:
        """What holds of each municipality on a day, from what held of those of an earlier day; None is unknown.

        It holds of a new or grown municipality when it held of all it came from, and does not when it held of none.
        Raises ValueError when `on` is before `since`, or a state is of no municipality of that day.
        """
        if on < since:
            raise ValueError(f"{on} is before {since}")
        if strangers := set(states) - self.municipalities_on(since):
            raise ValueError(f"no municipalities on {since}: {', '.join(sorted(strangers))}")
        present = {code: states.get(code) for code in self.municipalities_on(since)}
        for step in self._between(since, on):
            after = {code: _agreed(present.get(origin) for origin in origins(code, step)) for code in step.after}
            present = {code: state for code, state in present.items() if code not in step.before} | after
        return {code: present.get(code) for code in self.municipalities_on(on)}

    def _made_of(self, area: str, division: date, day: date) -> frozenset[str] | Reorganisation:
        """What was, on a day, the land of an area of a division; or the step that makes it impossible to say."""
        land = frozenset({area})
        back = day <= division
        between = list(self._between(min(day, division), max(day, division)))
        for step in reversed(between) if back else between:
            ours, theirs = (step.after, step.before) if back else (step.before, step.after)
            if land & ours:
                if not ours <= land:
                    return step
                land = land - ours | theirs
        return land

    def _between(self, after: date, until: date) -> Iterator[Reorganisation]:
        return (step for step in self.steps if after < step.on <= until)

    def _itself(self, area: Area, first: date, last: date) -> tuple[str, ...] | NotRecalculable:
        """A region or province while its border stays, a neighbourhood while it exists."""
        if not (area.exists(first) and area.exists(last)):
            return NotRecalculable(f"{area.name} bestond niet van {dutch_date(first)} tot en met {dutch_date(last)}")
        for step in self._between(first, last):
            inside = [code for code in step.touched if self._lies_in(code, area.code, step.on)]
            if inside and len(inside) < len(step.touched):
                return self._refused(step, f", over de grens van {area.name}")
        return (area.code,)

    def _lies_in(self, code: str | None, above: str, day: date) -> bool:
        while code is not None and code != above:
            code = self.areas[code].lay_in(day) if code in self.areas else None
        return code == above

    def _refused(self, step: Reorganisation, where: str = "") -> NotRecalculable:
        return NotRecalculable(f"niet herberekenbaar: {'; '.join(map(self._told, step.lines))}{where}")

    def _told(self, line: AreaChange) -> str:
        verb = "is" if len(line.predecessors) == 1 else "zijn"
        became = "verdeeld over" if line.kind is AreaChangeKind.DIVISION else "samengegaan in"
        return f"{self.names(line.predecessors)} {verb} op {dutch_date(line.on)} {became} {self.names(line.successors)}"

    def _became(self, area: str) -> str:
        told = [sentence for _, sentence in self.changes_of(area)]
        return f": {told[0]}" if told else ""


def _agreed(states: Iterable[bool | None]) -> bool | None:
    """What all agree on; None when they do not, or there are none."""
    said = set(states)
    return said.pop() if len(said) == 1 else None
