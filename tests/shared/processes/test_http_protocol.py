"""On real sockets: who keeps the server waiting is ended, one too many is refused, and readers notice nothing."""

import asyncio
import json
import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from shared.processes import http_protocol
from shared.processes.api_server import create_server
from shared.processes.http_protocol import Protocol
from shared.runtime.settings import Settings

pytestmark = pytest.mark.real

HALF_HEAD = b"GET / HTTP/1.1\r\nHost: x\r\nX-"
HALF_BODY = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc"
UNREAD_BODY = b"POST /early HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc"
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
LARGE = b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n"
STRICT = {"headers_seconds": 1, "body_seconds": 1, "keep_alive_seconds": 1, "send_seconds": 1}
NEVER = dict.fromkeys(STRICT, 3600)


HOLD = b"GET /hold HTTP/1.1\r\nHost: x\r\n\r\n"
#: What the parser does not read, and what is said of it.
UNREADABLE = {
    b"GET /?q=\xc3\xa9 HTTP/1.1\r\nHost: x\r\n\r\n": 400,
    b"GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n": 400,
    b"GET / HTTP/1.1\r\nHost: x\r\nX-A: a\x01b\r\n\r\n": 400,
    b"GET /?" + b"q" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n": 414,
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n": 400,
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000000000000000000\r\n\r\n": 400,
    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n": 400,
    b"FOO / HTTP/1.1\r\nHost: x\r\n\r\n": 501,
    b"\x16\x03\x01\x02\x00\x01\x00\x01": 501,
}
left = Counter[str]()


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads a body unless it is asked to answer early; may answer more than a connection holds."""
    if scope["type"] == "lifespan":
        for said in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{said}.complete"})
        return
    more = scope["path"] == "/" and scope["method"] == "POST"
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        more = message["more_body"]
    if scope["path"] == "/hold":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"x", "more_body": True})
        while (await receive())["type"] != "http.disconnect":
            pass
        left["hold"] += 1
        return
    body = b"x" * (50_000_000 if scope["path"] == "/large" else 2)
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


@dataclass(frozen=True)
class Running:
    """A server on a real socket."""

    server: uvicorn.Server
    port: int

    @property
    def open(self) -> int:
        """Connections."""
        return len(self.server.server_state.connections)


async def until(met: Callable[[], bool]) -> None:
    """Look again and again."""
    while True:
        if met():
            return
        await asyncio.sleep(0.01)


def has(running: "Running", connections: int) -> bool:
    return running.open == connections


@asynccontextmanager
async def serve(**settings: object) -> AsyncIterator[Running]:
    server = create_server(app, Settings.model_validate(settings))
    listening = socket.create_server(("127.0.0.1", 0))
    task = asyncio.create_task(server.serve([listening]))
    await until(lambda: server.started)
    yield Running(server, listening.getsockname()[1])
    server.should_exit = True
    for connection in list(server.server_state.connections):
        connection.transport.abort()
    await task


class Client:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self.writer = reader, writer

    async def rest(self) -> bytes:
        """Everything until the server ends the connection."""
        with_what = b""
        try:
            while piece := await self._reader.read(65_536):
                with_what += piece
        except ConnectionResetError:
            pass
        return with_what

    async def drip(self) -> None:
        """A byte now and then, for as long as it goes."""
        while not self.writer.is_closing():
            self.writer.write(b"a")
            await asyncio.sleep(0.2)


@asynccontextmanager
async def connected(running: Running, said: bytes, source: str = "127.0.0.1") -> AsyncIterator[Client]:
    reader, writer = await asyncio.open_connection("127.0.0.1", running.port, local_addr=(source, 0))
    writer.write(said)
    yield Client(reader, writer)
    writer.transport.abort()


async def asked(running: Running, source: str = "127.0.0.1") -> int:
    """The status of a question of someone else; 0 when the connection ended before its answer was read."""
    async with connected(running, GET, source) as client:
        try:
            return int((await client._reader.readline()).split()[1])
        except (ConnectionResetError, IndexError):
            return 0


async def attack(running: Running, opened: AsyncExitStack) -> Sequence[Client]:
    """Each way to keep a server waiting, and what does so in one way twice."""
    ways = [b"", HALF_HEAD, HALF_BODY, HALF_BODY, UNREAD_BODY, GET] * 10
    return [await opened.enter_async_context(connected(running, said)) for said in ways]


async def test_who_keeps_it_waiting_is_ended_and_readers_notice_nothing() -> None:
    async with asyncio.timeout(60), serve(**STRICT) as strict, serve(**NEVER) as never, AsyncExitStack() as opened:
        clients, control = await attack(strict, opened), await attack(never, opened)
        drips = [asyncio.create_task(each.drip()) for each in (clients[3], control[3])]
        ended = asyncio.gather(*(client.rest() for client in clients))
        statuses = set()
        while not ended.done():
            statuses |= {await asked(strict), await asked(never)}
            await asyncio.sleep(0.02)
        assert statuses == {200}
        nothing, head, body, slow, early, idle, *_ = await ended
        assert nothing == b""
        for said in (head, body, slow):
            assert said.startswith(b"HTTP/1.1 408 ") and b"application/problem+json" in said, said
            assert b"no-store" in said and said.count(b"HTTP/1.1") == 1
        for said in (early, idle):
            assert said.startswith(b"HTTP/1.1 200 ") and said.count(b"HTTP/1.1") == 1
        # Negative control: without the limits every one of the same connections is still there.
        assert never.open >= len(control)
        for drip in drips:
            drip.cancel()


async def test_a_reader_that_takes_nothing_is_dropped() -> None:
    async with asyncio.timeout(60), serve(**STRICT) as strict, serve(**NEVER) as never, AsyncExitStack() as opened:
        for running in (strict, never):
            for _ in range(9):
                await opened.enter_async_context(connected(running, LARGE))
        while strict.open:
            assert await asked(strict) == 200
            await asyncio.sleep(0.05)
        assert never.open == 9


async def test_one_address_cannot_take_all_connections_and_another_does_not_notice() -> None:
    async with asyncio.timeout(30), serve(connections_per_address=10) as strict, serve() as control:
        async with AsyncExitStack() as opened:
            for running in (strict, control):
                for _ in range(10):
                    await opened.enter_async_context(connected(running, b""))
                await until(partial(has, running, 10))
            # Refused before its question is read: the answer may be lost with the connection.
            assert {await asked(strict) for _ in range(5)} <= {429, 0}
            assert await asked(strict, "127.0.0.2") == 200
            assert await asked(control) == 200
        await until(lambda: not strict.open)
        assert await asked(strict) == 200


async def test_connections_of_a_proxy_do_not_count_for_it_and_all_together_are_bounded() -> None:
    settings = {"connections_per_address": 1, "connections": 20, "trusted_proxies": "127.0.0.1"}
    async with asyncio.timeout(30), serve(**settings) as running, AsyncExitStack() as opened:
        for _ in range(20):
            await opened.enter_async_context(connected(running, b""))
        await until(partial(has, running, 20))
        assert {await asked(running) for _ in range(5)} <= {503, 0}


async def test_headers_without_an_end_are_refused() -> None:
    async with asyncio.timeout(30), serve() as running, connected(running, GET[:-2]) as client:
        for number in range(2000):
            client.writer.write(b"X-%d: %s\r\n" % (number, b"a" * 100))
        assert (await client.rest()).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize(("said", "status"), UNREADABLE.items(), ids=range(len(UNREADABLE)))
async def test_what_is_no_http_is_refused_by_a_problem_in_dutch(said: bytes, status: int) -> None:
    async with asyncio.timeout(30), serve() as running, connected(running, said) as client:
        answer = await client.rest()
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status) and answer.count(b"HTTP/1.1") == 1, answer
    for header in (b"content-type: application/problem+json", b"cache-control: no-store", b"x-correlation-id: "):
        assert header in head.lower()
    assert (b"access-control-allow-origin: *" in head) is (not said.startswith(b"POST") or b"chunked" not in said)
    problem = json.loads(body)
    assert problem["status"] == status
    assert problem["title"] != HTTPStatus(status).phrase, "Dutch"


async def test_requests_behind_a_stream_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    async def most(waiting: int) -> int:
        monkeypatch.setattr(http_protocol, "_MOST_WAITING", waiting)
        async with serve() as running, connected(running, HOLD + GET * 5_000) as client:
            await client._reader.readuntil(b"x\r\n")
            client.writer.write(GET * 5_000)
            for _ in range(20):
                assert await asked(running) == 200
            return max(
                len(each.pipeline) for each in running.server.server_state.connections if isinstance(each, Protocol)
            )

    async with asyncio.timeout(60):
        assert await most(16) == 16
        # Negative control.
        assert await most(1_000_000) > 1_000


async def test_of_too_many_requests_at_once_the_first_are_answered() -> None:
    async with asyncio.timeout(30), serve() as running, connected(running, GET * 100) as client:
        answer = await client.rest()
    assert answer.count(b"HTTP/1.1 200 ") == 17 and answer.count(b"HTTP/1.1") == 17
    assert answer.count(b"connection: close") == 1
    async with asyncio.timeout(30), serve() as running, connected(running, GET * 10 + b"FOO") as client:
        assert (await client.rest()).count(b"HTTP/1.1 200 ") == 10


async def test_a_stream_hears_that_its_client_left_also_when_more_was_asked_behind_it() -> None:
    async with asyncio.timeout(30), serve() as running:
        for behind in (b"", GET, GET * 3, GET * 100, b"FOO"):
            left.clear()
            async with connected(running, HOLD + behind) as client:
                await client._reader.readuntil(b"x\r\n")
            await until(lambda: left["hold"] == 1)


async def test_who_was_answered_before_its_body_came_gets_no_second_answer() -> None:
    async with asyncio.timeout(30), serve(**STRICT) as running, connected(running, UNREAD_BODY) as client:
        drip = asyncio.create_task(client.drip())
        answer = await client.rest()
        drip.cancel()
    assert answer.startswith(b"HTTP/1.1 200 ") and answer.count(b"HTTP/1.1") == 1


async def test_one_too_many_reads_why() -> None:
    async with asyncio.timeout(30), serve(connections_per_address=1) as running, connected(running, b""):
        await until(partial(has, running, 1))
        assert [await asked(running) for _ in range(20)] == [429] * 20
        # Those who read it do not count.
        assert await asked(running, "127.0.0.2") == 200


async def test_a_proxy_and_the_health_check_have_room_that_others_do_not_take() -> None:
    settings = {"connections": 16, "trusted_proxies": "127.0.0.3"}
    async with asyncio.timeout(30), serve(**settings) as running, AsyncExitStack() as opened:
        for _ in range(14):
            await opened.enter_async_context(connected(running, b"", "127.0.0.2"))
        await until(partial(has, running, 14))
        assert await asked(running, "127.0.0.4") == 503
        assert await asked(running, "127.0.0.3") == 200
        assert await asked(running) == 200
