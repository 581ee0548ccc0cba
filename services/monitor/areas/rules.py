"""What the registers of areas may say, held against all that they say. Readers rely on it. Pure."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from shared.contracts.vocabulary import AreaChangeKind, AreaLevel
from shared.refusals import Conflict, Invalid, Refused

from .domain import DAY, Area, AreaChange, KnownAreas

T = TypeVar("T")

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
    for since, until, code in area.parents():
        if code is not None:
            _check_within(known.areas[code], since, until)


def check_code(code: str, known: KnownAreas) -> None:
    """Refuse a code that is another's but for its case: files name either, however they write it. Raises Conflict."""
    for one in known.areas.values():
        if one.code.casefold() == code.casefold():
            reason = f"{_called(one)} is er al: een kenmerk verschilt in meer dan hoofdletters."
            raise Conflict("code-in-use", reason, "#/code")


def _check_within(parent: Area, since: date, until: date | None) -> None:
    if since < parent.valid_from:
        reason = f"{_called(parent)} bestaat pas vanaf {parent.valid_from}: begin op die dag of later."
        raise Invalid("outside-parent", reason, "#/validFrom")
    if parent.valid_until is not None and (until is None or until > parent.valid_until):
        reason = f"{_called(parent)} bestaat tot {parent.valid_until}: eindig uiterlijk op die dag."
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


def check_revised(area: Area, known: KnownAreas) -> None:
    """Refuse an area that does not fit, or with which what lies in it or became of it no longer does. `known` has it
    already. Raises Invalid or Conflict."""
    if area.before and area.before[0].until <= area.valid_from:
        reason = f"Dit gebied is op {area.before[0].until} veranderd: begin voor die dag."
        raise Invalid("starts-after-change", reason, "#/validFrom")
    if area.before and area.valid_until is not None and area.valid_until <= area.before[-1].until:
        reason = f"Dit gebied is op {area.before[-1].until} veranderd: eindig na die dag."
        raise Invalid("ends-before-change", reason, "#/validUntil")
    check_area(area, known)
    for one in known.areas.values():
        if one.code != area.code and area.code in {up for *_, up in one.parents()}:
            _check_still(f"{_called(one)} ligt hierin", check_area, one, known)
    for id_, line in known.changes.items():
        if area.code in (*line.predecessors, *line.successors):
            others = KnownAreas(known.areas, {other: one for other, one in known.changes.items() if other != id_})
            _check_still(f"herindeling {id_} noemt dit gebied", check_change, line, others)


def check_others(line: AreaChange, known: KnownAreas) -> None:
    """Refuse a line that is otherwise, or gone, when the others of its day no longer fit. `known` is as it is then."""
    for id_, other in known.changes.items():
        if other.on == line.on and other is not line:
            others = KnownAreas(known.areas, {one: each for one, each in known.changes.items() if one != id_})
            _check_still(f"herindeling {id_} is van dezelfde dag", check_change, other, others)


def _check_still(what: str, check: Callable[[T, KnownAreas], None], one: T, known: KnownAreas) -> None:
    try:
        check(one, known)
    except Refused as refused:
        raise Conflict("no-longer-fits", f"Dat past niet meer: {what}. {refused.detail}") from refused
