"""The exploration of instruments: an option, the evidence for and against, and what was decided. Only ever added to."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from shared import outbox
from shared.database import Connection, Record, queries
from shared.outbox.cause import Cause
from shared.refusals import Conflict, Invalid

from .assessments import Assessor

_Q = queries(Path(__file__).with_name("impact.sql"))


class Weight(StrEnum):
    FOR = "for"
    AGAINST = "against"
    NEUTRAL = "neutral"


class Decided(StrEnum):
    ADOPTED = "adopted"
    REJECTED = "rejected"
    DEFERRED = "deferred"


@dataclass(frozen=True, slots=True)
class Instrument:
    """An option that is explored."""

    id: str
    title: str
    description: str
    paragraph: str | None


@dataclass(frozen=True, slots=True)
class InstrumentEvidence:
    """What speaks for or against an option."""

    id: str
    instrument: str
    statement: str
    weight: Weight
    source: str
    initiative: str | None
    noted_on: date


@dataclass(frozen=True, slots=True)
class Decision:
    """What a body decided on an option; the newest counts."""

    id: str
    instrument: str
    decision: Decided
    decided_by: Assessor
    decided_on: date
    reason: str


async def add_instrument(connection: Connection, instrument: Instrument, _: Cause) -> bool:
    """Add an option; False when exactly this is there."""
    new = await connection.fetchval(_Q.insert_instrument, *astuple(instrument))
    return bool(new) or _again(instrument.id, instrument, await connection.fetchrow(_Q.get_instrument, instrument.id))


async def add_evidence(connection: Connection, evidence: InstrumentEvidence, cause: Cause) -> bool:
    """Add evidence to an option; False when exactly this is there."""
    await _lock(connection, evidence.instrument)
    if evidence.noted_on > cause.today:
        raise Conflict("date-in-future", "Bewijs kan niet uit de toekomst komen.", "#/on")
    new = await connection.fetchval(_Q.insert_instrument_evidence, *astuple(evidence))
    return bool(new) or _again(
        evidence.id, evidence, await connection.fetchrow(_Q.get_instrument_evidence, evidence.id)
    )


async def decide(connection: Connection, decision: Decision, cause: Cause) -> bool:
    """Decide on an option, on evidence; False when exactly this is there."""
    await _lock(connection, decision.instrument)
    if (row := await connection.fetchrow(_Q.get_decision, decision.id)) is not None:
        return _again(decision.id, decision, row)
    if decision.decided_on > cause.today:
        raise Conflict("date-in-future", "Een besluit kan niet in de toekomst zijn genomen.", "#/on")
    earlier = await connection.fetch(_Q.decisions, decision.instrument)
    if earlier and decision.decided_on < earlier[-1]["decided_on"]:
        raise Conflict(
            "before-previous", f"Het vorige besluit is van {earlier[-1]['decided_on']}: kies die dag of later.", "#/on"
        )
    evidence = await connection.fetch(_Q.instrument_evidence, decision.instrument)
    if decision.decision is not Decided.DEFERRED and not evidence:
        raise Conflict(
            "no-evidence", "Zonder bewijs kan een instrument alleen worden uitgesteld (deferred).", "#/decision"
        )
    await connection.execute(_Q.insert_decision, *astuple(decision))
    return True


async def list_instruments(connection: Connection, instrument: str | None = None) -> Sequence[Record]:
    """Options, each with its newest decision and how much evidence there is."""
    return await connection.fetch(_Q.instruments, instrument)


async def history(connection: Connection, instrument: str) -> tuple[Sequence[Record], Sequence[Record]]:
    """The evidence and the decisions on an option, oldest first."""
    return await connection.fetch(_Q.instrument_evidence, instrument), await connection.fetch(_Q.decisions, instrument)


async def _lock(connection: Connection, instrument: str) -> None:
    if await connection.fetchval(_Q.lock_instrument, instrument) is None:
        raise Invalid("unknown-instrument", f"Er is geen instrument {instrument}.", "#/instrument")


def _again(id_: str, wanted: Instrument | InstrumentEvidence | Decision, row: Record | None) -> bool:
    """False: it is there already. Raises Conflict when the id stands for something else."""
    if row is None or tuple(row) != astuple(wanted):
        raise outbox.id_in_use(id_)
    return False
