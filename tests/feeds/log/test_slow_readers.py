"""A reader that stops reading, among others: nobody waits for it, it holds up little, and it can go on where it was."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import pytest
import uvicorn

from services.feeds.app import create_app
from shared.observability import metrics
from shared.processes.api_server import create_server
from shared.runtime.settings import Settings

from ..conftest import Publish, dialogue

EVENTS = 1000
OTHERS = 50
NEVER = 3600
#: The end of an event, and nothing else is.
END = b"}\n\n"


@dataclass(frozen=True)
class Running:
    """A feeds API on a real socket."""

    server: uvicorn.Server
    port: int

    def most_held_up(self) -> int:
        """Bytes that wait in this process for the connection that holds up most."""
        return max(each.transport.get_write_buffer_size() for each in self.server.server_state.connections)


Serve = Callable[[int], AbstractAsyncContextManager[Running]]


@pytest.fixture
def serve(settings: Settings) -> Serve:
    """Starts the API with a patience in seconds; the kernel buffers little, so that a slow reader is felt soon."""

    @asynccontextmanager
    async def running(patience: int) -> AsyncIterator[Running]:
        impatient = settings.model_copy(update={"stream_patience_seconds": patience})
        server = create_server(create_app(impatient), impatient)
        listening = socket.create_server(("127.0.0.1", 0))
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)
        task = asyncio.create_task(server.serve([listening]))
        yield Running(server, listening.getsockname()[1])
        server.should_exit = True
        await task

    return running


class Reader:
    """One connection, read when asked to."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self._raw = b""

    async def read_until(self, mark: bytes, times: int = 1) -> None:
        """Read until the mark has come so often, or the connection has ended."""
        loop = asyncio.get_running_loop()
        seen = self._raw.count(mark)
        while seen < times and (data := await loop.sock_recv(self._socket, 65_536)):
            seen += (self._raw[1 - len(mark) :] + data).count(mark)
            self._raw += data

    def positions(self) -> list[int]:
        """Of the events that came whole, as an EventSource would see them."""
        body, stream = self._raw.partition(b"\r\n\r\n")[2], b""
        while b"\r\n" in body:
            size, _, rest = body.partition(b"\r\n")
            length = int(size, 16)
            stream, body = stream + rest[:length], rest[length + 2 :]
        events = [event for event in stream.split(b"\n\n")[:-1] if b"\ndata: " in event]
        return [int(event.partition(b"\n")[0].removeprefix(b"id: ")) for event in events]


@asynccontextmanager
async def reading(running: Running, last: int, buffer: int | None = None) -> AsyncIterator[Reader]:
    loop = asyncio.get_running_loop()
    with socket.socket() as opened:
        opened.setblocking(False)
        if buffer is not None:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        await loop.sock_connect(opened, ("127.0.0.1", running.port))
        await loop.sock_sendall(
            opened, b"GET /feeds/v1/stream?after=0 HTTP/1.1\r\nHost: test\r\nLast-Event-ID: %d\r\n\r\n" % last
        )
        reader = Reader(opened)
        await reader.read_until(b": welcome")
        yield reader


async def read_all(running: Running) -> list[int]:
    async with reading(running, 0) as reader:
        await reader.read_until(END, EVENTS)
        return reader.positions()


def cut_off() -> float:
    (metric,) = metrics.STREAM_CUT_OFF.labels("feeds").collect()
    return next(sample.value for sample in metric.samples if sample.name.endswith("_total"))


async def until_cut_off(before: float) -> None:
    while True:
        if cut_off() > before:
            return
        await asyncio.sleep(0.05)


async def others_get_everything(running: Running, publish: Publish) -> None:
    """The reader that does not read has connected before."""
    others = [asyncio.create_task(read_all(running)) for _ in range(OTHERS)]
    for first in range(1, EVENTS + 1, 100):
        await publish(*[dialogue(number) for number in range(first, first + 100)])
    for got in await asyncio.gather(*others):
        assert got == list(range(1, EVENTS + 1))


async def test_a_reader_that_takes_nothing_is_cut_off_and_resumes_exactly(serve: Serve, publish: Publish) -> None:
    before = cut_off()
    async with serve(1) as running, asyncio.timeout(120):
        async with reading(running, 0, buffer=4096) as slow:
            await others_get_everything(running, publish)
            await until_cut_off(before)
            await slow.read_until(END, EVENTS)
            got = slow.positions()
        assert 0 < len(got) < EVENTS
        async with reading(running, got[-1]) as resumed:
            await resumed.read_until(END, EVENTS - len(got))
            got += resumed.positions()
    assert got == list(range(1, EVENTS + 1))
    assert cut_off() == before + 1


async def test_a_reader_that_pauses_within_the_patience_holds_up_little_and_loses_nothing(
    serve: Serve, publish: Publish
) -> None:
    """Also the negative control: without the limit the same reader is still connected when it reads again."""
    before = cut_off()
    async with serve(NEVER) as running, asyncio.timeout(120), reading(running, 0, buffer=4096) as slow:
        await others_get_everything(running, publish)
        # Two chunks at most; the rest is not made yet.
        assert 0 < running.most_held_up() < 150_000 < EVENTS * len(dialogue(1)) / 2
        await slow.read_until(END, EVENTS)
        assert slow.positions() == list(range(1, EVENTS + 1))
    assert cut_off() == before
