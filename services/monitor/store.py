"""Postgres of the monitor's registers: areas, indicators, learning keys and the baseline."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from shared import outbox
from shared.contracts.monitor import (
    AreaRegistered,
    AreasReorganised,
    BaselineRecorded,
    IndicatorRegistered,
    IndicatorVersionPublished,
    LearningKeyPublished,
)
from shared.contracts.vocabulary import AreaLevel, DialogueTopic, Theme
from shared.database import Connection, Record, queries
from shared.outbox import Draft
from shared.outbox.cause import Cause

from .domain import LearningKey

Q = queries(Path(__file__).with_name("queries.sql"))


async def insert_area(connection: Connection, area: AreaRegistered, cause: Cause) -> bool:
    """Store an area and say so; False when it was there."""
    said = await outbox.insert_with_event(
        connection,
        area,
        cause,
        Q.insert_area,
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
    level: str | None = await connection.fetchval(Q.area_level, code)
    return AreaLevel(level) if level else None


async def list_areas(connection: Connection, level: str | None = None, on: date | None = None) -> Sequence[Record]:
    """Areas of a level, on a date or ever."""
    return await connection.fetch(Q.list_areas, level, on)


async def unknown_area(connection: Connection, codes: Iterable[str]) -> Record | None:
    """The first of these codes that is no area, with its position `n` from 1."""
    return await connection.fetchrow(Q.unknown_areas, list(codes))


async def insert_area_change(connection: Connection, change: AreasReorganised, cause: Cause) -> bool:
    """Store a line of the crosswalk and say so; False when it was there."""
    said = await outbox.insert_with_event(
        connection,
        change,
        cause,
        Q.insert_area_change,
        change.change,
        change.on,
        change.change_kind,
        change.predecessors,
        change.successors,
    )
    return said is not None


async def list_area_changes(connection: Connection) -> Sequence[Record]:
    """The crosswalk, oldest first."""
    return await connection.fetch(Q.list_area_changes)


async def insert_indicator(connection: Connection, indicator: IndicatorRegistered, cause: Cause) -> bool:
    """Store an indicator and say so; False when it was there."""
    said = await outbox.insert_with_event(
        connection,
        indicator,
        cause,
        Q.insert_indicator,
        indicator.code,
        indicator.name_nl,
        indicator.name_en,
        indicator.theme,
        indicator.resource_family,
        indicator.unit,
        indicator.direction,
        indicator.measure,
        indicator.owner,
    )
    return said is not None


async def lock_indicator(connection: Connection, code: str) -> bool:
    """Whether there is such an indicator; other versions of it wait until this transaction ends."""
    return bool(await connection.fetchval(Q.lock_indicator, code))


async def versions_of(connection: Connection, code: str) -> list[IndicatorVersionPublished]:
    """The versions of an indicator after its first, in order."""
    return [IndicatorVersionPublished(**row) for row in await connection.fetch(Q.versions_of, code)]


async def list_indicator_versions(connection: Connection) -> Sequence[Record]:
    """The versions after the first of all indicators, in order."""
    return await connection.fetch(Q.list_indicator_versions)


async def insert_indicator_version(connection: Connection, version: IndicatorVersionPublished, cause: Cause) -> None:
    """Store a version and say so."""
    await connection.execute(
        Q.insert_indicator_version,
        version.code,
        version.version,
        version.title,
        version.change,
        version.valid_from,
        version.comparable,
        version.reason,
    )
    await outbox.append(connection, [Draft(version, cause)])


async def list_indicators(connection: Connection) -> Sequence[Record]:
    """Indicators by theme."""
    return await connection.fetch(Q.list_indicators)


async def unknown_indicator(connection: Connection, codes: Iterable[str]) -> Record | None:
    """The first of these codes that is no indicator, with its position `n` from 1."""
    return await connection.fetchrow(Q.unknown_indicators, list(codes))


async def not_scored(connection: Connection, codes: Iterable[str]) -> Record | None:
    """The first of these indicators that is no mean of scores from 1 to 5, with its position `n` from 1."""
    return await connection.fetchrow(Q.not_scored, list(codes))


async def latest_learning_key(connection: Connection) -> int:
    """The newest version, 0 when none."""
    version: int = await connection.fetchval(Q.latest_learning_key)
    return version


async def shut_out_folding(connection: Connection) -> None:
    """Until this transaction ends no finding is folded."""
    await connection.execute(Q.shut_out_folding)


async def insert_learning_key(connection: Connection, key: LearningKeyPublished, cause: Cause) -> str:
    """Store a new version and say so; answers the id of the event."""
    await connection.execute(Q.insert_learning_key, key.version, key.valid_from)
    await connection.execute(
        Q.insert_mappings,
        key.version,
        [mapping.topic for mapping in key.mappings],
        [mapping.indicator for mapping in key.mappings],
    )
    await outbox.append(connection, [Draft(key, cause)])
    event: str = await connection.fetchval(Q.event_of, key.key, key.type)
    return event


async def learning_keys(connection: Connection) -> list[LearningKey]:
    """Every version, oldest first."""
    found: dict[int, tuple[date, dict[DialogueTopic, tuple[str, Theme]]]] = {}
    for row in await connection.fetch(Q.learning_keys):
        _, mapping = found.setdefault(row["version"], (row["valid_from"], {}))
        mapping[DialogueTopic(row["topic"])] = (row["indicator"], Theme(row["theme"]))
    return [LearningKey(version, valid_from, mapping) for version, (valid_from, mapping) in found.items()]


async def insert_baseline_fact(connection: Connection, fact: BaselineRecorded, cause: Cause) -> bool:
    """Store a fact of the baseline and say so; False when it was there."""
    said = await outbox.insert_with_event(
        connection,
        fact,
        cause,
        Q.insert_baseline_fact,
        fact.fact,
        fact.statement,
        fact.theme,
        fact.areas,
        fact.low_percent,
        fact.high_percent,
        fact.count,
        fact.period,
        fact.source,
        fact.paragraph,
    )
    return said is not None


async def list_baseline_facts(connection: Connection) -> Sequence[Record]:
    """The baseline by period."""
    return await connection.fetch(Q.list_baseline_facts)
