"""Areas with their validity, and the dated crosswalk: the reorganisations in which municipalities became others."""

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from shared.contracts.vocabulary import AreaChangeKind, AreaLevel
from shared.refusals import NotFound

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Area:
    """An area; `valid_until` is the first day it no longer existed."""

    code: str
    name: str
    level: AreaLevel
    parent: str | None
    valid_from: date
    valid_until: date | None

    def exists(self, day: date) -> bool:
        """Whether it existed on a day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


@dataclass(frozen=True, slots=True)
class AreaChange:
    """A line of the crosswalk: its predecessors became its successors, or parts of them, on a day."""

    on: date
    kind: AreaChangeKind
    predecessors: tuple[str, ...]
    successors: tuple[str, ...]


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
