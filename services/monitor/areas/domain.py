"""Areas with their validity, and the dated crosswalk: the reorganisations in which municipalities became others."""

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from shared.contracts.vocabulary import AreaChangeKind, AreaLevel
from shared.refusals import NotFound

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an area was called, and lay in, before a day."""

    until: date
    name: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Area:
    """An area; `valid_until` is the first day it no longer existed. Name and parent are those since its last change;
    `before` has the earlier ones, oldest first."""

    code: str
    name: str
    level: AreaLevel
    parent: str | None
    valid_from: date
    valid_until: date | None
    before: tuple[Earlier, ...] = ()

    def exists(self, day: date) -> bool:
        """Whether it existed on a day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)

    def lay_in(self, day: date) -> str | None:
        """What it lay in on a day; before it existed, what it lay in first."""
        return next((earlier.parent for earlier in self.before if day < earlier.until), self.parent)

    def parents(self) -> Iterator[tuple[date, date | None, str | None]]:
        """What it lay in, each from a day until another."""
        since = self.valid_from
        for earlier in self.before:
            yield since, earlier.until, earlier.parent
            since = earlier.until
        yield since, self.valid_until, self.parent


@dataclass(frozen=True, slots=True)
class AreaChange:
    """A line of the crosswalk: its predecessors became its successors, or parts of them, on a day."""

    on: date
    kind: AreaChangeKind
    predecessors: tuple[str, ...]
    successors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnownAreas:
    """All that the registers say: areas by code, and the lines of the crosswalk by id."""

    areas: Mapping[str, Area]
    changes: Mapping[str, AreaChange]

    def with_area(self, area: Area) -> "KnownAreas":
        """The same with an area as it is here."""
        return KnownAreas({**self.areas, area.code: area}, self.changes)

    def with_change(self, id_: str, change: AreaChange) -> "KnownAreas":
        """The same with a line as it is here."""
        return KnownAreas(self.areas, {**self.changes, id_: change})

    def below(self, code: str) -> list[str]:
        """The area and all that ever lay in it."""
        found = [code]
        for above in found:  # grows while we go
            found += [a.code for a in self.areas.values() if above in {up for *_, up in a.parents()} - {None}]
        return found


@dataclass(frozen=True, slots=True)
class Reorganisation:
    """Lines of one day that share areas: all of `before` together is the same land as all of `after`."""

    on: date
    before: frozenset[str]
    after: frozenset[str]
    lines: tuple[AreaChange, ...]

    @property
    def touched(self) -> frozenset[str]:
        """Every area in it."""
        return self.before | self.after


def reorganisations(areas: Mapping[str, Area], changes: Iterable[AreaChange]) -> Iterator[Reorganisation]:
    """The lines of a day that touch each other, as one step; days in the order in which they come."""
    by_day: dict[date, list[list[AreaChange]]] = defaultdict(list)
    for change in changes:
        groups = by_day[change.on]
        joined = [change]
        for group in [g for g in groups if _touched(g) & _touched([change])]:
            groups.remove(group)
            joined = group + joined
        groups.append(joined)
    for on, groups in by_day.items():
        for group in groups:
            known = [areas[code] for code in _touched(group) if code in areas]
            before = frozenset(area.code for area in known if area.exists(on - DAY))
            after = frozenset(area.code for area in known if area.exists(on))
            yield Reorganisation(on, before, after, tuple(group))


def _touched(lines: Iterable[AreaChange]) -> set[str]:
    return {code for line in lines for code in (*line.predecessors, *line.successors)}


def origins(code: str, step: Reorganisation) -> Collection[str]:
    """The municipalities of before the step that a municipality has land of."""
    seen, waiting = {code}, [code]
    while waiting:
        one = waiting.pop()
        above = {old for line in step.lines if one in line.successors for old in line.predecessors}
        waiting += above - seen
        seen |= above
    return seen & step.before


def require_area(known: Container[str], code: str, detail: str | None = None) -> None:
    """Raise NotFound when an area is not among those that are known; `detail` says so in other words."""
    if code not in known:
        raise NotFound("unknown-area", detail or f"Er is geen gebied {code}.")
