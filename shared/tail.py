"""Follows a table that only grows, by position, for many readers at once: read once, encode once, wake all."""

import asyncio
from bisect import bisect_right
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from operator import attrgetter
from weakref import WeakSet

import stamina
import structlog
from fastapi import Request
from fastapi.responses import StreamingResponse

from . import metrics
from .contracts.refusals import Invalid
from .database import TRANSIENT, Connection, Pool, connect
from .settings import Settings

_HEARTBEAT_SECONDS = 15.0
_PAGE = 500
#: A notification or a connection that is silently lost costs this much, never the stream.
_NAP_SECONDS = 5.0
#: Readers of history, at once: they may not take the whole pool.
_HISTORIANS = 2

#: Every tail of this process, to close when it is told to stop.
_open: WeakSet["Tail"] = WeakSet()

_log = structlog.get_logger(__name__)


class Entry:
    """One row as a server-sent event. `tags` is what filters look at."""

    __slots__ = ("frame", "position", "tags")

    def __init__(self, position: int, event: str, data: bytes, tags: frozenset[str]) -> None:
        """`data` is one line of UTF-8 JSON; `event` the SSE event name."""
        self.position = position
        self.tags = tags
        self.frame = b"id: %d\nevent: %s\ndata: %s\n\n" % (position, event.encode(), data)


#: Rows after a position, at most `limit`, in order.
Read = Callable[[Connection, int, int], Awaitable[Sequence[Entry]]]
Accept = Callable[[Entry], bool]


class Tail:
    """Recent entries in memory, older ones from Postgres. Positions must become visible in order."""

    def __init__(
        self, service: str, settings: Settings, pool: Pool, channel: str, read: Read, keep: int = 5000
    ) -> None:
        self._service = service
        self._settings = settings
        self._pool = pool
        self._channel = channel
        self._read = read
        self._keep = keep
        self._recent: list[Entry] = []
        self._history = asyncio.Semaphore(_HISTORIANS)
        self._closed = False
        self._moved = asyncio.Event()
        self._loaded_from = 0
        self._head = 0
        _open.add(self)

    @asynccontextmanager
    async def running(self, head: int) -> AsyncIterator[None]:
        """Follow the table from `head` on while the context is open."""
        self._loaded_from = self._head = head
        task = asyncio.create_task(self._follow_table())
        task.add_done_callback(self._ended)
        try:
            yield
        finally:
            self.close()
            task.cancel()
            await asyncio.wait([task])

    def close(self) -> None:
        """Let all readers go: they resume elsewhere."""
        self._closed = True
        self._wake()

    def _ended(self, task: "asyncio.Task[None]") -> None:
        """A tail that stopped by itself lets its readers go, and says so, instead of sending heartbeats for ever."""
        self.close()
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("stream stopped", channel=self._channel, exc_info=error)

    def problem(self) -> str | None:
        """What is wrong, or None."""
        return f"the stream on {self._channel} has stopped" if self._closed else None

    async def _follow_table(self) -> None:
        async for attempt in stamina.retry_context(on=TRANSIENT, attempts=None, timeout=None, wait_max=2.0):
            with attempt:
                await self._listen()

    async def _listen(self) -> None:
        notified = asyncio.Event()
        connection = await connect(self._service, self._settings)
        # A lost connection must end the wait, so that the next query fails and we connect again.
        connection.add_termination_listener(lambda _: notified.set())
        try:
            await connection.add_listener(self._channel, lambda *_: notified.set())
            while True:
                notified.clear()
                async with asyncio.timeout(2 * _NAP_SECONDS):
                    await self._catch_up(connection)
                with suppress(TimeoutError):
                    await asyncio.wait_for(notified.wait(), _NAP_SECONDS)
        finally:
            connection.terminate()

    async def _catch_up(self, connection: Connection) -> None:
        while entries := await self._read(connection, self._head, _PAGE):
            self._recent.extend(entries)
            self._head = entries[-1].position
            if len(self._recent) >= 2 * self._keep:
                # Half at a time: dropping one by one would shift the list for every entry.
                del self._recent[: -self._keep]
                self._loaded_from = self._recent[0].position - 1
            self._wake()

    def _wake(self) -> None:
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    async def follow(self, after: int, accept: Accept) -> AsyncIterator[bytes]:
        """Frames of accepted entries past `after`, then as they come; a comment every 15 s keeps the line open."""
        clock = asyncio.get_running_loop().time
        spoke = clock()
        while not self._closed:
            moved, head = self._moved, self._head
            if after < head:
                entries = await self._between(after)
                chunk = b"".join(entry.frame for entry in entries if accept(entry))
                after = entries[-1].position if entries else head
                if chunk:
                    spoke = clock()
                    yield chunk
            else:
                with suppress(TimeoutError):
                    await asyncio.wait_for(moved.wait(), max(spoke + _HEARTBEAT_SECONDS - clock(), 0.0))
            if clock() - spoke >= _HEARTBEAT_SECONDS:
                spoke = clock()
                # An id without data fires no event, but a reader whose filter finds nothing resumes from here.
                yield b": still here\nid: %d\n\n" % after

    async def _between(self, after: int) -> Sequence[Entry]:
        if after >= self._loaded_from:
            start = bisect_right(self._recent, after, key=attrgetter("position"))
            return self._recent[start : start + _PAGE]
        async with self._history, self._pool.acquire() as connection:
            return await self._read(connection, after, _PAGE)

    def response(self, request: Request, after: int | None, accept: Accept) -> StreamingResponse:
        """The stream for one reader: from Last-Event-ID, else from `after`, else from now on."""
        start = resume_point(request.headers.get("last-event-id"), self._head if after is None else after)
        gauge = metrics.STREAM_SUBSCRIBERS.labels(self._service)

        async def frames() -> AsyncIterator[bytes]:
            with gauge.track_inprogress():
                yield b": welcome\nretry: 2000\n\n"
                try:
                    async for chunk in self.follow(start, accept):
                        yield chunk
                except TRANSIENT as error:
                    # The reader comes back where it was.
                    _log.warning("stream ended", error=repr(error))

        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(frames(), media_type="text/event-stream", headers=headers)


def close_all() -> None:
    """End every open stream, so that a server can stop without waiting for its readers."""
    for tail in list(_open):
        tail.close()


def resume_point(last_event_id: str | None, otherwise: int) -> int:
    """The position to go on after. Raises Invalid when Last-Event-ID is not a cursor of ours."""
    if last_event_id is None or last_event_id == "":
        return otherwise
    if not (last_event_id.isascii() and last_event_id.isdigit() and len(last_event_id) < 19):
        raise Invalid("invalid-cursor", "Last-Event-ID is geen cursor van deze feed: verwacht een geheel getal.")
    return int(last_event_id)
