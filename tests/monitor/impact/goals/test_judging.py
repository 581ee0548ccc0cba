"""A goal that cannot be judged stops nothing: no fold, no other goal, no command, no page; and it is tried again."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from services.monitor.app import create_app, tasks
from services.monitor.gauges import measure
from services.monitor.impact.goals import facts, handlers, judging, register
from services.monitor.impact.goals.domain import Facts, Goal
from services.monitor.impact.goals.judging import Judging
from services.monitor.impact.goals.programme import Programme
from services.monitor.metrics import GOALS_UNJUDGED
from services.monitor.settings import MonitorSettings
from shared.contracts.vocabulary import Verdict
from shared.database import Connection, connect
from tests.conftest import served
from tests.journeys.platform import until

from ..samples import PLACES, publish
from .test_domain import DUE, GOAL
from .test_handlers import DURING, Moved, at, told

BAD = replace(GOAL, id="bad")
NOT_SAID = "nog niet te zeggen: het beoordelen lukt niet en wordt nagekeken"
_facts_of = facts.facts_of


async def _of_python(_: Connection) -> None:
    raise KeyError("GM0001")


async def _of_postgres(connection: Connection) -> None:
    await connection.fetchval("SELECT 1 / 0")


@pytest.fixture(params=[_of_python, _of_postgres])
def broken(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The goal `bad` cannot be judged, in one way or another."""
    fail = request.param

    async def facts_of(connection: Connection, goal: Goal, *rest: object) -> Facts:
        if goal.id == BAD.id:
            await fail(connection)
        given: Callable[..., object] = _facts_of
        found = await given(connection, goal, *rest)  # type: ignore[misc]
        assert isinstance(found, Facts)
        return found

    monkeypatch.setattr(facts, "facts_of", facts_of)


@pytest.fixture
async def monitor(monitor_connection: Connection) -> Connection:
    """A monitor with a goal, and one like it."""
    await monitor_connection.execute(PLACES)
    return monitor_connection


async def set_both(connection: Connection) -> None:
    async with connection.transaction():
        assert await handlers.set_goal(connection, BAD, at(DURING))
        assert await handlers.set_goal(connection, GOAL, at(DURING))


async def move(connection: Connection, mean: float) -> None:
    async with connection.transaction():
        await publish(connection, "GM0828", "2019", mean, 100)
        await handlers.mark_figures(connection, [Moved()], at(DURING))


async def unjudged(connection: Connection) -> list[tuple[str, str]]:
    return [tuple(row) for row in await connection.fetch("SELECT goal, error FROM goal_unjudged")]


@pytest.mark.usefixtures("broken")
async def test_the_next_goal_is_judged_and_told(monitor: Connection) -> None:
    await set_both(monitor)
    await move(monitor, 3.2)
    assert await judging.judge_marked(monitor, DURING) == 1
    assert await told(monitor) == [("unknown", "under-way", 3_200_000)]
    ((goal, error),) = await unjudged(monitor)
    assert (goal, error) in {("bad", "KeyError"), ("bad", "DivisionByZeroError")}
    await measure(monitor)
    assert GOALS_UNJUDGED._value.get() == 1
    assert await judging.judge_marked(monitor, DURING) == 0, "not tried over and over"


@pytest.mark.usefixtures("broken")
async def test_reading_goes_on_and_says_why(monitor: Connection, settings: MonitorSettings) -> None:
    await set_both(monitor)
    await move(monitor, 3.2)
    async with monitor.transaction(isolation="repeatable_read", readonly=True):
        found = {goal.id: judgement for goal, judgement in await register.judged(monitor, DUE)}
        assert await monitor.fetchval("SELECT 1") == 1, "the reader's transaction lives"
    assert (found["bad"].verdict, found["bad"].reason) == (Verdict.UNKNOWN, NOT_SAID)
    assert found["g"].verdict is Verdict.UNDER_WAY
    async with served(create_app(settings)) as client:
        page = await client.get("/monitor/impact")
        assert (page.status_code, NOT_SAID in page.text) == (200, True)
        for path in ("impact/goals", "impact/goals/bad", "impact/goals/g", "impact/matrix"):
            assert (await client.get(f"/monitor/v1/{path}")).status_code == 200, path
        answer = (await client.get("/monitor/v1/impact/goals/bad")).json()
    assert (answer["verdict"], answer["reason"], answer["measured"]["value"]) == ("unknown", NOT_SAID, None)


async def test_it_is_tried_again_when_something_moves_and_when_a_worker_starts(
    monitor: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> Facts:
        raise ZeroDivisionError

    await set_both(monitor)
    monkeypatch.setattr(facts, "facts_of", fails)
    for again in (move(monitor, 3.2), judging.retry(monitor, DURING)):
        await again
        assert await judging.judge_marked(monitor, DURING) == 0
        assert len(await unjudged(monitor)) == 2
    monkeypatch.undo()
    await judging.retry(monitor, DURING)
    assert await judging.judge_marked(monitor, DURING) == 2
    assert await unjudged(monitor) == []
    assert [verdict for _, verdict, _ in await told(monitor)] == ["under-way"] * 2


async def test_what_moves_does_not_wait_for_a_goal_that_is_judged(
    monitor: Connection, settings: MonitorSettings
) -> None:
    await set_both(monitor)
    other = await connect("monitor", settings)
    try:
        async with other.transaction():
            await other.execute("SELECT 1 FROM goal FOR UPDATE")
            async with asyncio.timeout(5):
                await move(monitor, 3.2)
    finally:
        await other.close()


async def test_a_mark_of_a_transaction_that_commits_late_is_not_lost(
    monitor: Connection, settings: MonitorSettings
) -> None:
    """It has a lower number than one that was seen."""
    await set_both(monitor)
    other = await connect("monitor", settings)
    try:
        async with other.transaction():
            await publish(other, "GM0828", "2019", 3.2, 100)
            await handlers.mark_figures(other, [Moved()], at(DURING))
            async with monitor.transaction():
                await handlers.mark_figures(monitor, [Moved()], at(DURING))
            assert await judging.judge_marked(monitor, DURING) == 0
    finally:
        await other.close()
    assert await judging.judge_marked(monitor, DURING) == 2


async def test_two_workers_tell_a_verdict_once(monitor: Connection, settings: MonitorSettings) -> None:
    await set_both(monitor)
    await move(monitor, 3.2)
    other = await connect("monitor", settings)
    try:
        told_by = await asyncio.gather(judging.judge_marked(monitor, DURING), judging.judge_marked(other, DURING))
    finally:
        await other.close()
    assert sum(told_by) == 2
    assert len(await told(monitor)) == 2


@pytest.mark.usefixtures("broken")
async def test_the_worker_judges_what_it_is_told_of_and_lives(monitor: Connection, settings: MonitorSettings) -> None:
    (task,) = tasks(settings)
    assert isinstance(task, Judging)
    assert task.problem() == "judging has no connection to Postgres"
    running = asyncio.create_task(task.run())
    try:
        await set_both(monitor)
        await move(monitor, 3.2)
        await until(lambda: told(monitor), lambda found: len(found) == 1)
        await move(monitor, 4.0)
        verdicts = await until(lambda: told(monitor), lambda found: len(found) == 2)
        assert [verdict for _, verdict, _ in verdicts] == ["missed", "reached"], "its day has passed"
        assert (task.problem(), running.done()) == (None, False)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_what_all_goals_need_and_fails_is_a_problem_of_the_worker_and_ends_nothing(
    monitor: Connection, settings: MonitorSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(_: Connection) -> Programme:
        raise ValueError("an area of no known level")

    monkeypatch.setattr(judging, "programme", fails)
    task = Judging(settings.model_copy(update={"stuck_after_seconds": 0}))
    running = asyncio.create_task(task.run())
    try:
        await set_both(monitor)

        async def problem() -> str:
            return task.problem() or ""

        await until(problem, lambda said: said.startswith("judging is late"), 15)
        assert not running.done()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
