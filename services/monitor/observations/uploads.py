"""Files that are taken in while the API goes on: one task each, its progress in Postgres for whoever asks."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import structlog
from fastapi import FastAPI

from shared.database import TRANSIENT, Pool, connect
from shared.outbox.cause import Cause

from ..publication.threshold import thresholds_of
from ..settings import MonitorSettings
from . import store
from .domain import Offer
from .handlers import load
from .receiving import IncomingFile, Intake, sweep
from .steps import release_all

_BEAT_SECONDS = 1.0
#: A process that was killed left something to be published: whoever runs next does it.
_LOOK_SECONDS = 10.0
#: What is left and what is old is removed so often.
_TIDY_SECONDS = 3600.0

_log = structlog.get_logger(__name__)


class Uploads:
    """The files that this process takes in."""

    def __init__(self, pool: Pool, settings: MonitorSettings) -> None:
        self._pool, self._settings = pool, settings
        self.intake = Intake.of(settings)
        self._tasks: set[asyncio.Task[None]] = set()
        self._stored = asyncio.Event()
        #: They go one at a time in Postgres too: more connections would only wait.
        self._turn = asyncio.Semaphore(1)

    def start(self, file: IncomingFile, offer: Offer, cause: Cause) -> None:
        """Take a file in that has an upload; the file is removed when that is done."""
        task = asyncio.create_task(self._take_in(file, offer, cause))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        # Also of a task that is broken off before it began.
        task.add_done_callback(lambda _: file.discard())

    async def publish(self) -> None:
        """Publish what is stored, now and whenever there is more, until cancelled."""
        while True:
            try:
                async with self._pool.acquire() as connection:
                    await release_all(connection, thresholds_of(self._settings))
            except Exception as error:  # noqa: BLE001
                # What is stored stays stored; whatever is wrong may pass, and someone must see it until it does.
                _log.error("observations are published later", exc_info=error)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stored.wait(), _LOOK_SECONDS)
            self._stored.clear()

    async def tidy(self) -> None:
        """Remove files that a killed process left and errors that are old, now and then, until cancelled."""
        while True:
            sweep(time.time())
            before = datetime.now(UTC) - timedelta(days=self._settings.import_errors_days)
            with contextlib.suppress(*TRANSIENT):
                async with self._pool.acquire() as connection:
                    await store.forget_errors(connection, before)
            await asyncio.sleep(_TIDY_SECONDS)

    async def stop(self) -> None:
        """Break off what is under way: nothing of it is stored."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _take_in(self, file: IncomingFile, offer: Offer, cause: Cause) -> None:
        read = [0, 0]

        def progress(position: int, _: int, rows: int) -> None:
            read[:] = position, rows

        beat = asyncio.create_task(self._beat(offer.id, read))
        try:
            async with self._turn:
                # Not of the pool: it may take long, and no command of it may end early.
                connection = await connect("monitor", self._settings, command_seconds=None)
                try:
                    await load(
                        connection,
                        file.path,
                        offer,
                        thresholds_of(self._settings),
                        cause,
                        progress,
                        self._settings.import_errors_kept,
                    )
                finally:
                    connection.terminate()
            self._stored.set()
        except Exception as error:  # noqa: BLE001
            # Whoever asks for the upload sees that it failed; the task has no one to raise to.
            _log.error("import failed", upload=offer.id, exc_info=error)
            with contextlib.suppress(*TRANSIENT):
                async with self._pool.acquire() as other:
                    await store.fail(other, offer.id)
        finally:
            beat.cancel()

    async def _beat(self, upload: str, read: list[int]) -> None:
        while True:
            await asyncio.sleep(_BEAT_SECONDS)
            with contextlib.suppress(*TRANSIENT):
                async with self._pool.acquire() as connection:
                    await store.progress(connection, upload, read[0], read[1])


@asynccontextmanager
async def running(app: FastAPI, pool: Pool) -> AsyncIterator[None]:
    """Files can be taken in while the app serves: `app.state.uploads`."""
    uploads = app.state.uploads = Uploads(pool, app.state.settings)
    jobs = [asyncio.create_task(job()) for job in (uploads.publish, uploads.tidy)]
    try:
        yield
    finally:
        for job in jobs:
            job.cancel()
        await uploads.stop()
        await asyncio.gather(*jobs, return_exceptions=True)
