"""Postgres of instruments."""

from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

from shared.database import Connection, Record, queries

from .domain import Decision, Instrument, InstrumentEvidence

_Q = queries(Path(__file__).with_name("instruments.sql"))


async def insert_instrument(connection: Connection, instrument: Instrument) -> bool:
    """Store an option; False when the id exists."""
    return bool(await connection.fetchval(_Q.insert_instrument, *astuple(instrument)))


async def get_instrument(connection: Connection, id_: str) -> Record | None:
    """One option, as it was added."""
    return await connection.fetchrow(_Q.get_instrument, id_)


async def lock_instrument(connection: Connection, id_: str) -> bool:
    """Whether there is such an option; others wait until this transaction ends."""
    return await connection.fetchval(_Q.lock_instrument, id_) is not None


async def insert_evidence(connection: Connection, evidence: InstrumentEvidence) -> bool:
    """Store evidence; False when the id exists."""
    return bool(await connection.fetchval(_Q.insert_instrument_evidence, *astuple(evidence)))


async def get_evidence(connection: Connection, id_: str) -> Record | None:
    """One piece of evidence, as it was added."""
    return await connection.fetchrow(_Q.get_instrument_evidence, id_)


async def insert_decision(connection: Connection, decision: Decision) -> None:
    """Store the next decision on an option."""
    await connection.execute(_Q.insert_decision, *astuple(decision))


async def get_decision(connection: Connection, id_: str) -> Record | None:
    """One decision, as it was recorded."""
    return await connection.fetchrow(_Q.get_decision, id_)


async def list_instruments(connection: Connection, instrument: str | None = None) -> Sequence[Record]:
    """Options, each with its newest decision and how much evidence there is."""
    return await connection.fetch(_Q.instruments, instrument)


async def history(connection: Connection, instrument: str) -> tuple[Sequence[Record], Sequence[Record]]:
    """The evidence and the decisions on an option, oldest first."""
    return await connection.fetch(_Q.instrument_evidence, instrument), await connection.fetch(_Q.decisions, instrument)
