"""Follows a log kept as a table, by position, for many readers at once: read, encode and join once, wake all."""

import asyncio
from bisect import bisect_right
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from itertools import count
from operator import attrgetter
from typing import Annotated, Protocol
from weakref import WeakSet

import stamina
import structlog
from fastapi import FastAPI, Header, Request
from pydantic import BeforeValidator, Field

from ..database import RENEWED, TRANSIENT, Connection, OrderedLog, Pool, connect
from ..runtime.settings import Settings
from .fields import Position
from .paging import require_known_cursor
from .sse_response import EventStream

_HEARTBEAT_SECONDS = 15
_PAGE = 500
#: Fewer rows of history at a time: each reader there has a page of its own in memory, also while it takes nothing.
_OLD_PAGE = 100
#: About what a reader is sent at a time, and so what one that does not take it holds up in memory.
_CHUNK_BYTES = 65_536
#: Chunks that are kept for the next reader at the same place. Those who keep up share one.
_SHARED = 64
#: A notification or a connection that is silently lost costs this much, never the stream.
_NAP_SECONDS = 5.0
#: Readers of history, at once: they may not take the whole pool.
_HISTORIANS = 2

#: Every follower of this process, to close when it is told to stop.
_open: WeakSet["LogFollower"] = WeakSet()

_log = structlog.get_logger(__name__)


class LogEntry:
    """One row as a server-sent event. `tags` is what filters look at."""

    __slots__ = ("frame", "position", "tags")

    def __init__(self, position: int, event: str, data: bytes, tags: frozenset[str]) -> None:
        """`data` is one line of UTF-8 JSON; `event` the SSE event name."""
        self.position = position
        self.tags = tags
        self.frame = b"id: %d\nevent: %s\ndata: %s\n\n" % (position, event.encode(), data)


class EntryFilter(Protocol):
    """Which entries a reader asks for. Readers with equal filters share the bytes, so it must be hashable."""

    def accepts(self, tags: frozenset[str]) -> bool:
        """Whether an entry with these tags is asked for."""

    def __hash__(self) -> int: ...


#: Rows after a position, at most `limit`, in order.
Read = Callable[[Connection, int, int], Awaitable[Sequence[LogEntry]]]


class LogFollower:
    """Recent entries in memory, older ones from Postgres. Positions must become visible in order."""

    def __init__(
        self, service: str, settings: Settings, pool: Pool, log: OrderedLog, read: Read, keep: int = 5000
    ) -> None:
        self._service = service
        self._settings = settings
        self._pool = pool
        self._followed = log
        self._read = read
        self._keep = keep
        self._recent: list[LogEntry] = []
        self._history = asyncio.Semaphore(_HISTORIANS)
        self._closed = False
        self._moved = asyncio.Event()
        self._stale = False
        self._beat = 0
        self._loaded_from = 0
        self._head = 0
        self._shared: dict[tuple[int, EntryFilter], tuple[bytes, int]] = {}
        self._readers: set[EventStream] = set()
        _open.add(self)

    @asynccontextmanager
    async def running(self, head: int) -> AsyncIterator[None]:
        """Follow the table from `head` on while the context is open."""
        self._loaded_from = self._head = head
        tasks = [asyncio.create_task(self._follow_table()), asyncio.create_task(self._watch_readers())]
        for task in tasks:
            task.add_done_callback(self._ended)
        try:
            yield
        finally:
            self.close()
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    def close(self) -> None:
        """Let all readers go: they resume elsewhere."""
        self._closed = True
        self._wake()

    def _ended(self, task: "asyncio.Task[None]") -> None:
        """A follower that stopped by itself lets its readers go, and says so: no heartbeats for ever."""
        self.close()
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("stream stopped", channel=self._followed.channel, exc_info=error)

    def problem(self) -> str | None:
        """What is wrong, or None."""
        return f"the stream on {self._followed.channel} has stopped" if self._closed else None

    async def _follow_table(self) -> None:
        async for attempt in stamina.retry_context(on=TRANSIENT, attempts=None, timeout=None, wait_max=2.0):
            with attempt:
                await self._listen()

    async def _listen(self) -> None:
        notified = asyncio.Event()

        def hear(word: str) -> None:
            self._stale = self._stale or word == RENEWED
            notified.set()

        # While nobody listened the table may have been made again.
        self._stale = True
        connection = await connect(self._service, self._settings)
        # A lost connection must end the wait, so that the next query fails and we connect again.
        connection.add_termination_listener(lambda _: notified.set())
        try:
            await connection.add_listener(self._followed.channel, lambda _, __, ___, word: hear(word))
            while True:
                notified.clear()
                self._forget_stale()
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

    def _forget_stale(self) -> None:
        """What was read before the table was made again is read again."""
        if self._stale:
            self._stale = False
            self._recent.clear()
            self._shared.clear()
            self._loaded_from = self._head

    def _wake(self) -> None:
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    async def _watch_readers(self) -> None:
        """One clock for all readers: a timer for each would cost more than sending."""
        for second in count(1):
            await asyncio.sleep(1)
            for reader in list(self._readers):
                reader.cut_off_after(self._settings.stream_patience_seconds)
            if second % _HEARTBEAT_SECONDS == 0:
                self._beat += 1
                self._wake()

    async def follow(self, after: int, wanted: EntryFilter) -> AsyncIterator[bytes]:
        """Frames of accepted entries past `after`, then as they come; a comment every 15 s keeps the line open."""
        beat = self._beat
        while not self._closed:
            if beat != self._beat:
                beat = self._beat
                # An id without data fires no event, but a reader whose filter finds nothing resumes from here.
                yield b": still here\nid: %d\n\n" % after
            elif after >= self._head:
                await self._moved.wait()
            elif after >= self._loaded_from:
                chunk, after = self._chunk(after, wanted)
                if chunk:
                    yield chunk
            else:
                entries = await self._older(after)
                at = 0
                while at < len(entries):
                    chunk, at = _join(entries, at, wanted)
                    after = entries[at - 1].position
                    if chunk:
                        yield chunk

    def _chunk(self, after: int, wanted: EntryFilter) -> tuple[bytes, int]:
        """The next frames from memory and the position they reach, made by the first reader who comes to this place."""
        place = after, wanted
        made = self._shared.get(place)
        if made is None:
            chunk, end = _join(self._recent, bisect_right(self._recent, after, key=attrgetter("position")), wanted)
            if len(self._shared) >= _SHARED:
                self._shared.clear()
            made = self._shared[place] = chunk, self._recent[end - 1].position
        return made

    async def _older(self, after: int) -> Sequence[LogEntry]:
        async with self._history, self._pool.acquire() as connection:
            return await self._read(connection, after, _OLD_PAGE)

    async def response(self, request: Request, asked: int | None, wanted: EntryFilter, advice: str) -> EventStream:
        """The stream for one reader: what comes after the position asked for, or from now on.

        Raises Problem, with `advice`, for a cursor past the end.
        """
        async with self._pool.acquire() as connection:
            require_known_cursor(asked or 0, await self._followed.head(connection), advice)
        start = self._head if asked is None else asked
        abort = getattr(request.state, "abort", None)
        return EventStream(self._service, start, self.follow(start, wanted), self._readers, abort)


def _join(entries: Sequence[LogEntry], start: int, wanted: EntryFilter) -> tuple[bytes, int]:
    """Frames of accepted entries from an index on, up to about a chunk, and the index to go on at."""
    frames: list[bytes] = []
    size = 0
    end = start
    while end < min(start + _PAGE, len(entries)) and size < _CHUNK_BYTES:
        entry = entries[end]
        end += 1
        if wanted.accepts(entry.tags):
            frames.append(entry.frame)
            size += len(entry.frame)
    return b"".join(frames), end


def follower_lifespan(log: OrderedLog, read: Read) -> Callable[[FastAPI, Pool], AbstractAsyncContextManager[None]]:
    """For a service's app: follow a log while it serves, and be ready only while that goes well."""

    @asynccontextmanager
    async def lifespan(app: FastAPI, pool: Pool) -> AsyncIterator[None]:
        async with pool.acquire() as connection:
            head = await log.head(connection)
        follower = LogFollower(app.state.service, app.state.settings, pool, log, read)
        app.state.log_follower = follower
        app.state.checks.append(follower.problem)
        async with follower.running(head):
            yield

    return lifespan


def follower_of(request: Request) -> LogFollower:
    """The follower of the app that answers a request."""
    follower: LogFollower = request.app.state.log_follower
    return follower


def close_all() -> None:
    """End every open stream, so that a server can stop without waiting for its readers."""
    for follower in list(_open):
        follower.close()


#: As a browser sends it that reconnects by itself; an empty one is none.
LastEventId = Annotated[
    Position | None,
    BeforeValidator(lambda given: given or None),
    Header(
        alias="Last-Event-ID",
        description="the `id` that was read last: go on after it. Comes before `lastEventId` and `after`",
        json_schema_extra={
            "anyOf": [{"type": "string", "pattern": "^[0-9]{0,18}$", "x-kind": "cursor"}, {"type": "null"}]
        },
    ),
]
#: For a client that cannot set headers, such as an EventSource that is made anew.
LastEventIdQuery = Annotated[
    Position | None,
    Field(alias="lastEventId", description="the same as the header Last-Event-ID, which comes before it"),
]


def resume_point(header: str | None, query: str | None, after: str | int | None) -> int | None:
    """The position to go on after: the header's, else that of the query, else `after`. None: from now on."""
    return next((int(given) for given in (header, query, after) if given is not None), None)
