"""Outcomes over HTTP: what they count is said, kept and shown; few people are refused and so in no sum."""

from collections.abc import AsyncIterator, Callable

import httpx2
import pytest

from services.monitor.app import create_app
from services.monitor.settings import MonitorSettings
from shared.database import Connection

from ....conftest import served

PATH = "/monitor/v1/outcomes"
OUTCOME = {
    "id": "o1",
    "initiative": "slowcare",
    "statement": "Leerlingen met een stage",
    "counts": "people",
    "count": 12,
    "evidence": "Opgave van de school",
    "on": "2019-01-01",
}
Row = dict[str, object]


@pytest.fixture
async def client(
    settings: MonitorSettings, monitor_connection: Connection, bearer: Callable[..., dict[str, str]]
) -> AsyncIterator[httpx2.AsyncClient]:
    await monitor_connection.execute("INSERT INTO initiative VALUES ('slowcare', NULL, 'Slowcare', '{}', '{}', 0)")
    async with served(create_app(settings)) as client:
        client.headers.update(bearer("programme"))
        yield client


async def shown(client: httpx2.AsyncClient) -> list[tuple[object, object, object]]:
    items: list[Row] = (await client.get(PATH)).json()["items"]
    return [(item["id"], item["counts"], item["count"]) for item in items]


async def test_an_outcome_says_what_it_counts(client: httpx2.AsyncClient) -> None:
    things = {**OUTCOME, "id": "o2", "statement": "Plekken", "counts": "things", "count": 1}
    for body in (OUTCOME, things, OUTCOME):
        assert (await client.post(PATH, json=body)).status_code in (200, 201)
    assert await shown(client) == [("o1", "people", 12), ("o2", "things", 1)]
    # The same number of something else is another outcome.
    assert (await client.post(PATH, json={**OUTCOME, "counts": "things"})).status_code == 409
    without = {key: value for key, value in OUTCOME.items() if key != "counts"}
    answer = await client.post(PATH, json=without)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "#/counts")


async def test_few_people_are_refused_at_their_number_and_are_in_no_sum(client: httpx2.AsyncClient) -> None:
    assert (await client.post(PATH, json=OUTCOME)).status_code == 201
    answer = await client.post(PATH, json={**OUTCOME, "id": "o2", "count": 9})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "#/count")
    assert "minder dan 10 mensen" in answer.json()["detail"]
    costs = (await client.get("/monitor/v1/impact/initiatives/slowcare/costs")).json()
    assert (costs["recorded"], [one["count"] for one in costs["outcomesRecorded"]]) == (12, [12])
