"""Postgres of the findings: the only caller of findings.sql."""

from collections.abc import Sequence
from pathlib import Path

from shared import outbox
from shared.contracts.finance import BudgetFindingPublished
from shared.database import Connection, Record, queries
from shared.outbox.cause import Cause

_Q = queries(Path(__file__).with_name("findings.sql"))


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
