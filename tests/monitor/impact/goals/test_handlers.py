"""Verdicts on a real Postgres: judged after a figure or a count moved or a day passed, told only when they change."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from services.monitor.impact.goals import handlers, judging, register
from services.monitor.impact.goals.command import judge_goals
from services.monitor.impact.goals.domain import Basis, Count, Goal
from services.monitor.impact.outcomes.domain import Counted, Outcome
from services.monitor.impact.outcomes.handlers import record_outcome
from services.monitor.impact.outcomes.projection import PROJECTION
from services.monitor.settings import MonitorSettings
from shared.contracts.initiatives import TOPIC
from shared.contracts.vocabulary import Phase, SourceKind, Verdict
from shared.database import Connection
from shared.outbox.cause import Cause
from shared.projections.watermarks import Partition
from shared.refusals import Conflict
from tests.records import apply_run, cloud_event, run

from ..outcomes.recomputation import goals_told
from ..samples import PLACES, changed, lesson, publish, registered
from .test_domain import DUE, GOAL

DURING, AFTER = datetime(2019, 6, 1, 12, tzinfo=UTC), datetime(2020, 6, 1, 12, tzinfo=UTC)
HERE = Partition(TOPIC, 0)
COUNTED = replace(GOAL, id="c", series=None, baseline_period=None, counts=Count.LESSONS, target_millionths=2_000_000)


@dataclass(frozen=True)
class Moved:
    """A cell that moved."""

    code: str = "verbondenheid"
    source: str = SourceKind.SURVEY


def at(now: datetime) -> Cause:
    return Cause(now, "test", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")


@pytest.fixture
async def monitor(monitor_connection: Connection) -> Connection:
    """A monitor that knows some towns, an indicator and where the programme works."""
    await monitor_connection.execute(PLACES)
    return monitor_connection


async def set_goal(connection: Connection, goal: Goal, now: datetime = DURING) -> None:
    async with connection.transaction():
        assert await handlers.set_goal(connection, goal, at(now))
    await judging.judge_marked(connection, now)


async def moved(connection: Connection, now: datetime = DURING, cell: Moved | None = None) -> None:
    async with connection.transaction():
        await handlers.mark_figures(connection, [cell or Moved()], at(now))
    await judging.judge_marked(connection, now)


async def told(connection: Connection) -> list[tuple[str, str, int | None]]:
    """Previous verdict, verdict and measured value of every event."""
    rows = await connection.fetch("SELECT data FROM outbox ORDER BY position")
    data = [json.loads(row["data"]) for row in rows]
    return [(each["previous"], each["verdict"], each["measuredMillionths"]) for each in data]


async def test_a_goal_is_judged_when_its_figure_moves_and_told_only_when_its_verdict_changes(
    monitor: Connection,
) -> None:
    await set_goal(monitor, GOAL)
    assert await told(monitor) == [], "unknown from the start is no change"
    await publish(monitor, "GM0828", "2019", 3.2, 100)
    await moved(monitor)
    await moved(monitor)
    await publish(monitor, "GM0828", "2019", 3.4, 100)
    await moved(monitor)
    assert await told(monitor) == [("unknown", "under-way", 3_200_000)]
    await publish(monitor, "GM0758", "2019", 4.0, 300)
    await moved(monitor)
    assert (await told(monitor))[1:] == [("under-way", "reached", 3_850_000)], "the towns of the programme together"


async def test_the_towns_outside_the_programme_never_count_towards_its_goal(monitor: Connection) -> None:
    await set_goal(monitor, GOAL)
    await publish(monitor, "GM0796", "2019", 5.0, 10_000)
    await moved(monitor)
    assert await told(monitor) == []
    ((_, judgement),) = await register.judged(monitor, DUE)
    assert judgement.reason == "geen gepubliceerd cijfer"


async def test_another_indicator_or_source_judges_nothing(monitor: Connection) -> None:
    await set_goal(monitor, GOAL)
    await publish(monitor, "GM0828", "2019", 4.0, 100)
    await moved(monitor, cell=Moved("eenzaamheid"))
    await moved(monitor, cell=Moved(source="dialogue"))
    assert await told(monitor) == []


async def test_a_correction_takes_a_verdict_back(monitor: Connection) -> None:
    await publish(monitor, "GM0828", "2019", 4.0, 100)
    await set_goal(monitor, GOAL)
    await publish(monitor, "GM0828", "2019", 3.0, 100)
    await moved(monitor, AFTER)
    await monitor.execute("UPDATE published SET n = 0, total = 0, respondents = 0")
    await moved(monitor, AFTER)
    assert await told(monitor) == [
        ("unknown", "reached", 4_000_000),
        ("reached", "missed", 3_000_000),
        ("missed", "unknown", None),
    ]
    wanted, found = goals_told([json.loads(r["data"]) for r in await monitor.fetch("SELECT data FROM outbox")])
    found["g", "now"] = (await monitor.fetchval("SELECT verdict FROM goal"),)
    assert found == wanted
    assert [row["number"] for row in await monitor.fetch("SELECT number FROM goal_judgement ORDER BY number")] == [
        1, 2, 3,
    ]  # fmt: skip


async def test_a_day_that_passes_is_judged_by_the_daily_pass_and_only_once(monitor: Connection) -> None:
    await publish(monitor, "GM0828", "2019", 3.0, 100)
    await set_goal(monitor, GOAL)
    for now, changes in ((DURING, 0), (AFTER, 1), (AFTER, 0)):
        assert await judging.judge_all(monitor, now) == changes
    assert (await told(monitor))[-1] == ("under-way", "missed", 3_000_000)
    ((_, read),) = await register.judged(monitor, date(2019, 12, 31))
    assert read.verdict is Verdict.UNDER_WAY, "on its last day it may still be reached"


async def test_the_command_judges_once(monitor: Connection, settings: MonitorSettings) -> None:
    await publish(monitor, "GM0828", "2019", 3.0, 100)
    await set_goal(monitor, GOAL)
    assert [await judge_goals(settings, now) for now in (AFTER, AFTER)] == [1, 0]


async def test_better_than_the_baseline_is_judged_of_the_same_towns(monitor: Connection) -> None:
    assert GOAL.series is not None
    goal = replace(
        GOAL, basis=Basis.BASELINE, target_millionths=None, due=None, series=replace(GOAL.series, period="2022")
    )
    await set_goal(monitor, goal)
    await publish(monitor, "GM0828", "2016", 3.0, 100)
    await publish(monitor, "GM0856", "2016", 5.0, 100)  # Uden went into Maashorst: no longer comparable
    await publish(monitor, "GM0828", "2022", 3.1, 100)
    await moved(monitor)
    ((_, judgement),) = await register.judged(monitor, DUE)
    assert (judgement.baseline, judgement.verdict) == (Fraction(3), Verdict.REACHED)


async def test_a_recalibration_makes_it_unknown(monitor: Connection) -> None:
    await publish(monitor, "GM0828", "2016", 3.0, 100)
    await publish(monitor, "GM0828", "2019", 4.0, 100)
    await monitor.execute(
        "INSERT INTO indicator_version VALUES ('verbondenheid', 2, '2.0', 'x', '2019-01-01', false, 'andere schaal')"
    )
    await set_goal(monitor, GOAL)
    ((_, judgement),) = await register.judged(monitor, DUE)
    assert judgement.reason == "niet vergelijkbaar: versie 2.0 (andere schaal)"


async def test_the_newest_year_until_the_due_date_is_measured(monitor: Connection) -> None:
    assert GOAL.series is not None
    await set_goal(monitor, replace(GOAL, series=replace(GOAL.series, period=None)))
    for year, mean in (("2017", 3.1), ("2018", 3.2), ("2020", 4.9)):
        await publish(monitor, "GM0828", year, mean, 100)
    ((_, judgement),) = await register.judged(monitor, DUE)
    assert (judgement.period, judgement.measured) == ("2018", Fraction(32, 10))


async def test_folded_lessons_reach_a_goal(monitor: Connection) -> None:
    await set_goal(monitor, COUNTED)
    await set_goal(monitor, replace(COUNTED, id="d", counts=Count.ADVANCED, target_millionths=1_000_000))
    events = [registered("slowcare"), lesson("slowcare", "l1"), changed("slowcare", Phase.STOPPED)]
    await apply_run(monitor, PROJECTION, HERE, run(*map(cloud_event, events)), DURING)
    await judging.judge_marked(monitor, DURING)
    assert (await told(monitor))[2:] == []
    events = [lesson("slowcare", "l2"), lesson("slowcare", "late", on=date(2020, 1, 1)),
              changed("slowcare", Phase.RUNNING)]  # fmt: skip
    await apply_run(monitor, PROJECTION, HERE, run(*map(cloud_event, events), start=3), DURING)
    await judging.judge_marked(monitor, DURING)
    assert (await told(monitor))[2:] == [("under-way", "reached", 2_000_000), ("under-way", "reached", 1_000_000)]


async def test_recorded_outcomes_reach_a_goal_and_none_is_unknown(monitor: Connection) -> None:
    await set_goal(monitor, replace(COUNTED, counts=Count.OUTCOMES, target_millionths=250_000_000))
    ((_, judgement),) = await register.judged(monitor, DUE)
    assert judgement.reason == "er is nog niets met bewijs vastgelegd"
    outcome = Outcome("o1", None, "c", None, None, None, "Studenten", Counted.PEOPLE, 249, "opgave", date(2019, 2, 1))
    async with monitor.transaction():
        assert await record_outcome(monitor, outcome, 10, at(DURING))
        assert not await record_outcome(monitor, outcome, 10, at(DURING))
        with pytest.raises(Conflict):
            await record_outcome(monitor, replace(outcome, count=250), 10, at(DURING))
    await judging.judge_marked(monitor, DURING)
    async with monitor.transaction():
        late = replace(outcome, id="o2", achieved_on=date(2020, 1, 1))
        await record_outcome(monitor, late, 10, at(AFTER))
    await judging.judge_marked(monitor, AFTER)
    async with monitor.transaction():
        await record_outcome(monitor, replace(outcome, id="o3", count=10), 10, at(AFTER))
    await judging.judge_marked(monitor, AFTER)
    assert await told(monitor) == [
        ("unknown", "under-way", 249_000_000),
        ("under-way", "missed", 249_000_000),
        ("missed", "reached", 259_000_000),
    ]


async def test_every_municipality_moves_with_the_mergers(monitor: Connection) -> None:
    goal = replace(
        COUNTED, counts=Count.MUNICIPALITIES, basis=Basis.MUNICIPALITIES, target_millionths=None, due=date(2022, 6, 1)
    )
    await set_goal(monitor, goal)
    there = ["GM0758", "GM0828", "GM0796", "GM0772", "GM1685"]
    async with monitor.transaction():
        for code in there:
            outcome = Outcome(
                f"o-{code.lower()}", None, "c", None, code, None, "Netwerk", Counted.THINGS, 1, "x", date(2019, 2, 1)
            )
            await record_outcome(monitor, outcome, 10, at(DURING))

    async def seen(day: date) -> tuple[object, object, Verdict]:
        ((_, judgement),) = await register.judged(monitor, day)
        return judgement.measured, judgement.target, judgement.verdict

    assert await seen(date(2021, 12, 31)) == (5, 6, Verdict.UNDER_WAY), "not yet Uden"
    assert await seen(date(2022, 1, 1)) == (4, 5, Verdict.UNDER_WAY), "Maashorst is half there"
    async with monitor.transaction():
        uden = Outcome("o-uden", None, "c", None, "GM0856", None, "Netwerk", Counted.THINGS, 1, "x", date(2021, 2, 1))
        await record_outcome(monitor, uden, 10, at(datetime(2022, 2, 1, tzinfo=UTC)))
    assert await seen(date(2021, 12, 31)) == (6, 6, Verdict.REACHED)
    assert await seen(date(2022, 1, 1)) == (5, 5, Verdict.REACHED)


async def test_a_rolled_back_publication_tells_nothing(monitor: Connection) -> None:
    """Negative control: the mark belongs to the transaction that moved the figure."""
    await set_goal(monitor, GOAL)
    with pytest.raises(RuntimeError):
        async with monitor.transaction():
            await publish(monitor, "GM0828", "2019", 4.0, 100)
            await handlers.mark_figures(monitor, [Moved()], at(DURING))
            raise RuntimeError
    assert await judging.judge_marked(monitor, DURING) == 0
    assert await told(monitor) == []
