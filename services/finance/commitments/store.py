"""Postgres of the commitments: the only caller of commitments.sql."""

from pathlib import Path

from shared.contracts.finance import CommitmentMade, DisbursementMade
from shared.contracts.vocabulary import BudgetPeriod
from shared.database import Connection, Record, queries

from .domain import Commitment, Disburse, MakeCommitment

_Q = queries(Path(__file__).with_name("commitments.sql"))


async def insert_commitment(connection: Connection, event: CommitmentMade) -> bool:
    """Store a new commitment; False when the id exists."""
    inserted: bool | None = await connection.fetchval(
        _Q.insert_commitment,
        event.commitment,
        event.line,
        event.period,
        event.amount_cents,
        event.recipient,
        event.initiative,
        event.made_on,
    )
    return bool(inserted)


async def get_commitment(connection: Connection, commitment: str) -> Commitment | None:
    """One commitment."""
    row = await connection.fetchrow(_Q.get_commitment, commitment)
    return None if row is None else _commitment(row)


async def list_commitments(connection: Connection, line: str, after: str | None, limit: int) -> list[Commitment]:
    """Commitments of a line by id, past `after`."""
    return [_commitment(row) for row in await connection.fetch(_Q.list_commitments, line, after, limit)]


async def recent_commitments(connection: Connection, limit: int) -> list[Commitment]:
    """The newest commitments of all lines."""
    return [_commitment(row) for row in await connection.fetch(_Q.recent_commitments, limit)]


async def insert_disbursement(connection: Connection, event: DisbursementMade) -> bool:
    """Store a new disbursement and count it in its commitment; False when the id exists."""
    inserted: bool | None = await connection.fetchval(
        _Q.insert_disbursement, event.disbursement, event.commitment, event.amount_cents, event.paid_on
    )
    if inserted:
        await connection.execute(_Q.add_disbursed, event.commitment, event.amount_cents)
    return bool(inserted)


async def get_disbursement(connection: Connection, disbursement: str) -> Disburse | None:
    """One disbursement."""
    row = await connection.fetchrow(_Q.get_disbursement, disbursement)
    return None if row is None else _disbursement(row)


async def disbursements_of(connection: Connection, commitment: str) -> list[Disburse]:
    """What was paid under a commitment, oldest first."""
    return [_disbursement(row) for row in await connection.fetch(_Q.disbursements_of, commitment)]


def _commitment(row: Record) -> Commitment:
    return Commitment(
        made=MakeCommitment(
            commitment=row["id"],
            line=row["line"],
            period=BudgetPeriod(row["period"]),
            amount_cents=row["amount_cents"],
            recipient=row["recipient"],
            initiative=row["initiative"],
            made_on=row["made_on"],
        ),
        disbursed_cents=row["disbursed_cents"],
    )


def _disbursement(row: Record) -> Disburse:
    return Disburse(row["id"], row["commitment"], row["amount_cents"], row["paid_on"])
