"""Postgres of the budget: the only caller of budget.sql."""

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from shared import outbox
from shared.contracts.finance import BudgetLineAdopted, CapacityShareStated
from shared.contracts.vocabulary import BudgetPeriod, Performance, RoleParty
from shared.database import Connection, Record, queries
from shared.outbox.cause import Cause

from .domain import Balance, BudgetLine, CapacityShare, PerformanceBudget

_Q = queries(Path(__file__).with_name("budget.sql"))


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


async def lock_line(connection: Connection, line: str) -> None:
    """Make others that decide on a line wait until this transaction ends."""
    await connection.execute(_Q.lock_line, line)


async def get_line(connection: Connection, line: str) -> BudgetLine | None:
    """One line."""
    return next(iter(_lines(await connection.fetch(_Q.lines, line))), None)


async def list_lines(connection: Connection) -> list[BudgetLine]:
    """All lines, in the order of the budget."""
    return _lines(await connection.fetch(_Q.lines, None))


async def add_committed(connection: Connection, line: str, period: BudgetPeriod, cents: int) -> None:
    """Count what was promised in the balance of its line."""
    await connection.execute(_Q.add_committed, line, period, cents)


async def add_disbursed(connection: Connection, line: str, period: BudgetPeriod, cents: int) -> None:
    """Count what was paid in the balance of its line."""
    await connection.execute(_Q.add_disbursed, line, period, cents)


async def lock_performance(connection: Connection, performance: Performance, period: BudgetPeriod) -> PerformanceBudget:
    """Load a performance's period for a decision; others on its shares wait until this transaction ends."""
    await connection.execute(_Q.lock_performance, performance)
    amount: int = await connection.fetchval(_Q.amount_of_performance, performance, period)
    rows = await connection.fetch(_Q.shares_of, performance, period)
    return PerformanceBudget(amount, {RoleParty(row["party"]): row["amount_cents"] for row in rows})


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


async def list_shares(connection: Connection) -> list[CapacityShare]:
    """All capacity shares."""
    return [
        CapacityShare(
            id=row["id"],
            performance=Performance(row["performance"]),
            party=RoleParty(row["party"]),
            period=BudgetPeriod(row["period"]),
            amount_cents=row["amount_cents"],
        )
        for row in await connection.fetch(_Q.list_shares)
    ]


def _lines(rows: Iterable[Record]) -> list[BudgetLine]:
    return [
        BudgetLine(
            id=id_,
            position=position,
            performance=Performance(performance),
            action=action,
            periods={
                BudgetPeriod(row["period"]): Balance(
                    row["amount_cents"], row["committed_cents"], row["disbursed_cents"]
                )
                for row in group
            },
        )
        for (id_, position, performance, action), group in groupby(
            rows, key=lambda row: (row["id"], row["position"], row["performance"], row["action"])
        )
    ]
