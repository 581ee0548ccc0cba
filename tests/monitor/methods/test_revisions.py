"""A method is called otherwise, and is withdrawn when nothing was measured by it."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx2
import pytest

from services.monitor.app import create_app
from services.monitor.settings import MonitorSettings
from shared.database import Connection
from tests.conftest import served

from ..observations.world import SETUP, offer, regie, text, write

PATH = "/monitor/v1/methods"
CORRECTION = {"name": "Burgerpanel Brabant", "version": 1, "reason": "mistake"}


@pytest.fixture
async def client(
    settings: MonitorSettings, bearer: Callable[..., dict[str, str]], monitor_connection: Connection
) -> AsyncIterator[httpx2.AsyncClient]:
    await monitor_connection.execute(SETUP)
    async with served(create_app(settings)) as client:
        client.headers.update(bearer("programme"))
        assert (await client.post(PATH, json={"code": "panel", "name": "Burgerpanel"})).status_code == 201
        yield client


async def names(client: httpx2.AsyncClient) -> dict[str, str]:
    return {one["code"]: one["name"] for one in (await client.get(PATH)).json()}


async def test_a_name_is_corrected_once_on_the_version_that_was_looked_at(client: httpx2.AsyncClient) -> None:
    answers = [await client.post(f"{PATH}/panel/corrections", json=CORRECTION) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert (await names(client))["panel"] == "Burgerpanel Brabant"
    late = await client.post(f"{PATH}/panel/corrections", json={**CORRECTION, "name": "Panel"})
    assert (late.status_code, "changed-meanwhile" in late.text) == (409, True)
    history = (await client.get(f"{PATH}/panel/history")).json()["items"]
    assert [(one["version"], one["data"]["name"]) for one in history] == [
        (1, "Burgerpanel"),
        (2, "Burgerpanel Brabant"),
    ]
    assert (await client.post(f"{PATH}/nooit/corrections", json=CORRECTION)).status_code == 404


async def test_a_method_is_withdrawn_while_nothing_was_measured_by_it(
    client: httpx2.AsyncClient, monitor_connection: Connection, tmp_path: Path
) -> None:
    withdrawal = {"version": 1, "reason": "duplicate"}
    row = write(tmp_path / "rijen.csv", text([regie(methode="panel")]))
    assert (await offer(monitor_connection, row))[1].stored == 1
    kept = await client.post(f"{PATH}/panel/withdrawal", json=withdrawal)
    assert (kept.status_code, "still-named" in kept.text) == (409, True)
    await monitor_connection.execute("DELETE FROM observation")
    assert (await client.post(f"{PATH}/panel/withdrawal", json=withdrawal)).status_code == 201
    assert "panel" not in await names(client)
    again = write(tmp_path / "later.csv", text([regie(methode="panel", periode="2018")]))
    assert (await offer(monitor_connection, again))[1].refused == 1
