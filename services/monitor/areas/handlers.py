"""The commands of areas, one transaction each. Each answers False when exactly this was there already.

One at a time: what the registers say together is what a command is held against.
"""

from collections.abc import Iterable
from datetime import date

from shared import outbox
from shared.contracts.monitor import AreaRegistered, AreasReorganised
from shared.database import Connection
from shared.outbox.cause import Cause
from shared.refusals import Conflict, Invalid
from shared.revisions import Asked, AskedSince

from . import revision, store
from .domain import DAY, Area, AreaChange, KnownAreas
from .revision import AreaFacts, AreaRevision
from .rules import check_area, check_change, check_code


async def register_area(connection: Connection, area: AreaRegistered, cause: Cause) -> bool:
    """Register an area under the level directly above it."""
    known = await store.lock_areas(connection)
    if await outbox.is_repeat(connection, area, "#/code"):
        return False
    check_code(area.code, known)
    check_area(Area(area.code, area.name, area.level, area.parent, area.valid_from, area.valid_until), known)
    await store.insert_area(connection, area, cause)
    return True


async def correct_area(connection: Connection, asked: Asked[AreaFacts], cause: Cause) -> bool:
    """Say what an area was since its last change, and from when until when it was there."""
    known = await store.lock_areas(connection)
    code = asked.subject.code
    said = await store.require_said_of_area(connection, code)
    revised = revision.correct_area(said, known, asked.subject, asked.grounds)
    since = known.areas[code].before[-1].until.year if revised and known.areas[code].before else date.min.year
    return await _save(connection, revised, known, since, cause)


async def change_area(connection: Connection, asked: AskedSince[AreaFacts], cause: Cause) -> bool:
    """Say what an area is from a day on: another name, in another area, or there no longer."""
    known = await store.lock_areas(connection)
    said = await store.require_said_of_area(connection, asked.subject.code)
    revised = revision.change_area(said, known, asked.subject, asked.since, asked.grounds, cause.today)
    return await _save(connection, revised, known, asked.since.year, cause)


async def withdraw_area(connection: Connection, asked: Asked[str], cause: Cause) -> bool:
    """Withdraw an area that nothing names."""
    known = await store.lock_areas(connection)
    code = asked.subject
    said = await store.require_said_of_area(connection, code)
    named_by = await store.named_by(connection, code)
    if named_by is None and await store.figures_since(connection, [code], date.min.year):
        named_by = "cijfers of dialogen"
    event = revision.withdraw_area(said, known, asked.grounds, named_by)
    if event is None:
        return False
    await store.remove_area(connection, event, cause)
    return True


async def reorganise_areas(connection: Connection, change: AreasReorganised, cause: Cause) -> bool:
    """Add a line to the crosswalk."""
    known = await store.lock_areas(connection)
    if await outbox.is_repeat(connection, change):
        return False
    check_change(AreaChange(change.on, change.change_kind, change.predecessors, change.successors), known)
    await store.insert_area_change(connection, change, cause)
    return True


async def correct_area_change(connection: Connection, asked: Asked[AreasReorganised], cause: Cause) -> bool:
    """Say what a line of the crosswalk is."""
    known = await store.lock_areas(connection)
    said = await store.require_said_of_change(connection, asked.subject.change)
    event = revision.correct_change(said, known, asked.subject, asked.grounds)
    if event is None:
        return False
    await store.save_area_change(connection, event, cause)
    return True


async def withdraw_area_change(connection: Connection, asked: Asked[str], cause: Cause) -> bool:
    """Say that there was no such merger or division."""
    known = await store.lock_areas(connection)
    said = await store.require_said_of_change(connection, asked.subject)
    event = revision.withdraw_change(said, known, asked.grounds)
    if event is None:
        return False
    await store.remove_area_change(connection, event, cause)
    return True


async def require_areas(connection: Connection, codes: Iterable[str], pointer: str) -> None:
    """Refuse the first of these codes that is no area; `pointer` has a place for its number."""
    unknown = await store.unknown_area(connection, codes)
    if unknown is not None:
        raise Invalid("unknown-area", f"Gebied {unknown['id']} bestaat niet.", pointer.format(unknown["n"] - 1))


async def _save(
    connection: Connection, revised: AreaRevision | None, known: KnownAreas, since: int, cause: Cause
) -> bool:
    """Figures stay where they were added up: an area comes to lie in another only where there are none yet, and was
    there when they are of."""
    if revised is None:
        return False
    area = revised.area
    moves = area.parent != known.areas[area.code].parent
    if moves and await store.figures_since(connection, known.below(area.code), since):
        when = f"Over {since} of later" if since > date.min.year else "Hier"
        reason = f"{when} zijn al cijfers of dialogen geteld waar dit gebied lag: kies een 1 januari daarna."
        raise Conflict("figures-there", reason, "#/parent")
    await _require_life(connection, area, known.areas[area.code])
    await store.save_area(connection, area, revised.event, cause)
    return True


async def _require_life(connection: Connection, area: Area, there: Area) -> None:
    """Nothing in an area is of a day on which it is not there."""
    reason = "Er zijn cijfers, dialogen, resultaten of programmagebieden van {} {}: toen was dit gebied er."
    if area.valid_from > there.valid_from and await store.figures_outside(connection, area.code, area.valid_from, None):
        raise Conflict("figures-there", reason.format("voor", area.valid_from), "#/validFrom")
    if (
        area.valid_until is not None
        and (there.valid_until is None or area.valid_until < there.valid_until)
        and await store.figures_outside(connection, area.code, None, area.valid_until)
    ):
        raise Conflict("figures-there", reason.format("na", area.valid_until - DAY), "#/validUntil")
