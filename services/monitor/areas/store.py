"""Postgres of areas and their changes."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from shared import outbox
from shared.contracts.monitor import (
    AreaRegistered,
    AreasReorganised,
)
from shared.contracts.vocabulary import AreaLevel
from shared.database import Connection, Record, queries
from shared.outbox.cause import Cause

_Q = queries(Path(__file__).with_name("areas.sql"))


async def insert_area(connection: Connection, area: AreaRegistered, cause: Cause) -> bool:
    """Store an area and say so; False when it was there."""
    said = await outbox.insert_with_event(
        connection,
        area,
        cause,
        _Q.insert_area,
        area.code,
        area.name,
        area.level,
        area.parent,
        area.valid_from,
        area.valid_until,
    )
    return said is not None


async def area_level(connection: Connection, code: str) -> AreaLevel | None:
    """The level of an area, None when there is no such area."""
    level: str | None = await connection.fetchval(_Q.area_level, code)
    return AreaLevel(level) if level else None


async def list_areas(connection: Connection, level: str | None = None, on: date | None = None) -> Sequence[Record]:
    """Areas of a level, on a date or ever."""
    return await connection.fetch(_Q.list_areas, level, on)


async def unknown_area(connection: Connection, codes: Iterable[str]) -> Record | None:
    """The first of these codes that is no area, with its position `n` from 1."""
    return await connection.fetchrow(_Q.unknown_areas, list(codes))


async def area_that_goes_on(connection: Connection, codes: Iterable[str], on: date) -> Record | None:
    """The first of these areas that is there after a day too, with its position `n` from 1."""
    return await connection.fetchrow(_Q.areas_that_go_on, list(codes), on)


async def insert_area_change(connection: Connection, change: AreasReorganised, cause: Cause) -> bool:
    """Store a line of the crosswalk and say so; False when it was there."""
    said = await outbox.insert_with_event(
        connection,
        change,
        cause,
        _Q.insert_area_change,
        change.change,
        change.on,
        change.change_kind,
        change.predecessors,
        change.successors,
    )
    return said is not None


async def list_area_changes(connection: Connection) -> Sequence[Record]:
    """The crosswalk, oldest first."""
    return await connection.fetch(_Q.list_area_changes)


async def ancestry(connection: Connection, areas: Iterable[str]) -> Sequence[Record]:
    """Of each of these areas that is known: itself and those above it, lowest first."""
    return await connection.fetch(_Q.ancestry, list(areas))


async def list_parents(connection: Connection) -> Sequence[Record]:
    """Every area with the one above it."""
    return await connection.fetch(_Q.area_and_region)
