"""The end of a rebuild of what initiatives spent and learnt: verdicts follow by its tables, and are told once."""

from dataclasses import replace

from services.monitor.impact.goals import judging
from services.monitor.impact.outcomes.jobs import rebuild_spending
from services.monitor.impact.outcomes.projection import PROJECTION
from services.monitor.settings import MonitorSettings
from shared.contracts.initiatives import TOPIC
from shared.contracts.vocabulary import Verdict
from shared.database import Connection
from shared.projections.watermarks import Partition
from tests.records import NOW, apply_run, cloud_event, run

from ..goals.test_handlers import COUNTED, set_goal
from ..samples import lesson, registered


async def test_verdicts_follow_from_what_was_counted_again(monitor_connection: Connection) -> None:
    events = [registered("slowcare"), lesson("slowcare", "l1"), lesson("slowcare", "l2")]
    await apply_run(monitor_connection, PROJECTION, Partition(TOPIC, 0), run(*map(cloud_event, events)), NOW)
    await set_goal(monitor_connection, replace(COUNTED, due=None), NOW)
    plan = rebuild_spending(MonitorSettings())
    async with monitor_connection.transaction():
        await plan.tell(monitor_connection)
    await judging.judge_marked(monitor_connection, NOW)
    told = "SELECT count(*) FROM outbox WHERE correlation_id LIKE 'rebuild-%'"
    verdict = "SELECT verdict FROM goal"
    assert await monitor_connection.fetchval(verdict) == Verdict.REACHED
    assert await monitor_connection.fetchval(told) == 0, "the same is no news"

    async with monitor_connection.transaction():
        await plan.tell(monitor_connection)
        await monitor_connection.execute("DELETE FROM initiative_lesson WHERE id = 'l2'")  # as the swap does
    await judging.judge_marked(monitor_connection, NOW)
    assert await monitor_connection.fetchval(verdict) != Verdict.REACHED
    assert await monitor_connection.fetchval(told) == 1
