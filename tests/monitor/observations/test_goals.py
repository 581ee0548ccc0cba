"""What a file moves is judged, and what it was refused for is on record."""

from dataclasses import replace

import msgspec

from services.monitor.impact.goals import handlers, judging
from services.monitor.impact.goals.domain import GoalSeries
from services.monitor.quality.store import list_findings
from shared.contracts.monitor import GoalJudged
from shared.contracts.vocabulary import SourceKind
from shared.database import Connection

from ..impact.goals.test_domain import GOAL
from .conftest import Import
from .world import CAUSE, eenzaam

OF_HELMOND = replace(
    GOAL,
    series=GoalSeries("eenzaam", SourceKind.GGD, "GM0794", "2024"),
    baseline_period=None,
    target_millionths=400_000,
    due=None,
)


async def told(connection: Connection) -> list[str]:
    rows = await connection.fetch("SELECT data FROM outbox WHERE type = $1 ORDER BY position", GoalJudged.type)
    return [msgspec.json.decode(row["data"], type=GoalJudged).verdict.value for row in rows]


async def test_a_goal_is_judged_by_the_file_that_moves_its_figure(monitor: Connection, take_in: Import) -> None:
    async with monitor.transaction():
        await handlers.set_goal(monitor, OF_HELMOND, CAUSE)
    await take_in(eenzaam(gebied="GM0772"))
    assert await told(monitor) == []
    await take_in(eenzaam(teller="450"))
    await judging.judge_marked(monitor, CAUSE.now)
    assert await told(monitor) == ["reached"]
    await take_in(eenzaam(teller="350"))
    await judging.judge_marked(monitor, CAUSE.now)
    assert await told(monitor) == ["reached", "under-way"]


async def test_rows_that_were_left_out_are_a_finding_that_anyone_can_list(monitor: Connection, take_in: Import) -> None:
    await take_in(eenzaam(), eenzaam(gebied="GM9999"), good_rows=True)
    (finding,) = await list_findings(monitor, None, None, None, 10)
    assert (finding["kind"], finding["explanation"]) == (
        "rows-rejected",
        "Niet alle aangeleverde regels zijn overgenomen.",
    )
