"""Postgres of the baseline."""

from collections.abc import Sequence
from pathlib import Path

from shared import outbox
from shared.contracts.monitor import (
    BaselineRecorded,
)
from shared.database import Connection, Record, queries
from shared.outbox.cause import Cause

_Q = queries(Path(__file__).with_name("baseline.sql"))


async def insert_baseline_fact(connection: Connection, fact: BaselineRecorded, cause: Cause) -> bool:
    """Store a fact of the baseline and say so; False when it was there."""
    said = await outbox.insert_with_event(
        connection,
        fact,
        cause,
        _Q.insert_baseline_fact,
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
    return said is not None


async def list_baseline_facts(connection: Connection) -> Sequence[Record]:
    """The baseline by period."""
    return await connection.fetch(_Q.list_baseline_facts)
