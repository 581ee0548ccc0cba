"""Quality findings: what a reader must know of the data. Other parts of the monitor publish theirs here."""

from collections.abc import Sequence
from pathlib import Path

from shared import outbox
from shared.contracts.monitor import QualityFindingPublished
from shared.database import Connection, Record, queries
from shared.outbox import Draft
from shared.outbox.cause import Cause

_Q = queries(Path(__file__).with_name("impact.sql"))


async def publish_finding(connection: Connection, finding: QualityFindingPublished, cause: Cause) -> bool:
    """Keep and tell a finding, in the caller's transaction; False when exactly this was told under its id.

    It may say nothing of what is not public: neither a figure that waits, nor how many do.
    """
    told: bool | None = await connection.fetchval(
        _Q.put_finding,
        finding.finding,
        finding.finding_kind,
        finding.explanation,
        finding.indicator,
        finding.area,
        finding.period,
        cause.now,
    )
    if told:
        await outbox.append(connection, [Draft(finding, cause)])
    return bool(told)


async def list_findings(
    connection: Connection, indicator: str | None, area: str | None, after: str | None, limit: int
) -> Sequence[Record]:
    """Findings by id, past `after`."""
    return await connection.fetch(_Q.findings, indicator, area, after, limit)
