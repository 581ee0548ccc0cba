"""An agent's process lives and says how it is before Kafka answers; how it ends stands in its service's schema."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE

import pytest

from deploy.local import ROOT
from shared.database import Connection
from shared.runtime.settings import Settings
from tests.journeys.platform import until

_WORKER = """
import asyncio
from shared.processes.agent_worker import create_agent_app
from shared.processes.stream_worker import run_worker
from shared.runtime.settings import Settings

class Work:
    name = "work"
    def problem(self):
        return "it waits for Kafka"
    async def run(self):
        {body}

async def begin():
    await asyncio.Event().wait()

settings = Settings.load()
run_worker(create_agent_app("monitor", "agent", "group", settings, begin, [Work()]), settings)
"""


async def said(connection: Connection) -> list[tuple[list[str], str | None]]:
    rows = await connection.fetch("SELECT problems, ended FROM process_health WHERE process = 'agent'")
    return [(row["problems"], row["ended"]) for row in rows]


@pytest.mark.parametrize(
    ("body", "status", "ended"),
    [("raise KeyError('GM0001')", 1, "KeyError"), ("await asyncio.Event().wait()", 0, "stopped")],
)
async def test_an_agent_that_waits_for_kafka_lives_and_its_end_is_kept(
    settings: Settings, monitor_connection: Connection, body: str, status: int, ended: str
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _WORKER.format(body=body), cwd=ROOT, stderr=PIPE,
        env={**os.environ, "VEERKRACHT_DATABASE_URL": settings.database_url},
    )  # fmt: skip
    try:
        if not status:
            await until(lambda: said(monitor_connection), lambda found: found == [(["it waits for Kafka"], None)], 30)
            process.terminate()
        _, told = await asyncio.wait_for(process.communicate(), 30)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == status, told.decode()
    ((_, how),) = await said(monitor_connection)
    assert how == ended
