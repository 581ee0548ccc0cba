"""A fan-out as the documentation of sse-starlette has it: an asyncio.Queue per subscriber, read by an async generator.

It follows the same table as the feeds service, woken by the same notification, and sends the same frames. With
`BENCH_MODE=bytes` each frame is encoded once, by hand, and goes through the library as bytes.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import asyncpg
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route

Message = dict[str, str] | bytes

_AS_BYTES = os.environ.get("BENCH_MODE") == "bytes"
_subscribers: set[asyncio.Queue[Message]] = set()


async def _follow() -> None:
    connection = await asyncpg.connect(os.environ["BENCH_DATABASE_URL"])
    notified = asyncio.Event()
    await connection.add_listener("feed", lambda *_: notified.set())
    head = await connection.fetchval("SELECT last FROM feeds.feed_head")
    while True:
        notified.clear()
        rows = await connection.fetch(
            "SELECT position, type, value FROM feeds.event WHERE position > $1 ORDER BY position LIMIT 500", head
        )
        for row in rows:
            head = row["position"]
            fields = {"id": str(head), "event": row["type"], "data": row["value"].decode()}
            message = ServerSentEvent(**fields, sep="\n").encode() if _AS_BYTES else fields
            for subscriber in _subscribers:
                subscriber.put_nowait(message)
        if not rows:
            await notified.wait()


@asynccontextmanager
async def _lifespan(_: Starlette) -> AsyncIterator[None]:
    following = asyncio.create_task(_follow())
    yield
    following.cancel()
    with suppress(asyncio.CancelledError):
        await following


async def stream(_: Request) -> EventSourceResponse:
    """Everything from now on."""
    queue: asyncio.Queue[Message] = asyncio.Queue()
    _subscribers.add(queue)

    async def events() -> AsyncIterator[Message]:
        try:
            while True:
                yield await queue.get()
        finally:
            _subscribers.discard(queue)

    return EventSourceResponse(events(), sep="\n")


app = Starlette(routes=[Route("/feeds/v1/stream", stream)], lifespan=_lifespan)
