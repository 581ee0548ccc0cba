"""What neighbours may ask of areas: which there are, what they became, and what lies above them."""

from collections.abc import Iterable
from datetime import date

from shared.contracts.monitor import AreaRegistered, AreaWithdrawn
from shared.contracts.revision import state_of
from shared.contracts.vocabulary import AreaLevel
from shared.database import Connection
from shared.refusals import Invalid

from ..figure.cells import AreaChain
from . import store
from .domain import Area, AreaChange, require_area
from .geography import Geography
from .memory import RememberingGeography


async def geography(connection: Connection) -> Geography:
    """Every area and the crosswalk."""
    return RememberingGeography(await areas(connection), await crosswalk(connection))


async def areas(connection: Connection, level: AreaLevel | None = None) -> list[Area]:
    """Areas that are or were there, of a level or of any, by level and name."""
    return await store.areas(connection, level)


async def crosswalk(connection: Connection) -> list[AreaChange]:
    """Which areas became which, oldest first."""
    return [*(await store.area_changes(connection)).values()]


async def exists(connection: Connection, code: str) -> bool:
    """Whether there is such an area, or was."""
    return await store.area_level(connection, code) is not None


async def withdrawn(connection: Connection, code: str) -> AreaRegistered | None:
    """What was known of an area that is withdrawn; None when it is not, or never was."""
    said = await store.said_of_area(connection, code)
    if not (said and isinstance(said[-1].event, AreaWithdrawn)):
        return None
    state = state_of(said[-1].event)
    return state if isinstance(state, AreaRegistered) else None


async def require_choice(connection: Connection, code: str | None) -> None:
    """Raise NotFound for a filter on an area that never was there: it would be an empty list for ever."""
    if code is not None and not await exists(connection, code):
        require_area((), code)


async def ancestry(connection: Connection, places: Iterable[tuple[str, int]]) -> dict[tuple[str, int], AreaChain]:
    """Each of these areas that is known, in a year, and each above it, with those above that.

    Until the caller's transaction ends no area comes to lie in another: what was added up so is stored so.
    """
    await store.keep_areas(connection)
    found: dict[tuple[str, int], AreaChain] = {}
    for row in await store.ancestry(connection, places):
        place = row["area"], row["year"]
        found[place] = (*found.get(place, ()), (AreaLevel(row["level"]), row["code"]))
    return {
        (chain[height][1], year): chain[height:] for (_, year), chain in found.items() for height in range(len(chain))
    }


async def there(connection: Connection, places: Iterable[tuple[str, date]]) -> set[tuple[str, date]]:
    """Those of these areas that exist on the day beside them, until the caller's transaction ends."""
    await store.keep_areas(connection)
    return await store.there(connection, places)


async def require_there(connection: Connection, code: str, on: date, pointer: str) -> None:
    """Refuse, at `pointer`, an area that is not there or does not exist on a day."""
    if (code, on) not in await there(connection, [(code, on)]):
        when = f" op {on}" if await exists(connection, code) else ""
        raise Invalid("unknown-area", f"Het gebied {code} bestaat{when} niet.", pointer)


async def keep(connection: Connection) -> None:
    """Until the caller's transaction ends no area comes to lie in another."""
    await store.keep_areas(connection)


async def still_so(connection: Connection, known: Geography) -> bool:
    """Whether areas and crosswalk are as they were read; if so, they stay so until the caller's transaction ends."""
    await store.keep_areas(connection)
    now = Geography(await areas(connection), await crosswalk(connection))
    return (now.areas, now.steps) == (known.areas, known.steps)


async def parents(connection: Connection) -> dict[str, str | None]:
    """Every area with the one above it."""
    return {row["code"]: row["parent"] for row in await store.list_parents(connection)}
