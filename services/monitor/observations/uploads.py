"""Files that are taken in while the API goes on: one task each, its progress in Postgres for whoever asks."""

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import structlog
from fastapi import FastAPI

from shared.database import TRANSIENT, Pool, connect
from shared.outbox.cause import Cause

from ..publication.threshold import thresholds_of
from ..settings import MonitorSettings
from . import store
from .domain import Offer
from .handlers import load
from .steps import release_all

_MOST = 20
_BEAT_SECONDS = 1.0
#: A process that was killed left something to be published: whoever runs next does it.
_LOOK_SECONDS = 10.0

#: What a file that is being received is called, in the folder for temporary files.
PREFIX = "veerkracht-import-"
#: No file takes as long.
_LEFT_SECONDS = 86_400

_log = structlog.get_logger(__name__)


class Uploads:
    """The files that this process takes in."""

    def __init__(self, pool: Pool, settings: MonitorSettings) -> None:
        self._pool, self._settings = pool, settings
        self._tasks: set[asyncio.Task[None]] = set()
        self._stored = asyncio.Event()
        #: They go one at a time in Postgres too: more connections would only wait.
        self._turn = asyncio.Semaphore(1)

    @property
    def full(self) -> bool:
        """Whether too many wait already."""
        return len(self._tasks) >= _MOST

    def start(self, path: Path, offer: Offer, cause: Cause) -> None:
        """Take a file in that has an upload; the file is removed when that is done."""
        task = asyncio.create_task(self._take_in(path, offer, cause))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

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

    async def stop(self) -> None:
        """Break off what is under way: nothing of it is stored."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _take_in(self, path: Path, offer: Offer, cause: Cause) -> None:
        read = [0, 0]

        def progress(position: int, _: int, rows: int) -> None:
            read[:] = position, rows

        beat = asyncio.create_task(self._beat(offer.id, read))
        try:
            async with self._turn:
                # Not of the pool: it may take long, and no command of it may end early.
                connection = await connect("monitor", self._settings)
                try:
                    await load(connection, path, offer, thresholds_of(self._settings), cause, progress)
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
            discard(path)

    async def _beat(self, upload: str, read: list[int]) -> None:
        while True:
            await asyncio.sleep(_BEAT_SECONDS)
            with contextlib.suppress(*TRANSIENT):
                async with self._pool.acquire() as connection:
                    await store.progress(connection, upload, read[0], read[1])


def discard(path: Path) -> None:
    """Remove a file that was received, if it is there."""
    path.unlink(missing_ok=True)


def sweep(now: float) -> None:
    """Remove what processes that were killed left of files they received. Others may be at work in the same folder."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < now - _LEFT_SECONDS:
                path.unlink()


@asynccontextmanager
async def running(app: FastAPI, pool: Pool) -> AsyncIterator[None]:
    """Files can be taken in while the app serves: `app.state.uploads`."""
    sweep(time.time())
    uploads = app.state.uploads = Uploads(pool, app.state.settings)
    publish = asyncio.create_task(uploads.publish())
    try:
        yield
    finally:
        publish.cancel()
        await uploads.stop()
        await asyncio.gather(publish, return_exceptions=True)
