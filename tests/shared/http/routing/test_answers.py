"""Answers on the wire, from all services at once: HEAD, a 500 that costs the next question nothing, odd addresses."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx2
import pytest
import structlog
from fastapi.responses import StreamingResponse

from services.monitor.settings import MonitorSettings

from ....every_route import apps, ways
from .conftest import listening

Server = tuple[str, int]
Headers = Callable[..., dict[str, str]]
ROLES = ("programme", "community", "finance", "operator")
#: What is another one for each answer, and what a stream has none of.
_OWN = ("x-correlation-id", "ratelimit", "date", "transfer-encoding")


class Line:
    """One connection, used as it is."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def ask(self, method: str, target: str, *headers: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body. Raises when the connection is gone."""
        lines = [f"{method} {target} HTTP/1.1", "Host: test", *headers, "", ""]
        self._writer.write("\r\n".join(lines).encode("latin-1"))
        async with asyncio.timeout(10):
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            found = dict(line.lower().split(": ", 1) for line in head[1:] if line)
            body = b""
            if method != "HEAD" and "content-length" in found:
                body = await self._reader.readexactly(int(found["content-length"]))
            return int(head[0].split()[1]), found, body

    async def nothing_waits(self) -> bool:
        """Whether nothing was sent after the answer."""
        try:
            await asyncio.wait_for(self._reader.read(1), 0.05)
        except TimeoutError:
            return True
        return False


@asynccontextmanager
async def line(server: Server) -> AsyncIterator[Line]:
    reader, writer = await asyncio.open_connection(*server)
    try:
        yield Line(reader, writer)
    finally:
        writer.transport.abort()


async def test_head_is_answered_as_get_without_its_body_everywhere(server: Server, bearer: Headers) -> None:
    """Of a stream too: its headers come, and it does not begin."""
    differing = []
    async with httpx2.AsyncClient(base_url=f"http://{server[0]}:{server[1]}", headers=bearer(*ROLES)) as asking:
        files = [f"/{service}/static/style.css" for service in {way.service for way in ways()}]
        for address in [*(way.address for way in ways() if way.reads), *files]:
            if address.endswith("/metrics"):
                continue
            async with asking.stream("GET", address) as got:
                expected = got.status_code, {k: v for k, v in got.headers.items() if k not in _OWN}
            head = await asking.head(address)
            answered = head.status_code, {k: v for k, v in head.headers.items() if k not in _OWN}
            if answered != expected or head.content:
                differing.append((address, expected, answered))
    assert differing == []


async def test_headers_alone_leave_the_connection_as_it_was(server: Server) -> None:
    async with line(server) as asking:
        for target in ("/feeds/v1/stream", "/monitor/v1/observations.csv", "/feeds", "/feeds/v1/types", "/niets"):
            status, _, _ = await asking.ask("HEAD", target)
            assert status == (404 if target == "/niets" else 200)
            assert await asking.nothing_waits(), target


async def test_an_address_written_otherwise_breaks_nothing(server: Server) -> None:
    odd = ["*", "/.", "/..", "/../feeds", "/x/../feeds", "//", "/feeds//", "/%2e%2e/%2e%2e/etc/passwd"]
    ends = itertools.cycle(("%2f.", "%00", "%ff", "/..", "/%2e"))
    odd += [way.address + next(ends) for way in ways() if way.reads]
    async with line(server) as asking:
        for target in odd:
            if "/stream" in target:
                continue
            status, headers, body = await asking.ask("GET", target, "Accept: text/html")
            assert status in (308, 400, 401, 404), target
            if status == 308:
                assert headers["location"].startswith("/") and not headers["location"].startswith("//"), target
            elif "/v1/" not in target:
                assert b'<html lang="nl">' in body, target
        for target in ("*", "/feeds/../monitor"):
            assert (await asking.ask("OPTIONS", target))[0] == 404


async def test_after_a_500_the_next_question_on_the_connection_is_answered(settings: MonitorSettings) -> None:
    app = apps(settings)["feeds"]

    @app.get("/feeds/v1/broken")
    async def broken() -> None:
        raise ValueError("a bug")

    @app.get("/feeds/v1/halfway")
    async def halfway() -> StreamingResponse:
        async def pieces() -> AsyncIterator[bytes]:
            yield b"half"
            raise ValueError("a bug later")

        return StreamingResponse(pieces())

    with structlog.testing.capture_logs() as log:
        async with listening(app, settings) as server, line(server) as asking:
            for _ in range(3):
                status, headers, body = await asking.ask("GET", "/feeds/v1/broken")
                assert (status, headers["content-type"]) == (500, "application/problem+json")
                assert json.loads(body)["status"] == 500
                assert "connection" not in headers
                assert (await asking.ask("GET", "/feeds/v1/types"))[0] == 200
            # Control: what broke off halfway can only be told by dropping the connection.
            await asking.ask("GET", "/feeds/v1/halfway")
            with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
                await asking.ask("GET", "/feeds/v1/types")
    errors = [repr(entry["exc_info"]) for entry in log if entry["event"] == "unexpected error"]
    assert errors == ["ValueError('a bug')"] * 3 + ["ValueError('a bug later')"]
