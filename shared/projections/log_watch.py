"""Compares the log with the watermarks while a worker runs, whatever its consumers were assigned."""

import asyncio
from collections.abc import Sequence

import structlog
from aiokafka.errors import KafkaError

from ..database import TRANSIENT, Pool
from ..runtime.settings import Settings
from .consumer import ProjectionConsumer
from .halts import standing
from .log_identity import compare
from .watermarks import read_marks

#: As often as this it may fail before that is trouble itself.
_MISSES = 3

_log = structlog.get_logger(__name__)


class LogWatch:
    """Looks every few seconds, beside the projections of one worker, and halts those whose log is another one."""

    name = "log-watch"

    def __init__(self, consumers: Sequence[ProjectionConsumer], pool: Pool, settings: Settings) -> None:
        self._consumers = consumers
        self._pool = pool
        self._settings = settings
        self._compared_at: float | None = None

    def problem(self) -> str | None:
        """What is wrong, or None: red when the log could not be compared for a while."""
        if self._compared_at is None:
            return None
        silent = asyncio.get_running_loop().time() - self._compared_at
        if silent <= _MISSES * self._settings.log_check_seconds + self._settings.stuck_after_seconds:
            return None
        return f"the log was last compared with what is folded {silent:.0f} s ago"

    async def run(self) -> None:
        """Compare until cancelled; passing trouble is waited out."""
        clock = asyncio.get_running_loop().time
        self._compared_at = clock()
        while True:
            await asyncio.sleep(self._settings.log_check_seconds)
            try:
                for consumer in self._consumers:
                    await self._compare(consumer)
            except (KafkaError, *TRANSIENT) as error:
                _log.warning("the log could not be compared", error=repr(error))
            else:
                self._compared_at = clock()

    async def _compare(self, consumer: ProjectionConsumer) -> None:
        async with self._pool.acquire() as connection:
            halts = await standing(connection, consumer.name)
            marks = await read_marks(connection, consumer.name)
        # One that another worker found stops this one too.
        found = halts or await compare(self._settings.kafka_servers, consumer.name, marks)
        if not found:
            return
        async with self._pool.acquire() as connection:
            now = {mark.partition: mark.log_id for mark in await read_marks(connection, consumer.name)}
        # Repaired meanwhile: what was seen is of the log before.
        if {mark.partition: mark.log_id for mark in marks} == now:
            consumer.refuse(found[0])
