"""All services at one origin, on one fresh database, over a real socket."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from starlette.types import ASGIApp

from services.monitor.settings import MonitorSettings
from shared.processes.api_server import create_server

from ....every_route import apps, origin


@asynccontextmanager
async def listening(app: ASGIApp, settings: MonitorSettings) -> AsyncIterator[tuple[str, int]]:
    """Where an app listens."""
    address = socket.create_server(("127.0.0.1", 0))
    running = create_server(app, settings)
    task = asyncio.create_task(running.serve([address]))
    try:
        yield address.getsockname()
    finally:
        running.should_exit = True
        await task


@pytest.fixture
async def server(settings: MonitorSettings) -> AsyncIterator[tuple[str, int]]:
    """Where all services listen."""
    async with listening(origin(apps(settings)), settings) as address:
        yield address
