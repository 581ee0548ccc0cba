"""Postgres of areas and their changes."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from shared import outbox
from shared.contracts.monitor import (
    AreaRegistered,
    AreasReorganised,
)
from shared.contracts.vocabulary import AreaChangeKind, AreaLevel
from shared.database import Connection, Record, queries
from shared.outbox import Draft
from shared.outbox.cause import Cause

from .domain import Area, AreaChange, KnownAreas

_Q = queries(Path(__file__).with_name("areas.sql"))


async def lock_areas(connection: Connection) -> KnownAreas:
    """All areas and the crosswalk, for a decision: no other command on them is decided until this transaction ends."""
    await connection.execute(_Q.lock)
    return KnownAreas({area.code: area for area in await areas(connection)}, await area_changes(connection))


async def insert_area(connection: Connection, area: AreaRegistered, cause: Cause) -> None:
    """Store an area and say so."""
    await connection.execute(
        _Q.insert_area, area.code, area.name, area.level, area.parent, area.valid_from, area.valid_until
    )
    await outbox.append(connection, [Draft(area, cause)])


async def area_level(connection: Connection, code: str) -> AreaLevel | None:
    """The level of an area, None when there is no such area."""
    level: str | None = await connection.fetchval(_Q.area_level, code)
    return AreaLevel(level) if level else None


async def areas(connection: Connection, level: AreaLevel | None = None) -> list[Area]:
    """Areas that are or were there, of a level or of any, by level and name."""
    return [Area(**{**row, "level": AreaLevel(row["level"])}) for row in await list_areas(connection, level)]


async def area_changes(connection: Connection) -> dict[str, AreaChange]:
    """The crosswalk, oldest first: its lines by id."""
    return {
        row["id"]: AreaChange(
            row["changed_on"], AreaChangeKind(row["kind"]), tuple(row["predecessors"]), tuple(row["successors"])
        )
        for row in await list_area_changes(connection)
    }


async def list_areas(connection: Connection, level: str | None = None, on: date | None = None) -> Sequence[Record]:
    """Areas of a level, on a date or ever."""
    return await connection.fetch(_Q.list_areas, level, on)


async def unknown_area(connection: Connection, codes: Iterable[str]) -> Record | None:
    """The first of these codes that is no area, with its position `n` from 1."""
    return await connection.fetchrow(_Q.unknown_areas, list(codes))


async def insert_area_change(connection: Connection, change: AreasReorganised, cause: Cause) -> None:
    """Store a line of the crosswalk and say so."""
    await connection.execute(
        _Q.insert_area_change,
        change.change,
        change.on,
        change.change_kind,
        change.predecessors,
        change.successors,
    )
    await outbox.append(connection, [Draft(change, cause)])


async def list_area_changes(connection: Connection) -> Sequence[Record]:
    """The crosswalk, oldest first."""
    return await connection.fetch(_Q.list_area_changes)


async def ancestry(connection: Connection, areas: Iterable[str]) -> Sequence[Record]:
    """Of each of these areas that is known: itself and those above it, lowest first."""
    return await connection.fetch(_Q.ancestry, list(areas))


async def list_parents(connection: Connection) -> Sequence[Record]:
    """Every area with the one above it."""
    return await connection.fetch(_Q.area_and_region)
