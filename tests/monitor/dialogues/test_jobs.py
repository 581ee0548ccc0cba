"""What a rebuild makes public: where a dialogue counts otherwise than its units say, and nothing else."""

import pytest

from services.monitor.app import projections
from services.monitor.dialogues.jobs import rebuild_figures
from services.monitor.settings import MonitorSettings
from shared.contracts.community import FINDINGS
from shared.database import Connection
from shared.projections.watermarks import Partition
from tests.records import NOW, apply_run, cloud_event, findings, run, withdrawal

from .shadow import make_shadow

FIGURES, *_ = projections(MonitorSettings())


@pytest.fixture
async def rebuilt(monitor: Connection) -> Connection:
    """A monitor that folded some dialogues, one of them withdrawn, and a shadow that says the same."""
    events = [
        findings("d1"),
        findings("d2", (0, 0, 1, 1, 1)),
        findings("d3", (0, 0, 3, 3, 3)),
        findings("d4", (0, 0, 1, 1, 1), "GM0828"),
        withdrawal("d1"),
    ]
    await apply_run(monitor, FIGURES, Partition(FINDINGS, 0), run(*map(cloud_event, events)), NOW)
    await apply_run(monitor, FIGURES, Partition(FINDINGS, 0), run(cloud_event(withdrawal("d3")), start=5), NOW)
    await make_shadow(monitor, ("aggregate", "contribution", "dialogue"))
    return monitor


async def tell(connection: Connection) -> int:
    """The end of a rebuild; answers how many figures it told of."""
    async with connection.transaction():
        await rebuild_figures(MonitorSettings()).tell(connection)
    told: int = await connection.fetchval("SELECT count(*) FROM outbox WHERE correlation_id LIKE 'rebuild-%'")
    return told


async def public(connection: Connection) -> dict[str, int]:
    """The year of the province, per indicator."""
    rows = await connection.fetch(
        """SELECT code, n FROM published
           WHERE kind = 'indicator' AND level = 'province' AND period LIKE '____' AND respondents > 0"""
    )
    return {row["code"]: row["n"] for row in rows}


async def test_the_same_is_no_news(rebuilt: Connection) -> None:
    units, last = await rebuilt.fetch("SELECT * FROM unit ORDER BY ref"), await rebuilt.fetchval("TABLE publication")
    assert await tell(rebuilt) == 0
    assert await rebuilt.fetch("SELECT * FROM unit ORDER BY ref") == units
    assert await rebuilt.fetchval("TABLE publication") == last


async def test_dialogues_that_were_folded_before_anything_was_published_are_published(rebuilt: Connection) -> None:
    await rebuilt.execute("TRUNCATE unit, packet, published")
    await rebuilt.execute("UPDATE monitor_rebuild.contribution SET scores = '{0,0,4,4,4}' WHERE dialogue = 'd4'")
    assert await tell(rebuilt) == 18
    assert await public(rebuilt) == {"verbondenheid": 12}
    assert await rebuilt.fetchval("SELECT reason FROM publication ORDER BY number DESC LIMIT 1") == "rebuild"
    assert await rebuilt.fetchval("SELECT array_agg(ref ORDER BY ref) FROM unit WHERE packet IS NULL") == [
        "dialogue/d2"
    ]


async def test_what_counts_otherwise_moves(rebuilt: Connection) -> None:
    await rebuilt.execute("UPDATE monitor_rebuild.contribution SET indicator = 'buurthulp' WHERE dialogue = 'd4'")
    assert await tell(rebuilt) == 0, "too small to show"
    assert await rebuilt.fetchval("SELECT indicator FROM unit WHERE ref = 'dialogue/d4'") == "buurthulp"


async def test_what_counts_no_more_goes(rebuilt: Connection) -> None:
    await rebuilt.execute("DELETE FROM monitor_rebuild.contribution WHERE dialogue = 'd4'")
    await tell(rebuilt)
    assert await rebuilt.fetchval("SELECT count(*) FROM unit WHERE ref = 'dialogue/d4'") == 0


async def test_what_was_in_a_dissolved_packet_stays_behind(rebuilt: Connection) -> None:
    """d2 and d3 were published together; d3 is withdrawn, and alone d2 is too few."""
    assert await rebuilt.fetchval("SELECT dissolved IS NOT NULL FROM packet JOIN unit ON packet = id WHERE number = 0")
    await rebuilt.execute("UPDATE monitor_rebuild.contribution SET scores = '{0,0,9,9,9}' WHERE dialogue = 'd2'")
    assert (await tell(rebuilt), await public(rebuilt)) == (0, {})
