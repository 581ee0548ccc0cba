"""The commands of instruments, one transaction each. Each answers False when exactly this was there already."""

from dataclasses import astuple

from shared import outbox
from shared.database import Connection, Record
from shared.outbox.cause import Cause
from shared.refusals import Conflict, Invalid

from ..goals.register import require_initiative
from . import store
from .domain import Decided, Decision, Instrument, InstrumentEvidence


async def add_instrument(connection: Connection, instrument: Instrument, _: Cause) -> bool:
    """Add an option; False when exactly this is there."""
    if await store.insert_instrument(connection, instrument):
        return True
    return _again(instrument.id, instrument, await store.get_instrument(connection, instrument.id))


async def add_evidence(connection: Connection, evidence: InstrumentEvidence, cause: Cause) -> bool:
    """Add evidence to an option; False when exactly this is there."""
    await _lock(connection, evidence.instrument)
    await require_initiative(connection, evidence.initiative)
    if evidence.noted_on > cause.today:
        raise Conflict("date-in-future", "Bewijs kan niet uit de toekomst komen.", "#/on")
    if await store.insert_evidence(connection, evidence):
        return True
    return _again(evidence.id, evidence, await store.get_evidence(connection, evidence.id))


async def decide(connection: Connection, decision: Decision, cause: Cause) -> bool:
    """Decide on an option, on evidence; False when exactly this is there."""
    await _lock(connection, decision.instrument)
    if (row := await store.get_decision(connection, decision.id)) is not None:
        return _again(decision.id, decision, row)
    if decision.decided_on > cause.today:
        raise Conflict("date-in-future", "Een besluit kan niet in de toekomst zijn genomen.", "#/on")
    evidence, earlier = await store.history(connection, decision.instrument)
    if earlier and decision.decided_on < earlier[-1]["decided_on"]:
        raise Conflict(
            "before-previous", f"Het vorige besluit is van {earlier[-1]['decided_on']}: kies die dag of later.", "#/on"
        )
    if decision.decision is not Decided.DEFERRED and not evidence:
        raise Conflict(
            "no-evidence", "Zonder bewijs kan een instrument alleen worden uitgesteld (deferred).", "#/decision"
        )
    await store.insert_decision(connection, decision)
    return True


async def _lock(connection: Connection, instrument: str) -> None:
    if not await store.lock_instrument(connection, instrument):
        raise Invalid("unknown-instrument", f"Er is geen instrument {instrument}.", "#/instrument")


def _again(id_: str, wanted: Instrument | InstrumentEvidence | Decision, row: Record | None) -> bool:
    """False: it is there already. Raises Conflict when the id stands for something else."""
    if row is None or tuple(row) != astuple(wanted):
        raise outbox.id_in_use(id_)
    return False
