"""Postgres of indicators and their versions."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from shared import outbox
from shared.contracts.monitor import (
    IndicatorRegistered,
    IndicatorVersionPublished,
)
from shared.database import Connection, Record, queries
from shared.outbox import Draft
from shared.outbox.cause import Cause

_Q = queries(Path(__file__).with_name("indicators.sql"))


async def insert_indicator(connection: Connection, indicator: IndicatorRegistered, cause: Cause) -> bool:
    """Store an indicator and say so; False when it was there."""
    said = await outbox.insert_with_event(
        connection,
        indicator,
        cause,
        _Q.insert_indicator,
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
    return bool(await connection.fetchval(_Q.lock_indicator, code))


async def versions_of(connection: Connection, code: str) -> list[IndicatorVersionPublished]:
    """The versions of an indicator after its first, in order."""
    return [IndicatorVersionPublished(**row) for row in await connection.fetch(_Q.versions_of, code)]


async def list_indicator_versions(connection: Connection) -> Sequence[Record]:
    """The versions after the first of all indicators, in order."""
    return await connection.fetch(_Q.list_indicator_versions)


async def insert_indicator_version(connection: Connection, version: IndicatorVersionPublished, cause: Cause) -> None:
    """Store a version and say so."""
    await connection.execute(
        _Q.insert_indicator_version,
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
    return await connection.fetch(_Q.list_indicators)


async def unknown_indicator(connection: Connection, codes: Iterable[str]) -> Record | None:
    """The first of these codes that is no indicator, with its position `n` from 1."""
    return await connection.fetchrow(_Q.unknown_indicators, list(codes))


async def not_scored(connection: Connection, codes: Iterable[str]) -> Record | None:
    """The first of these indicators that is no mean of scores from 1 to 5, with its position `n` from 1."""
    return await connection.fetchrow(_Q.not_scored, list(codes))


async def get_indicator(connection: Connection, code: str) -> Record | None:
    """One indicator."""
    return await connection.fetchrow(_Q.indicator, code)


async def themes(connection: Connection, codes: Iterable[str]) -> Sequence[Record]:
    """The theme of each of these indicators."""
    return await connection.fetch(_Q.themes, list(codes))


async def measures(connection: Connection, codes: Iterable[str]) -> Sequence[Record]:
    """The measure of each of these indicators."""
    return await connection.fetch(_Q.measures, list(codes))
