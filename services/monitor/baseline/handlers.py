"""The command of the baseline, one transaction. It answers False when exactly this was there already."""

from shared.contracts.monitor import (
    BaselineRecorded,
)
from shared.database import Connection
from shared.outbox.cause import Cause
from shared.refusals import Invalid

from ..areas.handlers import require_areas
from . import store


async def record_baseline(connection: Connection, fact: BaselineRecorded, cause: Cause) -> bool:
    """Record a fact of the baseline as its source states it."""
    await require_areas(connection, fact.areas, "#/areas/{}")
    if fact.low_percent is not None and fact.high_percent is not None and fact.low_percent > fact.high_percent:
        raise Invalid("range-reversed", "lowPercent mag niet hoger zijn dan highPercent.", "#/lowPercent")
    return await store.insert_baseline_fact(connection, fact, cause)
