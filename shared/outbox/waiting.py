"""How long the oldest event waits to be sent: asked of the outbox itself by every relay, whoever leads.

Not by the loop that sends, nor on its connection: of one that hangs the age must show.
"""

import asyncio
import time
from collections.abc import Callable

import stamina

from ..database import TRANSIENT, connect
from ..runtime.settings import Settings
from .store import OLDEST_UNSENT

#: Seconds by Postgres' clock, or null.
WAITS = f"SELECT extract(epoch FROM clock_timestamp() - ({OLDEST_UNSENT}))::float8"  # noqa: S608  ours
_LOOK_SECONDS = 1.0
_ANSWER_SECONDS = 5.0


class Waiting:
    """Of one service's outbox."""

    def __init__(self, service: str, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._service = service
        self._settings = settings
        self._clock = clock
        #: The last answer, and when it came.
        self._waits: float | None = None
        self._at = clock()

    def age(self) -> float:
        """Seconds that the oldest unsent event waits, 0 when there is none; it goes on while Postgres does not say."""
        return 0.0 if self._waits is None else self._waits + self._clock() - self._at

    def problem(self) -> str | None:
        """What is wrong, or None."""
        limit = self._settings.stuck_after_seconds
        if (age := self.age()) > limit:
            return f"the oldest event of {self._service} waits {age:.0f} s to be sent"
        if (silent := self._clock() - self._at) > limit:
            return f"Postgres does not say for {silent:.0f} s what of {self._service} waits to be sent"
        return None

    async def measure(self) -> None:
        """Until cancelled."""
        async for attempt in stamina.retry_context(on=TRANSIENT, attempts=None, timeout=None, wait_max=2.0):
            with attempt:
                await self._look()

    async def _look(self) -> None:
        connection = await connect(self._service, self._settings, command_seconds=_ANSWER_SECONDS)
        try:
            while True:
                waits: float | None = await connection.fetchval(WAITS)
                self._waits, self._at = waits, self._clock()
                await asyncio.sleep(_LOOK_SECONDS)
        finally:
            connection.terminate()
