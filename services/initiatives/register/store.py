"""Postgres of the register: the only caller of register.sql."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from shared import outbox
from shared.contracts.initiatives import InitiativePhaseChanged, InitiativeRegistered
from shared.contracts.vocabulary import Phase, Theme
from shared.database import Connection, Record, queries
from shared.outbox.cause import Cause

from .domain import Initiative

_Q = queries(Path(__file__).with_name("register.sql"))


async def insert_initiative(connection: Connection, event: InitiativeRegistered, cause: Cause) -> bool:
    """Store a new initiative and say so; False when it was there."""
    said = await outbox.insert_with_event(
        connection,
        event,
        cause,
        _Q.insert_initiative,
        event.initiative,
        event.number,
        event.title,
        event.challenge,
        event.approach,
        event.learning_question,
        event.lines,
        event.cross_overs,
        event.themes,
        event.dilemmas,
        event.municipalities,
        event.regions,
        event.partners,
        msgspec.json.encode(event.roles).decode(),
        event.phase,
        cause.today,
        cause.now,
    )
    if said is not None:
        await connection.execute(_Q.insert_phase, event.initiative, event.phase, cause.today)
    return said is not None


async def lock_initiative(connection: Connection, initiative: str) -> Initiative | None:
    """Load an initiative for a decision; others wait until this transaction ends."""
    row = await connection.fetchrow(_Q.lock_initiative, initiative)
    if row is None:
        return None
    return Initiative(
        id=row["id"],
        phase=Phase(row["phase"]),
        phase_on=row["phase_on"],
        themes=tuple(map(Theme, row["themes"])),
        municipalities=tuple(row["municipalities"]),
    )


async def save_phase(connection: Connection, event: InitiativePhaseChanged) -> None:
    """Store the phase an initiative reached."""
    await connection.execute(_Q.set_phase, event.initiative, event.phase, event.on)
    await connection.execute(_Q.insert_phase, event.initiative, event.phase, event.on)


async def list_initiatives(
    connection: Connection, phase: Phase | None, theme: Theme | None, after: str | None, limit: int
) -> Sequence[Record]:
    """Initiatives by id, past `after`, each with its number of lessons."""
    return await connection.fetch(_Q.list_initiatives, phase, theme, after, limit)


async def get_initiative(connection: Connection, initiative: str) -> Record | None:
    """One initiative with its number of lessons."""
    return await connection.fetchrow(_Q.get_initiative, initiative)


async def phases_of(connection: Connection, initiative: str) -> Sequence[Record]:
    """The phases of an initiative, oldest first."""
    return await connection.fetch(_Q.phases_of, initiative)
