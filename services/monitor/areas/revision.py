"""How what is known of areas and of the crosswalk is revised. Pure: what is said next, after all that was said."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from msgspec import structs

from shared.contracts.monitor import (
    AreaChangeCorrected,
    AreaChanged,
    AreaChangeWithdrawn,
    AreaCorrected,
    AreaRegistered,
    AreasReorganised,
    AreaWithdrawn,
)
from shared.contracts.revision import state_of
from shared.refusals import Conflict, Invalid
from shared.revisions import Grounds, Said, revise, still_named

from .domain import DAY, Area, AreaChange, Earlier, KnownAreas
from .rules import check_change, check_others, check_revised


@dataclass(frozen=True, slots=True)
class AreaFacts:
    """What an area is to be. Its level stays."""

    code: str
    name: str
    parent: str | None
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class AreaRevision:
    """What is said of an area, and how it is then."""

    event: AreaCorrected | AreaChanged
    area: Area


def correct_area(said: Sequence[Said], known: KnownAreas, facts: AreaFacts, grounds: Grounds) -> AreaRevision | None:
    """It was this: since its last change, when there was one."""
    state = _state(said)
    event = revise(said, AreaCorrected, grounds, _with(state, facts))
    if event is None:
        return None
    there = known.areas[state.code]
    area = replace(
        there, name=facts.name, parent=facts.parent, valid_from=facts.valid_from, valid_until=facts.valid_until
    )
    check_revised(area, known.with_area(area))
    return AreaRevision(event, area)


def change_area(
    said: Sequence[Said], known: KnownAreas, facts: AreaFacts, since: date, grounds: Grounds, today: date
) -> AreaRevision | None:
    """It is this from a day on. Every list shows what an area is called now, so it has no name from a day to come; and
    every period lies in one state, so it comes to lie in another area on a 1 January."""
    state = _state(said)
    facts = replace(facts, valid_from=state.valid_from)
    event = revise(said, AreaChanged, grounds, _with(state, facts), since=since)
    if event is None:
        return None
    there = known.areas[state.code]
    if not there.exists(since - DAY):
        reason = f"Dit gebied bestond op {since - DAY} niet: verbeter dan wat er staat."
        raise Conflict("not-there", reason, "#/from")
    if facts.name != there.name and since > today:
        raise Conflict("date-in-future", "Een gebied krijgt op zijn laatst vandaag een andere naam.", "#/from")
    if facts.parent != there.parent and (since.month, since.day) != (1, 1):
        reason = "Een gebied komt op 1 januari in een ander gebied te liggen, zodat elke periode in één indeling valt."
        raise Invalid("not-first-of-year", reason, "#/from")
    if facts.valid_until is not None and facts.valid_until < since:
        raise Invalid("ends-before-change", f"Eindig op {since} of later.", "#/validUntil")
    area = replace(there, name=facts.name, parent=facts.parent, valid_until=facts.valid_until)
    if (facts.name, facts.parent) != (there.name, there.parent):
        earlier = there.before
        if not earlier or earlier[-1].until < since:
            earlier = (*earlier, Earlier(since, there.name, there.parent))
        area = replace(area, before=earlier)
    check_revised(area, known.with_area(area))
    return AreaRevision(event, area)


def withdraw_area(
    said: Sequence[Said], known: KnownAreas, grounds: Grounds, named_by: str | None
) -> AreaWithdrawn | None:
    """It was never there. `named_by` is what names it, in Dutch: then it was."""
    event = revise(said, AreaWithdrawn, grounds)
    if event is None:
        return None
    for one in known.areas.values():
        if event.code in {up for *_, up in one.parents()}:
            raise still_named(event, f"{one.name} ({one.code}), dat erin ligt")
    for id_, line in known.changes.items():
        if event.code in (*line.predecessors, *line.successors):
            raise still_named(event, f"herindeling {id_}")
    if named_by is not None:
        raise still_named(event, named_by)
    return event


def correct_change(
    said: Sequence[Said], known: KnownAreas, state: AreasReorganised, grounds: Grounds
) -> AreaChangeCorrected | None:
    """The line was this. It is held against the registers as if it had not been there."""
    event = revise(said, AreaChangeCorrected, grounds, state)
    if event is not None:
        line = AreaChange(state.on, state.change_kind, state.predecessors, state.successors)
        others = _without(known, state.change)
        check_change(line, others)
        for one in (known.changes[state.change], line):
            check_others(one, others.with_change(state.change, line))
    return event


def withdraw_change(said: Sequence[Said], known: KnownAreas, grounds: Grounds) -> AreaChangeWithdrawn | None:
    """There was no such merger or division."""
    event = revise(said, AreaChangeWithdrawn, grounds)
    if event is not None:
        check_others(known.changes[event.change], _without(known, event.change))
    return event


def _without(known: KnownAreas, change: str) -> KnownAreas:
    return KnownAreas(known.areas, {id_: line for id_, line in known.changes.items() if id_ != change})


def _state(said: Sequence[Said]) -> AreaRegistered:
    state = state_of(said[-1].event)
    if not isinstance(state, AreaRegistered):
        raise AssertionError("the history of an area")
    return state


def _with(state: AreaRegistered, facts: AreaFacts) -> AreaRegistered:
    return structs.replace(
        state, name=facts.name, parent=facts.parent, valid_from=facts.valid_from, valid_until=facts.valid_until
    )
