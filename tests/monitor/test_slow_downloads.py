"""On real sockets and a real pool: who asks for a large file and does not read it, or leaves, holds up nobody."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import StreamingResponse

from services.monitor.app import create_app
from services.monitor.settings import MonitorSettings
from shared.database import Connection
from shared.http.app import create_app as create_service_app
from shared.http.request_state import pool_of
from shared.processes.api_server import create_server

CSV, XLSX, TWIN = "/monitor/v1/observations.csv", "/monitor/v1/observations.xlsx", "/monitor/v1/plainly.csv"
#: What others ask meanwhile.
QUESTION = "/monitor/v1/methods"
INDICATOR = """
    INSERT INTO indicator (code, name_nl, name_en, theme, resource_family, unit, direction, measure)
    VALUES ('eenzaam', 'Eenzaam', 'Lonely', 'gezondheid', 'personal', 'percentage', 'lower-is-better', 'ratio')
"""
#: More than a connection holds.
ROWS = """
    INSERT INTO observation (import, line, indicator, version, source, method, area, geography, period, respondents, n,
                             total, squares, spread_n, numerator, denominator, histogram, published,
                             public_total)
    SELECT 'a', line, 'eenzaam', 1, 'ggd', repeat('m', 200), 'GM' || line, 2019, '2019', 100, 100, 0, 0, 0, 50, 100,
           '{}', 1, 0
    FROM generate_series(1, 3000) AS line
"""


def as_it_was(settings: MonitorSettings) -> FastAPI:
    """The plain way: rows are sent as they are read."""
    router = APIRouter(prefix="/monitor/v1")

    @router.get("/plainly.csv")
    async def plainly(request: Request) -> StreamingResponse:
        async def rows() -> AsyncIterator[bytes]:
            async with pool_of(request).acquire() as connection:
                for _ in range(30):
                    yield await connection.fetchval("SELECT convert_to(repeat('x', 65536), 'UTF8')")

        return StreamingResponse(rows(), media_type="text/csv")

    @router.get("/methods")
    async def methods(request: Request) -> str:
        async with pool_of(request).acquire() as connection:
            said: str = await connection.fetchval("SELECT 'well'")
            return said

    return create_service_app("monitor", "As it was", settings, [router])


@asynccontextmanager
async def serve(app: FastAPI, settings: MonitorSettings) -> AsyncIterator[int]:
    """A port; the kernel buffers little, so that a slow reader is felt soon."""
    server = create_server(app, settings)
    listening = socket.create_server(("127.0.0.1", 0))
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)
    task = asyncio.create_task(server.serve([listening]))
    yield listening.getsockname()[1]
    server.should_exit = True
    for connection in list(server.server_state.connections):
        connection.transport.abort()
    await task


@asynccontextmanager
async def asking(port: int, path: str) -> AsyncIterator[socket.socket]:
    """A connection on which something was asked."""
    loop = asyncio.get_running_loop()
    with socket.socket() as opened:
        opened.setblocking(False)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        await loop.sock_connect(opened, ("127.0.0.1", port))
        await loop.sock_sendall(opened, b"GET %s HTTP/1.1\r\nHost: test\r\n\r\n" % path.encode())
        yield opened


async def start_of(opened: socket.socket) -> bytes:
    return await asyncio.get_running_loop().sock_recv(opened, 1024)


async def answer(port: int, path: str) -> bytes:
    async with asking(port, path) as opened:
        return await start_of(opened)


@pytest.mark.parametrize(("path", "held_up"), [(CSV, False), (XLSX, False), (TWIN, True)])
async def test_nine_that_do_not_read_hold_up_nobody(
    settings: MonitorSettings, monitor_connection: Connection, path: str, held_up: bool
) -> None:
    """Also the negative control: as it was, four of them had all connections, and others waited until they were 503."""
    await monitor_connection.execute(INDICATOR)
    await monitor_connection.execute(ROWS)
    strict = settings.model_copy(update={"database_wait_seconds": 0.5})
    app = as_it_was(strict) if held_up else create_app(strict)
    async with asyncio.timeout(60), serve(app, strict) as port, AsyncExitStack() as opened:
        readers = [await opened.enter_async_context(asking(port, path)) for _ in range(9)]
        for reader in readers[:4] if held_up else readers:
            assert (await start_of(reader)).startswith(b"HTTP/1.1 200 ")
        while held_up and not (await answer(port, QUESTION)).startswith(b"HTTP/1.1 503 "):
            pass  # their heads come before what they hold
        for _ in range(3 if held_up else 20):
            said = await answer(port, QUESTION)
            assert said.startswith(b"HTTP/1.1 503 " if held_up else b"HTTP/1.1 200 ")
            assert (b"retry-after: " in said) == held_up
            assert (b"application/problem+json" in said) == held_up


async def test_those_who_left_leave_room_for_who_stays(
    settings: MonitorSettings, monitor_connection: Connection
) -> None:
    await monitor_connection.execute(INDICATOR)
    await monitor_connection.execute(ROWS)
    async with asyncio.timeout(60), serve(create_app(settings), settings) as port:
        for number in range(30):
            async with asking(port, f"{XLSX}?indicator=eenzaam-{number}"):
                await answer(port, QUESTION)
        assert (await answer(port, XLSX)).startswith(b"HTTP/1.1 200 ")
