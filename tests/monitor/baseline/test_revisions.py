"""A fact of the baseline is what its source states, or none."""

from collections.abc import AsyncIterator, Callable

import httpx2
import pytest

from services.monitor.app import create_app
from services.monitor.settings import MonitorSettings
from shared.database import Connection
from tests.conftest import served

PATH = "/monitor/v1/baseline-facts"
FACT = {
    "statement": "Ruim 60% vertrouwt anderen.",
    "areas": ["GM0794"],
    "lowPercent": 60,
    "period": "2016",
    "source": "PON",
    "paragraph": "1.2",
}
CORRECTION = {**FACT, "lowPercent": 62, "version": 1, "reason": "source"}


@pytest.fixture
async def client(
    settings: MonitorSettings, bearer: Callable[..., dict[str, str]], monitor: Connection
) -> AsyncIterator[httpx2.AsyncClient]:
    assert not monitor.is_closed()
    async with served(create_app(settings)) as client:
        client.headers.update(bearer("programme"))
        assert (await client.post(PATH, json={**FACT, "id": "vertrouwen"})).status_code == 201
        yield client


async def test_a_fact_is_corrected_and_withdrawn(client: httpx2.AsyncClient) -> None:
    answers = [await client.post(f"{PATH}/vertrouwen/corrections", json=CORRECTION) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    [fact] = (await client.get(PATH)).json()
    assert (fact["lowPercent"], fact["version"]) == (62, 2)
    withdrawn = await client.post(f"{PATH}/vertrouwen/withdrawal", json={"version": 2, "reason": "source"})
    assert (withdrawn.status_code, (await client.get(PATH)).json()) == (201, [])
    history = (await client.get(f"{PATH}/vertrouwen/history")).json()["items"]
    assert [one["type"].split(".")[-2] for one in history] == ["recorded", "corrected", "withdrawn"]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [({"areas": ["GM9999"]}, "#/areas/0"), ({"highPercent": 10}, "#/lowPercent"), ({"reason": "x"}, "#/reason")],
)
async def test_a_correction_is_held_to_what_a_fact_is(
    client: httpx2.AsyncClient, change: dict[str, object], pointer: str
) -> None:
    answer = await client.post(f"{PATH}/vertrouwen/corrections", json={**CORRECTION, **change})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)
