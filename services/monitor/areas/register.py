"""What neighbours may ask of areas: which there are, what they became, and what lies above them."""

from collections.abc import Iterable

from shared.contracts.vocabulary import AreaLevel
from shared.database import Connection

from ..figure.cells import AreaChain
from . import store
from .domain import Area, AreaChange
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


async def ancestry(connection: Connection, areas: Iterable[str]) -> dict[str, AreaChain]:
    """Each of these areas that is known, and each above it, with those above that."""
    found: dict[str, AreaChain] = {}
    for row in await store.ancestry(connection, areas):
        found[row["area"]] = (*found.get(row["area"], ()), (AreaLevel(row["level"]), row["code"]))
    return {chain[height][1]: chain[height:] for chain in found.values() for height in range(len(chain))}


async def parents(connection: Connection) -> dict[str, str | None]:
    """Every area with the one above it."""
    return {row["code"]: row["parent"] for row in await store.list_parents(connection)}
