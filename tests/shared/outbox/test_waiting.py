"""A leader that hangs, or is gone without a word, is seen by whoever stands by, and loses its place."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from shared import outbox
from shared.database import Connection, connect
from shared.outbox import Draft, relay
from shared.outbox.cause import Cause
from shared.outbox.relay import Relay
from shared.outbox.waiting import Waiting
from shared.runtime.settings import Settings
from tests.journeys.platform import until
from tests.records import withdrawal

LONG_AGO = datetime.now(UTC) - timedelta(minutes=5)


@asynccontextmanager
async def standing_by(settings: Settings) -> AsyncIterator[Relay]:
    """A relay that would lead, were it not for another; Kafka is not there, so it says when it tries."""
    one = Relay("monitor", settings.model_copy(update={"kafka_servers": "127.0.0.1:1"}))
    task = asyncio.create_task(one.run())
    try:
        yield one
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def hung_leader(settings: Settings, fence: str) -> AsyncIterator[None]:
    """It has the lock, and asks nothing more: what is stopped by a signal looks like this to Postgres."""
    leader = await connect("monitor", settings, idle_session_timeout=fence)
    await leader.fetchval(relay._TRY_LOCK, "relay monitor")
    try:
        yield
    finally:
        leader.terminate()


async def test_a_relay_that_stands_by_says_what_waits_though_another_leads(
    settings: Settings, monitor_connection: Connection
) -> None:
    async with hung_leader(settings, "0"), standing_by(settings) as one:

        async def problem() -> str:
            return one.problem() or ""

        await until(problem, lambda said: said == "", 10)
        await outbox.append(monitor_connection, [Draft(withdrawal("d1"), Cause(LONG_AGO, "test", "x"))])
        assert (await until(problem, bool, 10)).startswith("the oldest event of monitor waits ")


@pytest.mark.parametrize("fence", ["1s", "0"], ids=["as it is", "control: without a fence"])
async def test_a_leader_that_asks_nothing_more_loses_its_place(settings: Settings, fence: str) -> None:
    async with hung_leader(settings, fence), standing_by(settings) as one:

        async def problem() -> str:
            return one.problem() or ""

        await until(problem, lambda said: said == "", 10)
        if fence == "0":
            with pytest.raises(AssertionError):
                await until(problem, bool, 3)
        else:
            assert "no connection" in await until(problem, bool, 10), "it has the lock, and looks for Kafka"


def test_a_relay_asks_more_often_than_its_fence() -> None:
    assert relay._NAP_SECONDS + relay._ANSWER_SECONDS < relay.FENCE_SECONDS


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_while_postgres_does_not_say_the_age_goes_on(settings: Settings) -> None:
    clock = Clock()
    waiting = Waiting("monitor", settings, clock)
    assert (waiting.age(), waiting.problem()) == (0.0, None)
    clock.now = 11.0
    assert waiting.problem() == "Postgres does not say for 11 s what of monitor waits to be sent"
    waiting._waits, waiting._at = 3.0, 11.0
    clock.now = 20.0
    assert waiting.age() == 12.0
    assert waiting.problem() == "the oldest event of monitor waits 12 s to be sent"
