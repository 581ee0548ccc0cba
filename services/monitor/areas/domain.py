"""Areas with their validity, and the dated crosswalk: the reorganisations in which municipalities became others."""

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from shared.contracts.vocabulary import AreaChangeKind, AreaLevel
from shared.refusals import Conflict, Invalid, NotFound

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
class KnownAreas:
    """All that the registers say: areas by code, and the lines of the crosswalk by id."""

    areas: Mapping[str, Area]
    changes: Mapping[str, AreaChange]


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


_ABOVE = {
    AreaLevel.NEIGHBOURHOOD: AreaLevel.MUNICIPALITY,
    AreaLevel.MUNICIPALITY: AreaLevel.REGION,
    AreaLevel.REGION: AreaLevel.PROVINCE,
    AreaLevel.PROVINCE: None,
}


def check_area(area: Area, known: KnownAreas) -> None:
    """Refuse an area that is not under the level directly above it, as long as it exists. Raises Invalid."""
    if area.valid_until is not None and area.valid_until <= area.valid_from:
        raise Invalid("ends-before-start", "validUntil moet na validFrom liggen.", "#/validUntil")
    above = _ABOVE[area.level]
    parent = known.areas.get(area.parent) if area.parent is not None else None
    if (area.parent is None) != (above is None) or (parent.level if parent else None) is not above:
        wanted = f"een gebied van niveau {above}" if above else "leeg (null)"
        raise Invalid("wrong-parent", f"Boven een gebied van niveau {area.level} hoort {wanted}.", "#/parent")
    if parent is None:
        return
    if area.valid_from < parent.valid_from:
        reason = f"{parent.name} ({parent.code}) bestaat pas vanaf {parent.valid_from}: begin op die dag of later."
        raise Invalid("outside-parent", reason, "#/validFrom")
    if parent.valid_until is not None and (area.valid_until is None or area.valid_until > parent.valid_until):
        reason = f"{parent.name} ({parent.code}) bestaat tot {parent.valid_until}: eindig uiterlijk op die dag."
        raise Invalid("outside-parent", reason, "#/validUntil")


def check_change(change: AreaChange, known: KnownAreas) -> None:
    """Refuse a line of the crosswalk of which the areas are not municipalities that end and exist on its day, or that
    is no merger or division. `known` is without the line itself. Raises Invalid or Conflict.

    What is merged or divided is there no longer: else the same people would count in it and in what became of it, and
    the difference of the two is a few people.
    """
    _check_municipalities(change, known)
    for number, old in enumerate(change.predecessors):
        _check_predecessor(known.areas[old], f"#/predecessors/{number}", change, known)
    for number, new in enumerate(change.successors):
        if not known.areas[new].exists(change.on):
            reason = f"{_called(known.areas[new])} bestaat niet op {change.on}."
            raise Invalid("not-there", reason, f"#/successors/{number}")
    _check_kind(change, known)


def _check_municipalities(change: AreaChange, known: KnownAreas) -> None:
    seen: set[str] = set()
    for pointer, code in (
        *((f"#/predecessors/{n}", code) for n, code in enumerate(change.predecessors)),
        *((f"#/successors/{n}", code) for n, code in enumerate(change.successors)),
    ):
        if code in seen:
            reason = f"Gebied {code} staat er twee keer: wat blijft bestaan hoort alleen bij de opvolgers."
            raise Invalid("area-twice", reason, pointer)
        seen.add(code)
        area = known.areas.get(code)
        if area is None:
            raise Invalid("unknown-area", f"Gebied {code} bestaat niet.", pointer)
        if area.level is not AreaLevel.MUNICIPALITY:
            reason = f"{_called(area)} is een {area.level.dutch}: een herindeling is van gemeenten."
            raise Invalid("no-municipality", reason, pointer)


def _check_predecessor(area: Area, pointer: str, change: AreaChange, known: KnownAreas) -> None:
    if area.valid_until is None or area.valid_until > change.on:
        reason = f"Gebied {area.code} bestaat na {change.on} nog: het hoort die dag te eindigen."
        raise Invalid("area-goes-on", reason, pointer)
    if not area.exists(change.on - DAY):
        raise Invalid("not-there", f"{_called(area)} bestond op {change.on - DAY} niet.", pointer)
    for other, line in known.changes.items():
        if area.code in line.predecessors:
            reason = f"{_called(area)} ging op {line.on} al op in een andere herindeling: {other}."
            raise Conflict("already-changed", reason, pointer)


def _check_kind(change: AreaChange, known: KnownAreas) -> None:
    if change.kind is AreaChangeKind.DIVISION:
        if len(change.predecessors) > 1:
            reason = "Bij een splitsing is er één voorganger: leg elke splitsing apart vast."
            raise Invalid("one-predecessor", reason, "#/predecessors/1")
        if len(change.successors) < 2:
            raise Invalid("too-few-successors", "Bij een splitsing zijn er twee opvolgers of meer.", "#/successors")
        return
    if len(change.successors) > 1:
        reason = "Bij een samenvoeging is er één opvolger: leg elke samenvoeging apart vast."
        raise Invalid("one-successor", reason, "#/successors/1")
    [new] = change.successors
    joined = known.areas[new].exists(change.on - DAY) or any(
        line.on == change.on and new in line.successors for line in known.changes.values()
    )
    if len(change.predecessors) < 2 and not joined:
        reason = f"Eén gemeente gaat op in een die er al was: {_called(known.areas[new])} is die dag nieuw."
        raise Invalid("too-few-predecessors", reason, "#/predecessors")


def _called(area: Area) -> str:
    return f"{area.name} ({area.code})"


def require_area(known: Container[str], code: str, detail: str | None = None) -> None:
    """Raise NotFound when an area is not among those that are known; `detail` says so in other words."""
    if code not in known:
        raise NotFound("unknown-area", detail or f"Er is geen gebied {code}.")
