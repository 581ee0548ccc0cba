"""Postgres of the finance service: the only caller of queries.sql."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from itertools import groupby
from pathlib import Path

from shared import outbox
from shared.contracts.finance import (
    BudgetFindingPublished,
    BudgetLineAdopted,
    CapacityShareStated,
    CommitmentMade,
    DisbursementMade,
)
from shared.contracts.vocabulary import BudgetPeriod, Performance, RoleParty
from shared.database import Connection, Record, queries
from shared.outbox.cause import Cause

from .domain import BudgetLine, Commitment, Disburse, Figures, MakeCommitment, Room

_Q = queries(Path(__file__).with_name("queries.sql"))


def one_moment(connection: Connection) -> AbstractAsyncContextManager[object]:
    """Several reads that see the same moment, so that their amounts tie."""
    return connection.transaction(isolation="repeatable_read", readonly=True)


async def insert_line(connection: Connection, event: BudgetLineAdopted, cause: Cause) -> bool:
    """Store a new line and say so; False when it was there."""
    said = await outbox.insert_with_event(
        connection, event, cause, _Q.insert_line, event.line, event.position, event.performance, event.action
    )
    if said is not None:
        await connection.execute(
            _Q.insert_amounts,
            event.line,
            [amount.period for amount in event.amounts],
            [amount.amount_cents for amount in event.amounts],
        )
    return said is not None


async def lock_line(connection: Connection, line: str) -> BudgetLine | None:
    """Load a line for a decision; others wait until this transaction ends."""
    await connection.execute(_Q.lock_line, line)
    return await get_line(connection, line)


async def get_line(connection: Connection, line: str) -> BudgetLine | None:
    """One line."""
    return next(iter(_lines(await connection.fetch(_Q.lines, line))), None)


async def list_lines(connection: Connection) -> list[BudgetLine]:
    """All lines, in the order of the budget."""
    return _lines(await connection.fetch(_Q.lines, None))


async def lock_room(connection: Connection, performance: Performance, period: BudgetPeriod) -> Room:
    """Load a performance's period for a decision; others on its shares wait until this transaction ends."""
    await connection.execute(_Q.lock_performance, performance)
    amount: int = await connection.fetchval(_Q.room, performance, period)
    rows = await connection.fetch(_Q.shares_of, performance, period)
    return Room(amount, {RoleParty(row["party"]): row["amount_cents"] for row in rows})


async def insert_share(connection: Connection, event: CapacityShareStated, cause: Cause) -> bool:
    """Store a new share and say so; False when it was there."""
    said = await outbox.insert_with_event(
        connection,
        event,
        cause,
        _Q.insert_share,
        event.share,
        event.performance,
        event.party,
        event.period,
        event.amount_cents,
    )
    return said is not None


async def list_shares(connection: Connection) -> Sequence[Record]:
    """All capacity shares."""
    return await connection.fetch(_Q.list_shares)


async def insert_commitment(connection: Connection, event: CommitmentMade) -> bool:
    """Store a new commitment and count it in its line; False when the id exists."""
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
    if inserted:
        await connection.execute(_Q.add_committed, event.line, event.period, event.amount_cents)
    return bool(inserted)


async def get_commitment(connection: Connection, commitment: str) -> Commitment | None:
    """One commitment."""
    row = await connection.fetchrow(_Q.get_commitment, commitment)
    return None if row is None else _commitment(row)


async def lock_commitment(connection: Connection, commitment: str) -> Commitment | None:
    """Load a commitment for a decision; others on its whole line wait, as the line is the key of its events."""
    await connection.execute(_Q.lock_line_of, commitment)
    return await get_commitment(connection, commitment)


async def list_commitments(connection: Connection, line: str, after: str | None, limit: int) -> list[Commitment]:
    """Commitments of a line by id, past `after`."""
    return [_commitment(row) for row in await connection.fetch(_Q.list_commitments, line, after, limit)]


async def recent_commitments(connection: Connection, limit: int) -> list[Commitment]:
    """The newest commitments of all lines."""
    return [_commitment(row) for row in await connection.fetch(_Q.recent_commitments, limit)]


async def insert_disbursement(connection: Connection, event: DisbursementMade) -> bool:
    """Store a new disbursement and count it in its commitment and line; False when the id exists."""
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


async def insert_finding(connection: Connection, event: BudgetFindingPublished, cause: Cause) -> bool:
    """Store a new finding and say so; False when it was there."""
    said = await outbox.insert_with_event(
        connection,
        event,
        cause,
        _Q.insert_finding,
        event.finding,
        event.finding_kind,
        event.title,
        event.explanation,
        event.paragraph,
        event.stated_cents,
        event.computed_cents,
    )
    return said is not None


async def list_findings(connection: Connection) -> Sequence[Record]:
    """All findings, those with amounts first."""
    return await connection.fetch(_Q.list_findings)


def _lines(rows: Iterable[Record]) -> list[BudgetLine]:
    return [
        BudgetLine(
            id=id_,
            position=position,
            performance=Performance(performance),
            action=action,
            periods={
                BudgetPeriod(row["period"]): Figures(
                    row["amount_cents"], row["committed_cents"], row["disbursed_cents"]
                )
                for row in group
            },
        )
        for (id_, position, performance, action), group in groupby(
            rows, key=lambda row: (row["id"], row["position"], row["performance"], row["action"])
        )
    ]


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
