"""Postgres of quality findings."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from shared.contracts.monitor import QualityFindingPublished
from shared.database import Connection, Record, queries

_Q = queries(Path(__file__).with_name("quality.sql"))


async def put_finding(connection: Connection, finding: QualityFindingPublished, now: datetime) -> bool:
    """Store a finding; False when exactly this stands under its id."""
    stored: bool | None = await connection.fetchval(
        _Q.put_finding,
        finding.finding,
        finding.finding_kind,
        finding.explanation,
        finding.indicator,
        finding.area,
        finding.period,
        now,
    )
    return bool(stored)


async def list_findings(
    connection: Connection, indicator: str | None, area: str | None, after: str | None, limit: int
) -> Sequence[Record]:
    """Findings by id, past `after`."""
    return await connection.fetch(_Q.findings, indicator, area, after, limit)
