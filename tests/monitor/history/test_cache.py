"""An explanation by the frame that is kept is the one by a frame that is read."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI

from services.monitor.app import create_app
from services.monitor.settings import MonitorSettings
from shared.database import Connection
from tests.conftest import served

from .histories import WORLD, put
from .test_explanation import PAST, VERBONDENHEID


@pytest.fixture
async def app(settings: MonitorSettings, monitor_connection: Connection) -> FastAPI:
    await monitor_connection.execute(WORLD)
    await put(monitor_connection, PAST)
    return create_app(settings)


@pytest.fixture
async def reader(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with served(app) as client:
        yield client


@pytest.mark.twin_of("services.monitor.history.cache")
async def test_both_say_the_same(app: FastAPI, reader: httpx2.AsyncClient) -> None:
    path = VERBONDENHEID.format("PV30")
    first = (await reader.get(path)).json()
    assert first["addsUp"]
    assert (await reader.get(path)).json() == first
    app.state.frame = None
    assert (await reader.get(path)).json() == first


async def test_the_frame_is_read_again_when_there_is_another_area(
    app: FastAPI, reader: httpx2.AsyncClient, monitor_connection: Connection
) -> None:
    await reader.get(VERBONDENHEID.format("PV30"))
    assert "GM9000" not in app.state.frame[1].area_codes
    await monitor_connection.execute(
        "INSERT INTO area VALUES ('GM9000', 'X', 'municipality', 'PV30', '2016-01-01', NULL)"
    )
    await reader.get(VERBONDENHEID.format("PV30"))
    assert "GM9000" in app.state.frame[1].area_codes
