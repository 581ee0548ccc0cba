"""The commands of areas, one transaction each. Each answers False when exactly this was there already."""

from collections.abc import Iterable

from shared import outbox
from shared.contracts.monitor import (
    AreaRegistered,
    AreasReorganised,
)
from shared.database import Connection
from shared.outbox.cause import Cause
from shared.refusals import Invalid

from . import store
from .domain import Area, AreaChange, check_area, check_change


async def register_area(connection: Connection, area: AreaRegistered, cause: Cause) -> bool:
    """Register an area under the level directly above it."""
    known = await store.lock_areas(connection)
    if area.code in known.areas:
        await outbox.require_repeat(connection, area)
        return False
    check_area(Area(area.code, area.name, area.level, area.parent, area.valid_from, area.valid_until), known)
    await store.insert_area(connection, area, cause)
    return True


async def reorganise_areas(connection: Connection, change: AreasReorganised, cause: Cause) -> bool:
    """Add a line to the crosswalk."""
    known = await store.lock_areas(connection)
    if change.change in known.changes:
        await outbox.require_repeat(connection, change)
        return False
    check_change(AreaChange(change.on, change.change_kind, change.predecessors, change.successors), known)
    await store.insert_area_change(connection, change, cause)
    return True


async def require_areas(connection: Connection, codes: Iterable[str], pointer: str) -> None:
    """Refuse the first of these codes that is no area; `pointer` has a place for its number."""
    unknown = await store.unknown_area(connection, codes)
    if unknown is not None:
        raise Invalid("unknown-area", f"Gebied {unknown['id']} bestaat niet.", pointer.format(unknown["n"] - 1))
