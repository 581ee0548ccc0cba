"""The end of a rebuild of what initiatives spent and learnt: verdicts are by the shadow, and told once."""

from dataclasses import replace

from services.monitor.impact.outcomes.jobs import rebuild_spending
from services.monitor.impact.outcomes.projection import PROJECTION
from services.monitor.settings import MonitorSettings
from shared.contracts.initiatives import TOPIC
from shared.contracts.vocabulary import Verdict
from shared.database import Connection
from shared.projections.watermarks import Partition
from tests.records import NOW, apply_run, cloud_event, run

from ...dialogues.shadow import make_shadow
from ..goals.test_handlers import COUNTED, set_goal
from ..samples import lesson, registered


async def test_verdicts_follow_from_what_was_counted_again(monitor_connection: Connection) -> None:
    events = [registered("slowcare"), lesson("slowcare", "l1"), lesson("slowcare", "l2")]
    await apply_run(monitor_connection, PROJECTION, Partition(TOPIC, 0), run(*map(cloud_event, events)), NOW)
    await set_goal(monitor_connection, replace(COUNTED, due=None), NOW)
    plan = rebuild_spending(MonitorSettings())
    await make_shadow(monitor_connection, plan.tables)
    async with monitor_connection.transaction():
        await plan.tell(monitor_connection)
    told = "SELECT count(*) FROM outbox WHERE correlation_id LIKE 'rebuild-%'"
    verdict = "SELECT verdict FROM goal"
    assert await monitor_connection.fetchval(verdict) == Verdict.REACHED
    assert await monitor_connection.fetchval(told) == 0, "the same is no news"

    await monitor_connection.execute("DELETE FROM monitor_rebuild.initiative_lesson WHERE id = 'l2'")
    async with monitor_connection.transaction():
        await plan.tell(monitor_connection)
    assert await monitor_connection.fetchval(verdict) != Verdict.REACHED
    assert await monitor_connection.fetchval(told) == 1
    assert await monitor_connection.fetchval("SHOW search_path") == "monitor"
