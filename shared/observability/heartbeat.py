"""Each process of a service says every few seconds that it lives and what is wrong, from the loop that does its work.

A loop that hangs does not beat: that is the point. Who reads it is health.py.
"""

import asyncio
import contextlib
import os
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias
from uuid import uuid4

import asyncpg
import structlog

from ..database import TRANSIENT, Record, connect
from ..runtime.settings import Settings

#: Says what is wrong, or nothing.
Problems = Callable[[], list[str]]
_Connection: TypeAlias = "asyncpg.Connection[Record]"

#: How often there is a beat when nothing changes, and how often is looked whether something did.
BEAT_SECONDS = 2.0
_LOOK_SECONDS = 0.25
#: Clocks that are kept in time differ by milliseconds. Of one that is off, times in events and ages are wrong.
_CLOCK_SECONDS = 5.0
#: To say how it ended, a process takes no longer.
_LAST_WORD_SECONDS = 2.0
STOPPED = "stopped"

_BEAT = """
INSERT INTO process_health (process, instance, problems) VALUES ($1, $2, $3)
ON CONFLICT (process, instance) DO UPDATE SET beat_at = clock_timestamp(), problems = excluded.problems
RETURNING extract(epoch FROM beat_at)::float8
"""
#: It may have ended before its first beat.
_END = """
INSERT INTO process_health (process, instance, ended) VALUES ($1, $2, $3)
ON CONFLICT (process, instance) DO UPDATE SET beat_at = clock_timestamp(), ended = excluded.ended
"""
#: Those that were told to stop have nothing more to say once there is another; of a crash an hour is kept.
_FORGET = """
DELETE FROM process_health WHERE process = $1 AND (ended = 'stopped' OR beat_at < clock_timestamp() - interval '1 hour')
"""

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def beating(
    service: str, process: str, settings: Settings, problems: Problems, wall_clock: Callable[[], float] = time.time
) -> AsyncIterator[None]:
    """Beat within, and at the end say how it ended: by which kind of error, or stopped."""
    heart = _Heart(service, process, settings, wall_clock)
    task = asyncio.create_task(heart.beat(problems))
    ended = STOPPED
    try:
        yield
    except Exception as error:
        ended = type(_first(error)).__name__
        raise
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        with contextlib.suppress(*TRANSIENT):
            async with asyncio.timeout(_LAST_WORD_SECONDS):
                await heart.end(ended)


def _first(error: BaseException) -> BaseException:
    """What the tasks of a group ended by: the first of them."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


class _Heart:
    """One process. Its connection is its own: what holds up the work's connections does not hold up the beat."""

    def __init__(self, service: str, process: str, settings: Settings, wall_clock: Callable[[], float]) -> None:
        self._service = service
        self._settings = settings
        self._wall_clock = wall_clock
        #: How far our clock is ahead of that of Postgres.
        self._ahead = 0.0
        self._names = (process, f"{socket.gethostname()}/{os.getpid()}/{uuid4().hex[:8]}")
        self._connection: _Connection | None = None

    async def beat(self, problems: Problems) -> None:
        """Until cancelled; while Postgres is away there is none."""
        clock = asyncio.get_running_loop().time
        said: list[str] | None = None
        said_at = 0.0
        while True:
            found = problems() + self._clock_problem()
            if found != said or clock() - said_at >= BEAT_SECONDS:
                try:
                    connection = await self._connected()
                    if said is None:
                        await connection.execute(_FORGET, self._names[0])
                    before = self._wall_clock()
                    beat_at: float = await connection.fetchval(_BEAT, *self._names, found)
                    # Between the two Postgres looked at its own.
                    self._ahead = max(before - beat_at, 0.0) + min(self._wall_clock() - beat_at, 0.0)
                    said, said_at = found, clock()
                except TRANSIENT as error:
                    self._hang_up()
                    _log.warning("no heartbeat", process=self._names[0], error=repr(error))
                    await asyncio.sleep(BEAT_SECONDS)
            await asyncio.sleep(_LOOK_SECONDS)

    def _clock_problem(self) -> list[str]:
        if abs(self._ahead) <= _CLOCK_SECONDS:
            return []
        where = "ahead of" if self._ahead > 0 else "behind"
        return [f"its clock is {abs(self._ahead):.0f} s {where} that of Postgres"]

    async def end(self, how: str) -> None:
        """The last word."""
        try:
            await (await self._connected()).execute(_END, *self._names, how)
        finally:
            self._hang_up()

    async def _connected(self) -> _Connection:
        if self._connection is None or self._connection.is_closed():
            self._connection = await connect(self._service, self._settings)
        return self._connection

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None
