"""What a process waited for longest, and how long: so that a stall has a name when someone looks for it afterwards."""

import asyncio
import gc
import time
from collections.abc import Callable

from asyncpg.connection import LoggedQuery

from ..database import Connection
from . import metrics

#: A longest wait is kept for as long as this, and at most twice.
_WINDOW_SECONDS = 300.0
_LOOK_SECONDS = 0.25
#: By what a statement begins with, or has in it.
_COMMIT, _LOCKS = "COMMIT", ("FOR UPDATE", "FOR NO KEY UPDATE", "advisory_lock", "advisory_xact_lock", "LOCK TABLE")


def kind_of(statement: str) -> str:
    """What a statement waits for beyond its own work: the disk at a commit, others where it locks."""
    if statement.lstrip().startswith(_COMMIT):
        return "commit"
    return "lock" if any(word in statement for word in _LOCKS) else "statement"


class Waits:
    """Of one process of a service."""

    def __init__(self, service: str, process: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._labels = (service, process)
        self._clock = clock
        #: Of each kind: the longest before this window and in it, and when it began.
        self._longest: dict[str, tuple[float, float, float]] = {}

    def note(self, what: str, seconds: float) -> None:
        """It waited so long for this."""
        if what not in self._longest:
            metrics.LONGEST_WAIT.labels(*self._labels, what).set_function(lambda: self.longest(what))
        before, now, began = self._window(what)
        self._longest[what] = before, max(now, seconds), began

    def longest(self, what: str) -> float:
        """Seconds, in the last five to ten minutes."""
        before, now, _ = self._window(what)
        return max(before, now)

    async def watch(self, connection: Connection) -> None:
        """Note how long each statement on it takes: what it waits for is the lock, the disk, or its own work."""
        connection.add_query_logger(self._ran)

    async def of_the_loop(self) -> None:
        """Note how late a task gets its turn, and how long Python looks for garbage, until cancelled."""
        began = 0.0

        def collecting(phase: str, _: dict[str, int]) -> None:
            nonlocal began
            if phase == "start":
                began = self._clock()
            else:
                self.note("garbage", self._clock() - began)

        gc.callbacks.append(collecting)
        try:
            while True:
                then = self._clock()
                await asyncio.sleep(_LOOK_SECONDS)
                self.note("turn", max(self._clock() - then - _LOOK_SECONDS, 0.0))
        finally:
            gc.callbacks.remove(collecting)

    def _ran(self, query: LoggedQuery) -> None:
        self.note(kind_of(query.query), query.elapsed)

    def _window(self, what: str) -> tuple[float, float, float]:
        before, now, began = self._longest.get(what, (0.0, 0.0, self._clock()))
        age = self._clock() - began
        if age < _WINDOW_SECONDS:
            return before, now, began
        return (now if age < 2 * _WINDOW_SECONDS else 0.0), 0.0, self._clock()
