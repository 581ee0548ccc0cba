"""Postgres of indicators and their versions."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from shared import outbox
from shared.contracts.monitor import IndicatorRegistered, IndicatorVersionPublished
from shared.contracts.registers import IndicatorVersionWithdrawn, IndicatorWithdrawn
from shared.contracts.vocabulary import Measure, ResourceFamily, Theme
from shared.database import Connection, Record, queries
from shared.outbox import Draft
from shared.outbox.cause import Cause
from shared.refusals import NotFound

from .revision import IndicatorRevised, VersionRevised

_Q = queries(Path(__file__).with_name("indicators.sql"))


async def insert_indicator(connection: Connection, indicator: IndicatorRegistered, cause: Cause) -> bool:
    """Store an indicator and say so; False when it was there."""
    said = await outbox.insert_with_event(
        connection,
        indicator,
        cause,
        _Q.insert_indicator,
        *_columns(indicator),
        at="#/code",
    )
    return said is not None


def _columns(indicator: IndicatorRegistered | IndicatorRevised) -> tuple[object, ...]:
    return (
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


async def lock_indicator(connection: Connection, code: str) -> IndicatorRegistered:
    """An indicator for a decision on it or its versions; others wait until this transaction ends. Raises NotFound."""
    return _indicator(await connection.fetchrow(_Q.lock_indicator, code), code)


async def require_registered(connection: Connection, code: str) -> IndicatorRegistered:
    """One indicator, also when it is withdrawn. Raises NotFound."""
    return _indicator(await connection.fetchrow(_Q.get_indicator, code), code)


async def require_standing(connection: Connection, code: str) -> None:
    """Raise NotFound for an indicator that is withdrawn."""
    if await connection.fetchval(_Q.is_withdrawn, code):
        raise _no_indicator(code)


def _indicator(row: Record | None, code: str) -> IndicatorRegistered:
    if row is None:
        raise _no_indicator(code)
    terms = {
        "theme": Theme(row["theme"]),
        "resource_family": ResourceFamily(row["resource_family"]),
        "measure": Measure(row["measure"]),
    }
    return IndicatorRegistered(**{**row, **terms})


def _no_indicator(code: str) -> NotFound:
    return NotFound("unknown-indicator", f"Indicator {code} bestaat niet.")


async def save_indicator(connection: Connection, revision: IndicatorRevised, now: datetime) -> None:
    """Store how an indicator is now."""
    withdrawn = now if isinstance(revision, IndicatorWithdrawn) else None
    await connection.execute(_Q.save_indicator, *_columns(revision), revision.version, withdrawn)


async def use_of(connection: Connection, code: str) -> str | None:
    """What needs an indicator, in Dutch; None when nothing does."""
    use: str | None = await connection.fetchval(_Q.use_of, code)
    return use


async def last_version(connection: Connection, code: str) -> int:
    """The number of the last version that was published, withdrawn or not; 1 is the definition."""
    number: int = await connection.fetchval(_Q.last_version, code)
    return number


async def lock_version(connection: Connection, code: str, number: int) -> IndicatorVersionPublished:
    """A version for a decision; others on its indicator wait until this transaction ends. Raises NotFound."""
    return _version(await connection.fetchrow(_Q.lock_version, code, number), code, number)


async def require_version(connection: Connection, code: str, number: int) -> IndicatorVersionPublished:
    """One version, also when it is withdrawn. Raises NotFound."""
    return _version(await connection.fetchrow(_Q.get_version, code, number), code, number)


def _version(row: Record | None, code: str, number: int) -> IndicatorVersionPublished:
    if row is None:
        raise NotFound("unknown-version", f"Er is geen versie {number} van indicator {code}.")
    return IndicatorVersionPublished(**row)


async def save_version(connection: Connection, revision: VersionRevised, now: datetime) -> None:
    """Store how a version is now."""
    await connection.execute(
        _Q.save_version,
        revision.code,
        revision.indicator_version,
        revision.title,
        revision.change,
        revision.valid_from,
        revision.comparable,
        revision.not_comparable_because,
        revision.version,
        now if isinstance(revision, IndicatorVersionWithdrawn) else None,
    )


async def is_observed(connection: Connection, code: str, versions: Sequence[int]) -> bool:
    """Whether a row of a file names one of these versions of an indicator."""
    return bool(await connection.fetchval(_Q.is_observed, code, versions))


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


async def quantities(connection: Connection, codes: Iterable[str]) -> Sequence[Record]:
    """The measure and unit of each of these indicators."""
    return await connection.fetch(_Q.quantities, list(codes))
