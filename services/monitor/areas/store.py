"""Postgres of areas and their changes."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from shared import outbox
from shared.contracts import Contract
from shared.contracts.monitor import (
    AreaChangeCorrected,
    AreaChangeWithdrawn,
    AreaRegistered,
    AreasReorganised,
    AreaWithdrawn,
)
from shared.contracts.vocabulary import AreaChangeKind, AreaLevel
from shared.database import Connection, Record, queries
from shared.outbox import Draft
from shared.outbox.cause import Cause
from shared.refusals import NotFound
from shared.revisions import Said
from shared.web.dutch import by_name

from .domain import Area, AreaChange, Earlier, KnownAreas

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


async def save_area(connection: Connection, area: Area, event: Contract, cause: Cause) -> None:
    """Store how an area is now and was before, and say so."""
    await connection.execute(_Q.save_area, area.code, area.name, area.parent, area.valid_from, area.valid_until)
    await connection.execute(_Q.forget_before, area.code)
    await connection.execute(
        _Q.insert_before,
        area.code,
        [earlier.until for earlier in area.before],
        [earlier.name for earlier in area.before],
        [earlier.parent for earlier in area.before],
    )
    await _revised(connection, event, cause)


async def remove_area(connection: Connection, event: AreaWithdrawn, cause: Cause) -> None:
    """Remove an area and say so."""
    await connection.execute(_Q.remove_area, event.code)
    await _revised(connection, event, cause)


async def _revised(connection: Connection, event: Contract, cause: Cause) -> None:
    await connection.execute(_Q.note_revision)
    await outbox.append(connection, [Draft(event, cause)])


async def figures_since(connection: Connection, areas: Iterable[str], year: int) -> bool:
    """Whether anything was ever counted in these areas, public or not, in or after a year."""
    there: bool = await connection.fetchval(_Q.figures_since, list(areas), year)
    return there


async def figures_outside(connection: Connection, area: str, since: date | None, until: date | None) -> bool:
    """Whether anything in an area is of before `since`, or of `until` or later."""
    there: bool = await connection.fetchval(_Q.figures_outside, area, since, until)
    return there


async def there(connection: Connection, places: Iterable[tuple[str, date]]) -> set[tuple[str, date]]:
    """Those of these areas that exist on the day beside them."""
    asked = [*places]
    rows = await connection.fetch(_Q.there, [area for area, _ in asked], [day for _, day in asked])
    return {(row["code"], row["day"]) for row in rows}


async def named_by(connection: Connection, code: str) -> str | None:
    """What names an area, in Dutch, if anything does."""
    what: str | None = await connection.fetchval(_Q.named_by, code)
    return what


async def said_of_area(connection: Connection, code: str) -> list[Said]:
    """All that was said of an area, oldest first."""
    # Only the code is looked at.
    area = AreaRegistered(
        code=code, name="", level=AreaLevel.PROVINCE, parent=None, valid_from=date.min, valid_until=None
    )
    return await outbox.history(connection, area)


async def said_of_change(connection: Connection, change: str) -> list[Said]:
    """All that was said of a line of the crosswalk, oldest first."""
    line = AreasReorganised(
        change=change, on=date.min, change_kind=AreaChangeKind.MERGER, predecessors=(), successors=()
    )
    return await outbox.history(connection, line)


async def require_said_of_area(connection: Connection, code: str) -> list[Said]:
    """The same. Raises NotFound when nothing was."""
    if said := await said_of_area(connection, code):
        return said
    raise NotFound("unknown-area", f"Er is geen gebied {code}.")


async def require_said_of_change(connection: Connection, change: str) -> list[Said]:
    """The same. Raises NotFound when nothing was."""
    if said := await said_of_change(connection, change):
        return said
    raise NotFound("unknown-area-change", f"Er is geen herindeling {change}.")


async def area_level(connection: Connection, code: str) -> AreaLevel | None:
    """The level of an area, None when there is no such area."""
    level: str | None = await connection.fetchval(_Q.area_level, code)
    return AreaLevel(level) if level else None


async def areas(connection: Connection, level: AreaLevel | None = None) -> list[Area]:
    """Areas that are or were there, of a level or of any, by level and name."""
    before: dict[str, list[Earlier]] = {}
    for row in await connection.fetch(_Q.list_before):
        before.setdefault(row["code"], []).append(Earlier(row["until"], row["name"], row["parent"]))
    return [
        Area(**{**row, "level": AreaLevel(row["level"]), "before": tuple(before.get(row["code"], ()))})
        for row in sorted(await connection.fetch(_Q.last_areas, level), key=_by_level_and_name)
    ]


async def save_area_change(connection: Connection, event: AreaChangeCorrected, cause: Cause) -> None:
    """Store how a line of the crosswalk is now, and say so."""
    await connection.execute(
        _Q.save_area_change, event.change, event.on, event.change_kind, event.predecessors, event.successors
    )
    await _revised(connection, event, cause)


async def remove_area_change(connection: Connection, event: AreaChangeWithdrawn, cause: Cause) -> None:
    """Remove a line of the crosswalk and say so."""
    await connection.execute(_Q.remove_area_change, event.change)
    await _revised(connection, event, cause)


async def area_changes(connection: Connection) -> dict[str, AreaChange]:
    """The crosswalk, oldest first: its lines by id."""
    return {
        row["id"]: AreaChange(
            row["changed_on"], AreaChangeKind(row["kind"]), tuple(row["predecessors"]), tuple(row["successors"])
        )
        for row in await list_area_changes(connection)
    }


async def list_areas(connection: Connection, level: str | None = None, on: date | None = None) -> Sequence[Record]:
    """Areas of a level, on a date or ever, by level and name."""
    rows = await connection.fetch(_Q.list_areas, level, on)
    return sorted(rows, key=_by_level_and_name)


def _by_level_and_name(row: Record) -> tuple[str, tuple[object, ...]]:
    return row["level"], by_name(row["name"])


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


async def keep_areas(connection: Connection) -> None:
    """No command on areas is decided until this transaction ends."""
    await connection.execute(_Q.keep)


async def ancestry(connection: Connection, places: Iterable[tuple[str, int]]) -> Sequence[Record]:
    """Of each of these areas that is known, in a year: itself and those above it, lowest first."""
    asked = [*places]
    return await connection.fetch(_Q.ancestry, [area for area, _ in asked], [year for _, year in asked])


async def list_parents(connection: Connection) -> Sequence[Record]:
    """Every area with the one above it."""
    return await connection.fetch(_Q.area_and_region)
