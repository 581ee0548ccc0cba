"""A stream worker as a process: how it ends stands in its service's schema."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from deploy.local import ROOT
from shared.database import Connection
from shared.runtime.settings import Settings
from tests.journeys.platform import until

_WORKER = """
import asyncio
from shared.processes.stream_worker import create_worker, run_worker
from shared.runtime.settings import Settings

class Work:
    name = "work"
    def problem(self):
        return None
    async def run(self):
        {body}

settings = Settings.load()
run_worker(create_worker("monitor", (), settings, (Work(),)), settings)
"""


@asynccontextmanager
async def working(settings: Settings, body: str, **env: str) -> AsyncIterator[Process]:
    """A worker of the monitor that does nothing but this."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _WORKER.format(body=body), cwd=ROOT, stdout=PIPE, stderr=PIPE,
        env={**os.environ, "VEERKRACHT_DATABASE_URL": settings.database_url, **env},
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def how(connection: Connection) -> list[str | None]:
    return [row["ended"] for row in await connection.fetch("SELECT ended FROM process_health WHERE process = 'stream'")]


@pytest.mark.parametrize(
    ("body", "status", "ended"),
    [("raise KeyError('GM0001')", 1, "KeyError"), ("await asyncio.Event().wait()", 0, "stopped")],
)
async def test_how_a_worker_ended_is_kept(
    settings: Settings, monitor_connection: Connection, body: str, status: int, ended: str
) -> None:
    async with working(settings, body) as process:
        if not status:
            await until(lambda: how(monitor_connection), lambda found: found == [None], 30)
            process.terminate()
        _, said = await process.communicate()
    assert process.returncode == status, said.decode()
    assert await how(monitor_connection) == [ended]


@pytest.mark.parametrize(("limit", "ends"), [("2", True), ("600", False)], ids=["as it is", "control: no limit"])
async def test_a_worker_whose_loop_hangs_ends_and_says_where(settings: Settings, limit: str, ends: bool) -> None:
    hangs = "import time; print('hangs', flush=True); time.sleep(600)"
    async with working(settings, hangs, VEERKRACHT_HUNG_AFTER_SECONDS=limit) as process:
        assert process.stdout is not None and process.stderr is not None
        assert (await asyncio.wait_for(process.stdout.readline(), 30)).endswith(b"hangs\n")
        if not ends:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(process.wait(), 3)
            return
        said = (await asyncio.wait_for(process.stderr.read(), 30)).decode()
        assert await process.wait() == 1
        assert "Timeout (0:00:02)!" in said and "in run" in said
