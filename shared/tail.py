"""Follows a table that only grows, by position, for many readers at once: read once, encode once, wake all."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

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
        self._recent: deque[Entry] = deque(maxlen=keep)
        self._moved = asyncio.Event()
        self._loaded_from = 0
        self._head = 0

    @asynccontextmanager
    async def running(self, head: int) -> AsyncIterator[None]:
        """Follow the table from `head` on while the context is open."""
        self._loaded_from = self._head = head
        task = asyncio.create_task(self._follow_table())
        try:
            yield
        finally:
            task.cancel()
            self._wake()

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
                await self._catch_up(connection)
                await notified.wait()
        finally:
            connection.terminate()

    async def _catch_up(self, connection: Connection) -> None:
        while entries := await self._read(connection, self._head, _PAGE):
            self._recent.extend(entries)
            self._head = entries[-1].position
            if len(self._recent) == self._recent.maxlen:
                self._loaded_from = self._recent[0].position - 1
            self._wake()

    def _wake(self) -> None:
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    async def follow(self, after: int, accept: Accept) -> AsyncIterator[bytes]:
        """Frames of accepted entries past `after`, then as they come; a comment every 15 s keeps the line open."""
        while True:
            moved = self._moved
            if after < self._head:
                entries = await self._between(after)
                chunk = b"".join(entry.frame for entry in entries if accept(entry))
                after = entries[-1].position if entries else self._head
                if chunk:
                    yield chunk
                continue
            try:
                await asyncio.wait_for(moved.wait(), _HEARTBEAT_SECONDS)
            except TimeoutError:
                yield b": still here\n\n"

    async def _between(self, after: int) -> Sequence[Entry]:
        if after >= self._loaded_from:
            return [entry for entry in self._recent if entry.position > after]
        async with self._pool.acquire() as connection:
            return await self._read(connection, after, _PAGE)

    def response(self, request: Request, after: int | None, accept: Accept) -> StreamingResponse:
        """The stream for one reader: from Last-Event-ID, else from `after`, else from now on."""
        start = resume_point(request.headers.get("last-event-id"), self._head if after is None else after)
        gauge = metrics.STREAM_SUBSCRIBERS.labels(self._service)

        async def frames() -> AsyncIterator[bytes]:
            with gauge.track_inprogress():
                yield b": welcome\nretry: 2000\n\n"
                async for chunk in self.follow(start, accept):
                    yield chunk

        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(frames(), media_type="text/event-stream", headers=headers)


def resume_point(last_event_id: str | None, otherwise: int) -> int:
    """The position to go on after. Raises Invalid when Last-Event-ID is not a cursor of ours."""
    if last_event_id is None or last_event_id == "":
        return otherwise
    if not (last_event_id.isascii() and last_event_id.isdigit() and len(last_event_id) < 19):
        raise Invalid("invalid-cursor", "Last-Event-ID is geen cursor van deze feed: verwacht een geheel getal.")
    return int(last_event_id)
