"""The register of methods: the codes that rows of files name how they were measured by."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx2
import msgspec
import pytest

from services.monitor.app import create_app
from services.monitor.settings import MonitorSettings
from shared.contracts.monitor import MethodRegistered
from shared.database import Connection
from tests.conftest import served

from ..observations.world import SETUP, offer, regie, text, write

Headers = Callable[..., dict[str, str]]
PATH = "/monitor/v1/methods"
PANEL = {"code": "panel", "name": "Burgerpanel"}


@pytest.fixture
async def client(settings: MonitorSettings) -> AsyncIterator[httpx2.AsyncClient]:
    async with served(create_app(settings)) as client:
        yield client


async def test_a_method_is_registered_once_told_and_listed(
    client: httpx2.AsyncClient, bearer: Headers, monitor_connection: Connection
) -> None:
    headers = bearer("programme")
    assert (await client.post(PATH, json=PANEL, headers=headers)).status_code == 201
    assert (await client.post(PATH, json=PANEL, headers=headers)).status_code == 200
    assert (await client.post(PATH, json={**PANEL, "name": "Panel"}, headers=headers)).status_code == 409
    assert (await client.post(PATH, json={"code": "app", "name": "App"}, headers=headers)).status_code == 201
    assert (await client.get(PATH)).json() == [
        {"code": "app", "name": "App", "version": 1},
        {**PANEL, "version": 1},
    ]
    rows = await monitor_connection.fetch("SELECT topic, data FROM outbox ORDER BY position")
    assert [(row["topic"], msgspec.json.decode(row["data"], type=MethodRegistered).code) for row in rows] == [
        ("monitor.indicators", "panel"),
        ("monitor.indicators", "app"),
    ]


async def test_only_the_programme_registers_and_a_code_is_a_slug(client: httpx2.AsyncClient, bearer: Headers) -> None:
    assert (await client.post(PATH, json=PANEL, headers=bearer("partner"))).status_code == 403
    assert (await client.post(PATH, json=PANEL)).status_code == 401
    answer = await client.post(PATH, json={**PANEL, "code": "=Panel"}, headers=bearer("programme"))
    assert answer.status_code == 400
    assert (await client.get(PATH)).json() == []


async def test_a_row_may_name_a_method_once_it_is_registered(
    client: httpx2.AsyncClient, bearer: Headers, monitor_connection: Connection, tmp_path: Path
) -> None:
    await monitor_connection.execute(SETUP)
    path = write(tmp_path / "rijen.csv", text([regie(methode="panel")]))
    _, counts = await offer(monitor_connection, path)
    assert counts.refused == 1
    (error,) = await monitor_connection.fetch('SELECT line, "column", value, reason FROM observation_error')
    assert tuple(error) == (
        2,
        "methode",
        "panel",
        "deze methode is er niet: kies uit gezondheidsmonitor, online, telefonisch",
    )
    await client.post(PATH, json=PANEL, headers=bearer("programme"))
    _, counts = await offer(monitor_connection, path)
    assert counts.stored == 1


async def test_without_any_method_that_is_said(monitor_connection: Connection, tmp_path: Path) -> None:
    await monitor_connection.execute(SETUP)
    await monitor_connection.execute("DELETE FROM method")
    await offer(monitor_connection, write(tmp_path / "rijen.csv", text([regie()])))
    reason = await monitor_connection.fetchval("SELECT reason FROM observation_error")
    assert reason == "deze methode is er niet: er is nog geen enkele"
