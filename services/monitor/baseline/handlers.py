"""The commands of the baseline, one transaction each. Each answers False when exactly this was there already."""

from shared import outbox
from shared.contracts.monitor import BaselineRecorded
from shared.contracts.registers import BaselineCorrected, BaselineWithdrawn
from shared.database import Connection
from shared.outbox import Draft
from shared.outbox.cause import Cause
from shared.refusals import Invalid
from shared.revisions import Asked, revise

from ..areas.handlers import require_areas
from . import store


async def record_baseline(connection: Connection, fact: BaselineRecorded, cause: Cause) -> bool:
    """Record a fact of the baseline as its source states it."""
    await _check(connection, fact)
    return await store.insert_baseline_fact(connection, fact, cause)


async def correct_baseline(connection: Connection, asked: Asked[BaselineRecorded], cause: Cause) -> bool:
    """Say what the source of a fact does state."""
    said = await outbox.history(connection, await store.lock_baseline_fact(connection, asked.subject.fact))
    await _check(connection, asked.subject)
    return await _save(connection, revise(said, BaselineCorrected, asked.grounds, asked.subject), cause)


async def withdraw_baseline(connection: Connection, asked: Asked[str], cause: Cause) -> bool:
    """Say that no source states a fact. Nothing is decided on it: editions keep what they were cut with."""
    said = await outbox.history(connection, await store.lock_baseline_fact(connection, asked.subject))
    return await _save(connection, revise(said, BaselineWithdrawn, asked.grounds), cause)


async def _check(connection: Connection, fact: BaselineRecorded) -> None:
    await require_areas(connection, fact.areas, "#/areas/{}")
    if fact.low_percent is not None and fact.high_percent is not None and fact.low_percent > fact.high_percent:
        raise Invalid("range-reversed", "lowPercent mag niet hoger zijn dan highPercent.", "#/lowPercent")


async def _save(connection: Connection, revision: BaselineCorrected | BaselineWithdrawn | None, cause: Cause) -> bool:
    if revision is None:
        return False
    await store.save_baseline_fact(connection, revision, cause.now)
    await outbox.append(connection, [Draft(revision, cause)])
    return True
