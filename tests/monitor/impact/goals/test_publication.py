"""A fold that publishes marks the goals of what it moved, in its own transaction; they are judged after it."""

import json
from dataclasses import replace
from datetime import date

import pytest

from services.monitor.app import projections
from services.monitor.impact.goals import handlers, judging, register
from services.monitor.impact.goals.domain import GoalSeries
from services.monitor.settings import MonitorSettings
from shared.contracts.community import FINDINGS
from shared.contracts.vocabulary import SourceKind, Verdict
from shared.database import Connection
from shared.projections.watermarks import Partition
from tests.records import NOW, apply_run, cloud_event, findings, run, withdrawal

from ..samples import PLACES
from .test_domain import GOAL
from .test_handlers import at

FIGURES, *_ = projections(MonitorSettings())
HERE = Partition(FINDINGS, 0)


@pytest.fixture
async def monitor(monitor_connection: Connection) -> Connection:
    """A monitor with a learning key and a goal on what dialogues in Oss say in 2026."""
    await monitor_connection.execute(PLACES)
    await monitor_connection.execute("INSERT INTO learning_key VALUES (1, '2017-01-01')")
    await monitor_connection.execute("INSERT INTO learning_key_mapping VALUES (1, 'ontmoeting', 'verbondenheid')")
    goal = replace(
        GOAL,
        series=GoalSeries("verbondenheid", SourceKind.DIALOGUE, "GM0828", "2026"),
        baseline_period=None,
        due=date(2026, 12, 31),
    )
    async with monitor_connection.transaction():
        await handlers.set_goal(monitor_connection, goal, at(NOW))
    return monitor_connection


async def told(connection: Connection) -> list[tuple[str, bool]]:
    """The verdict of every event on a goal, and whether it names the event that caused it."""
    rows = await connection.fetch(
        "SELECT data, causation_id IS NOT NULL AS caused FROM outbox WHERE topic = 'monitor.goals' ORDER BY position"
    )
    return [(json.loads(row["data"])["verdict"], row["caused"]) for row in rows]


async def fold(connection: Connection, *values: bytes, start: int = 0) -> None:
    await apply_run(connection, FIGURES, HERE, run(*values, start=start), NOW)
    await judging.judge_marked(connection, NOW)


async def test_dialogues_reach_a_goal_and_a_withdrawal_takes_it_back(monitor: Connection) -> None:
    await fold(monitor, cloud_event(findings("d1", (0, 0, 0, 10, 10), "GM0828")))
    assert await told(monitor) == [("reached", True)]
    await fold(monitor, cloud_event(withdrawal("d1")), start=1)
    assert await told(monitor) == [("reached", True), ("unknown", True)]


async def test_what_waits_below_the_threshold_judges_nothing(monitor: Connection) -> None:
    await fold(monitor, cloud_event(findings("d1", (0, 0, 0, 0, 9), "GM0828")))
    assert await told(monitor) == []
    ((_, judgement),) = await register.judged(monitor, date(2026, 12, 1))
    assert (judgement.verdict, judgement.reason) == (Verdict.UNKNOWN, "geen gepubliceerd cijfer")
