"""The commands of areas, one transaction each. Each answers False when exactly this was there already."""

from collections.abc import Iterable

from shared.contracts.monitor import (
    AreaRegistered,
    AreasReorganised,
)
from shared.contracts.vocabulary import AreaLevel
from shared.database import Connection
from shared.outbox.cause import Cause
from shared.refusals import Invalid

from . import store

_ABOVE = {
    AreaLevel.NEIGHBOURHOOD: AreaLevel.MUNICIPALITY,
    AreaLevel.MUNICIPALITY: AreaLevel.REGION,
    AreaLevel.REGION: AreaLevel.PROVINCE,
    AreaLevel.PROVINCE: None,
}


async def register_area(connection: Connection, area: AreaRegistered, cause: Cause) -> bool:
    """Register an area under the level directly above it."""
    above = _ABOVE[area.level]
    parent = await store.area_level(connection, area.parent) if area.parent else None
    if parent is not above:
        wanted = f"een gebied van niveau {above}" if above else "leeg (null)"
        raise Invalid("wrong-parent", f"Boven een gebied van niveau {area.level} hoort {wanted}.", "#/parent")
    if area.valid_until is not None and area.valid_until <= area.valid_from:
        raise Invalid("ends-before-start", "validUntil moet na validFrom liggen.", "#/validUntil")
    return await store.insert_area(connection, area, cause)


async def reorganise_areas(connection: Connection, change: AreasReorganised, cause: Cause) -> bool:
    """Add a line to the crosswalk. What is merged or divided is there no longer: else the same people would count in
    it and in what became of it, and the difference of the two is a few people."""
    await require_areas(connection, change.predecessors, "#/predecessors/{}")
    await require_areas(connection, change.successors, "#/successors/{}")
    going_on = await store.area_that_goes_on(connection, change.predecessors, change.on)
    if going_on is not None:
        reason = f"Gebied {going_on['id']} bestaat na {change.on} nog: het hoort uiterlijk die dag te eindigen."
        raise Invalid("area-goes-on", reason, f"#/predecessors/{going_on['n'] - 1}")
    return await store.insert_area_change(connection, change, cause)


async def require_areas(connection: Connection, codes: Iterable[str], pointer: str) -> None:
    """Refuse the first of these codes that is no area; `pointer` has a place for its number."""
    unknown = await store.unknown_area(connection, codes)
    if unknown is not None:
        raise Invalid("unknown-area", f"Gebied {unknown['id']} bestaat niet.", pointer.format(unknown["n"] - 1))
