"""The commands of indicators, one transaction each. Each answers False when exactly this was there already."""

from shared import outbox
from shared.contracts.monitor import IndicatorRegistered, IndicatorVersionPublished
from shared.database import Connection
from shared.outbox import Draft
from shared.outbox.cause import Cause
from shared.refusals import Conflict, Invalid
from shared.revisions import Asked, AskedSince

from . import revision, store
from .revision import IndicatorRevised, VersionRevised


async def register_indicator(connection: Connection, indicator: IndicatorRegistered, cause: Cause) -> bool:
    """Define an indicator."""
    revision.check(indicator)
    return await store.insert_indicator(connection, indicator, cause)


async def correct_indicator(connection: Connection, asked: Asked[IndicatorRegistered], cause: Cause) -> bool:
    """Say what an indicator was from the start."""
    there = await store.lock_indicator(connection, asked.subject.code)
    used = await store.use_of(connection, there.code)
    said = await outbox.history(connection, there)
    return await _save(connection, revision.correct(said, asked, used), cause)


async def change_indicator(connection: Connection, asked: AskedSince[IndicatorRegistered], cause: Cause) -> bool:
    """Say what an indicator is called and who answers for it from a day on."""
    said = await outbox.history(connection, await store.lock_indicator(connection, asked.subject.code))
    return await _save(connection, revision.change(said, asked, cause.today), cause)


async def withdraw_indicator(connection: Connection, asked: Asked[str], cause: Cause) -> bool:
    """Withdraw an indicator that nothing needs, with its versions."""
    there = await store.lock_indicator(connection, asked.subject)
    used = await store.use_of(connection, there.code)
    said = await outbox.history(connection, there)
    return await _save(connection, revision.withdraw(said, asked, used), cause)


async def _save(connection: Connection, revised: IndicatorRevised | None, cause: Cause) -> bool:
    if revised is None:
        return False
    await store.save_indicator(connection, revised, cause.now)
    await outbox.append(connection, [Draft(revised, cause)])
    return True


async def publish_indicator_version(connection: Connection, version: IndicatorVersionPublished, cause: Cause) -> bool:
    """Publish the next version of an indicator, valid after the one before. A number is given once."""
    revision.check_version(version, "reason")
    there = await store.lock_indicator(connection, version.code)
    await store.require_standing(connection, there.code)
    last = await store.last_version(connection, version.code)
    if version.version <= last:
        await outbox.require_repeat(connection, version, "#/version")
        return False
    if version.version != last + 1:
        raise Conflict("version-skipped", f"De volgende versie is {last + 1}.", "#/version")
    known = await store.versions_of(connection, version.code)
    if known and version.valid_from <= known[-1].valid_from:
        raise Conflict(
            "not-after-previous", f"De vorige versie geldt vanaf {known[-1].valid_from}: kies later.", "#/validFrom"
        )
    await store.insert_indicator_version(connection, version, cause)
    return True


async def correct_version(connection: Connection, asked: Asked[IndicatorVersionPublished], cause: Cause) -> bool:
    """Say what a version was from the start."""
    wanted = asked.subject
    there = await store.lock_version(connection, wanted.code, wanted.version)
    versions = await store.versions_of(connection, wanted.code)
    observed = await store.is_observed(connection, wanted.code, (wanted.version - 1, wanted.version))
    said = await outbox.history(connection, there)
    return await _save_version(connection, revision.correct_version(said, asked, versions, observed), cause)


async def withdraw_version(connection: Connection, code: str, asked: Asked[int], cause: Cause) -> bool:
    """Withdraw the newest version of an indicator."""
    there = await store.lock_version(connection, code, asked.subject)
    versions = await store.versions_of(connection, code)
    observed = await store.is_observed(connection, code, (asked.subject,))
    said = await outbox.history(connection, there)
    return await _save_version(connection, revision.withdraw_version(said, asked, versions, observed), cause)


async def _save_version(connection: Connection, revised: VersionRevised | None, cause: Cause) -> bool:
    if revised is None:
        return False
    await store.save_version(connection, revised, cause.now)
    await outbox.append(connection, [Draft(revised, cause)])
    return True


async def require_scored(connection: Connection, codes: list[str], pointer: str) -> None:
    """Refuse the first of these indicators that is no mean of scores from 1 to 5, by its number in `pointer`."""
    unknown = await store.unknown_indicator(connection, codes)
    if unknown is not None:
        raise Invalid("unknown-indicator", f"Indicator {unknown['id']} bestaat niet.", pointer.format(unknown["n"] - 1))
    other = await store.not_scored(connection, codes)
    if other is not None:
        raise Invalid(
            "not-scored",
            f"Een dialoog geeft scores van 1 tot 5; indicator {other['id']} is geen gemiddelde daarvan "
            f"({other['measure']}, {other['unit']}).",
            pointer.format(other["n"] - 1),
        )
