"""What the pulse told last, kept by the API: read from its topic beside everything else, and missed by nothing else."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Final

import structlog
from aiokafka import TopicPartition
from fastapi import FastAPI, Request

from shared.kafka import clients
from shared.runtime.settings import Settings
from shared.runtime.shutdown import stop

from .domain import LivelyKind
from .log import PASSING
from .message import TOLD_EVERY, TOPIC, Told, read_told

#: What was told longer ago is not of now.
STALE: Final = 3 * TOLD_EVERY
_PAUSE_SECONDS = 2.0
_WAIT_MS = 1000
_PATIENCE_SECONDS = 15.0

_log = structlog.get_logger(__name__)


class PulseFollower:
    """The newest that was told of each kind. While Kafka is away it grows old, and nothing waits for it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._newest: dict[LivelyKind, Told] = {}

    @property
    def is_off(self) -> bool:
        """Whether there is no pulse here."""
        return not self._settings.pulse_hours

    def newest(self, now: datetime) -> Mapping[LivelyKind, Told] | None:
        """What is lively now; None while that is not known."""
        if len(self._newest) < len(LivelyKind) or any(now - told.at > STALE for told in self._newest.values()):
            return None
        return self._newest

    def learn(self, values: Iterable[bytes | None]) -> None:
        """Records in the order of the log."""
        for value in values:
            if (told := read_told(value)) is not None:
                self._newest[told.kind] = told

    async def follow(self) -> None:
        """Read until cancelled."""
        while True:
            try:
                await self._read()
            except PASSING as error:
                _log.warning("the pulse is not read", error=repr(error))
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _read(self) -> None:
        """From what may still be of now on. Ends when nothing came for so long that it is worth connecting anew."""
        consumer = clients.consumer(self._settings.kafka_servers)
        clock = asyncio.get_running_loop().time
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await consumer.start()
                place = TopicPartition(TOPIC, 0)
                consumer.assign([place])
                since = datetime.now(UTC) - STALE
                found = (await consumer.offsets_for_times({place: int(since.timestamp() * 1000)}))[place]
                if found is None:
                    await consumer.seek_to_end(place)
                else:
                    consumer.seek(place, found.offset)
            came_at = clock()
            while clock() - came_at < STALE.total_seconds():
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    records = (await consumer.getmany(place, timeout_ms=_WAIT_MS)).get(place, ())
                if records:
                    came_at = clock()
                    self.learn(record.value for record in records)
        finally:
            await stop(consumer.stop())


@asynccontextmanager
async def following(app: FastAPI) -> AsyncIterator[None]:
    """For the service's app: follow the pulse while it serves, where there is one."""
    follower = app.state.pulse = PulseFollower(app.state.settings)
    if follower.is_off:
        yield
        return
    task = asyncio.create_task(follower.follow())
    task.add_done_callback(_tell_why)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _tell_why(task: asyncio.Task[None]) -> None:
    """What it did not expect ends it: the home says then that it is not known, and the log why."""
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("the pulse is not read any more", exc_info=error)


def pulse_of(request: Request) -> PulseFollower:
    """What the app that answers a request knows of the pulse."""
    found: PulseFollower = request.app.state.pulse
    return found
