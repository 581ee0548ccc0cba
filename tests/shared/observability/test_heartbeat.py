"""Processes say that they live, and how they ended; the service's health is what they said, its readiness is not."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from services.monitor.app import create_app
from services.monitor.settings import MonitorSettings
from shared import outbox
from shared.database import Connection, Pool
from shared.observability.heartbeat import beating
from shared.observability.metrics import SERVICE_HEALTHY
from shared.outbox import Draft
from shared.outbox.cause import Cause
from shared.outbox.relay import Relay
from shared.processes import health
from tests.conftest import served
from tests.journeys.platform import until
from tests.records import withdrawal

_ALL = "SELECT process, problems, ended FROM process_health ORDER BY process, started_at"


def well() -> list[str]:
    return []


@pytest.fixture
async def client(settings: MonitorSettings) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of a running monitor without relay and stream worker."""
    async with served(create_app(settings)) as client:
        yield client


async def said(connection: Connection) -> list[tuple[str, list[str], str | None]]:
    return [tuple(row) for row in await connection.fetch(_ALL)]


async def problems(client: httpx2.AsyncClient) -> list[str]:
    """What the health of the monitor names; its status says the same, and readiness does not care."""
    answer = await client.get("/monitor/health")
    found: list[str] = answer.json()["problems"]
    assert (answer.status_code, answer.json()["healthy"]) == ((503, False) if found else (200, True))
    assert (await client.get("/monitor/readyz")).status_code == 200
    return found


@pytest.mark.parametrize(
    ("off", "says"),
    [
        (86_400, r"its clock is 86[34]\d\d s ahead of that of Postgres"),
        (-3600, r"its clock is 3[56]\d\d s behind"),
        (1, None),
    ],
    ids=["a day ahead", "an hour behind", "control"],
)
async def test_a_process_whose_clock_is_off_says_so_until_it_is_right(
    settings: MonitorSettings, monitor_connection: Connection, off: int, says: str | None
) -> None:
    def wrong(found: list[tuple[str, list[str], str | None]]) -> bool:
        return bool(found and found[0][1])

    async with beating("monitor", "api", settings, well, lambda: time.time() + off):
        if says is None:
            await until(lambda: said(monitor_connection), bool)
            assert not wrong(await said(monitor_connection))
            return
        ((_, (problem,), _),) = await until(lambda: said(monitor_connection), wrong)
        assert re.match(says, problem)
        off = 0
        await until(lambda: said(monitor_connection), lambda found: not wrong(found))


async def test_a_process_says_what_is_wrong_and_how_it_ended(
    settings: MonitorSettings, monitor_connection: Connection
) -> None:
    wrong: list[str] = []
    with pytest.raises(ExceptionGroup):
        async with beating("monitor", "stream", settings, lambda: list(wrong)):
            await until(lambda: said(monitor_connection), lambda found: found == [("stream", [], None)])
            wrong.append("figures is late")
            await until(lambda: said(monitor_connection), lambda found: found == [("stream", wrong, None)])
            raise ExceptionGroup("tasks", [ExceptionGroup("inner", [KeyError("GM0001")]), ValueError()])
    assert await said(monitor_connection) == [("stream", wrong, "KeyError")], "the kind only: an error may quote data"
    async with beating("monitor", "stream", settings, well):
        await until(lambda: said(monitor_connection), lambda found: len(found) == 2)
    assert [ended for _, _, ended in await said(monitor_connection)] == ["KeyError", "stopped"]
    async with beating("monitor", "stream", settings, well):
        await until(lambda: said(monitor_connection), lambda found: [each[2] for each in found] == ["KeyError", None])


async def test_one_that_is_cancelled_was_stopped(settings: MonitorSettings, monitor_connection: Connection) -> None:
    async def run() -> None:
        async with beating("monitor", "relay", settings, well):
            await asyncio.Event().wait()

    task = asyncio.create_task(run())
    await until(lambda: said(monitor_connection), bool)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert [ended for _, _, ended in await said(monitor_connection)] == ["stopped"]


async def test_health_names_each_process_until_all_are_well(
    client: httpx2.AsyncClient, settings: MonitorSettings
) -> None:
    missing = ["monitor-relay: it has not started", "monitor-stream: it has not started"]
    await until(lambda: problems(client), lambda found: found == missing)
    async with AsyncExitStack() as running:
        for process in ("relay", "stream"):
            await running.enter_async_context(beating("monitor", process, settings, well))
        await until(lambda: problems(client), lambda found: found == [])
    assert [each.partition(" since")[0] for each in await problems(client)] == [
        "monitor-relay: stopped", "monitor-stream: stopped",
    ]  # fmt: skip


async def test_an_outbox_that_nobody_sends_is_late_whatever_the_relays_say(
    settings: MonitorSettings, monitor_connection: Connection, monitor_pool: Pool
) -> None:
    """As with a leader that hangs, which says nothing, beside one that stands by and sees nothing wrong."""
    long_ago = datetime.now(UTC) - timedelta(minutes=5)
    await outbox.append(monitor_connection, [Draft(withdrawal("d1"), Cause(long_ago, "test", "x"))])
    async with AsyncExitStack() as running:
        for process in health.PROCESSES:
            await running.enter_async_context(beating("monitor", process, settings, well))

        async def found() -> list[str]:
            return await health.problems(monitor_pool, "monitor", 10)

        (late,) = await until(found, lambda said: len(said) == 1)
        assert late.startswith("monitor-relay: the oldest event waits ")
        measuring = asyncio.create_task(health.measure(monitor_pool, "monitor", 10))

        async def shown() -> float:
            value: float = SERVICE_HEALTHY.labels("monitor")._value.get()
            return value

        assert await until(shown, lambda value: value == 0) == 0
        await monitor_connection.execute("DELETE FROM outbox_fresh")
        measuring.cancel()
        measuring = asyncio.create_task(health.measure(monitor_pool, "monitor", 10))
        assert await until(shown, lambda value: value == 1) == 1
        measuring.cancel()
        await asyncio.gather(measuring, return_exceptions=True)


async def test_without_postgres_health_says_so(monitor_pool: Pool) -> None:
    monitor_pool.terminate()
    (said,) = await health.problems(monitor_pool, "monitor", 10)
    assert said.startswith("Postgres: ")


def test_a_relay_that_is_connecting_is_not_well(settings: MonitorSettings) -> None:
    assert Relay("monitor", settings).problem() is not None
