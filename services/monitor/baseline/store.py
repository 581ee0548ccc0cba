"""Postgres of the baseline."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from shared import outbox
from shared.contracts.monitor import BaselineRecorded
from shared.contracts.registers import BaselineCorrected, BaselineWithdrawn
from shared.database import Connection, Record, queries
from shared.outbox.cause import Cause
from shared.refusals import NotFound

_Q = queries(Path(__file__).with_name("baseline.sql"))


_Fact = BaselineRecorded | BaselineCorrected | BaselineWithdrawn


async def insert_baseline_fact(connection: Connection, fact: BaselineRecorded, cause: Cause) -> bool:
    """Store a fact of the baseline and say so; False when it was there."""
    said = await outbox.insert_with_event(
        connection,
        fact,
        cause,
        _Q.insert_baseline_fact,
        *_columns(fact),
    )
    return said is not None


def _columns(fact: _Fact) -> tuple[object, ...]:
    return (
        fact.fact,
        fact.statement,
        fact.theme,
        fact.areas,
        fact.low_percent,
        fact.high_percent,
        fact.count,
        fact.period,
        fact.source,
        fact.paragraph,
    )


async def lock_baseline_fact(connection: Connection, fact: str) -> BaselineRecorded:
    """A fact for a decision; others wait until this transaction ends. Raises NotFound."""
    return _found(await connection.fetchrow(_Q.lock_baseline_fact, fact), fact)


async def require_baseline_fact(connection: Connection, fact: str) -> BaselineRecorded:
    """One fact, also when it is withdrawn. Raises NotFound."""
    return _found(await connection.fetchrow(_Q.get_baseline_fact, fact), fact)


def _found(row: Record | None, fact: str) -> BaselineRecorded:
    if row is None:
        raise NotFound("unknown-baseline-fact", f"Er is geen feit {fact} in de nulmeting.")
    return BaselineRecorded(**{**row, "areas": tuple(row["areas"])})


async def save_baseline_fact(
    connection: Connection, revision: BaselineCorrected | BaselineWithdrawn, now: datetime
) -> None:
    """Store how a fact is now."""
    withdrawn = now if isinstance(revision, BaselineWithdrawn) else None
    await connection.execute(_Q.save_baseline_fact, *_columns(revision), revision.version, withdrawn)


async def list_baseline_facts(connection: Connection) -> Sequence[Record]:
    """The baseline by period."""
    return await connection.fetch(_Q.list_baseline_facts)
