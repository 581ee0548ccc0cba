"""The register of indicators: what each measures, who answers for it, and from when it is measured otherwise."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx2
import pytest

from services.monitor.app import create_app
from services.monitor.settings import MonitorSettings
from tests.conftest import served

Body = dict[str, Any]
SURE: Body = {
    "code": "verbondenheid",
    "nameNl": "Verbondenheid",
    "nameEn": "Connectedness",
    "theme": "verbinding",
    "resourceFamily": "social",
    "unit": "score-1-5",
    "direction": "higher-is-better",
}
SECOND: Body = {
    "version": 2,
    "title": "Monitor 2.0",
    "change": "De vraag naar buurtcontact is herijkt.",
    "validFrom": "2019-01-01",
    "comparable": False,
    "reason": "De antwoordschaal is anders.",
}


class Client:
    """Posts as the programme."""

    def __init__(self, client: httpx2.AsyncClient, headers: dict[str, str]) -> None:
        self._client, self._headers = client, headers

    async def post(self, path: str, body: Body) -> tuple[int, str | None]:
        """The status, and the type of the refusal if it is one."""
        answer = await self._client.post(f"/monitor/v1/{path}", json=body, headers=self._headers)
        problem = answer.json().get("type")
        return answer.status_code, problem.rpartition(":")[2] if problem else None

    async def indicators(self) -> list[Body]:
        found: list[Body] = (await self._client.get("/monitor/v1/indicators")).json()
        return found

    async def history(self, path: str) -> list[Body]:
        found: list[Body] = (await self._client.get(f"/monitor/v1/{path}")).json()["items"]
        return found

    async def page(self, path: str) -> str:
        return (await self._client.get(path)).text


@pytest.fixture
async def client(settings: MonitorSettings, bearer: Callable[..., dict[str, str]]) -> AsyncIterator[Client]:
    async with served(create_app(settings)) as http:
        yield Client(http, bearer("programme"))


async def test_an_indicator_is_of_any_measure_and_somebody_answers_for_it(client: Client) -> None:
    share = {**SURE, "code": "overgewicht", "unit": "procent van de inwoners", "measure": "ratio", "owner": "ggd-hvb"}
    assert await client.post("indicators", SURE) == (201, None)
    assert await client.post("indicators", share) == (201, None)
    assert await client.post("indicators", {**share, "measure": "mediaan"}) == (400, "invalid-input")
    found = {each["code"]: (each["measure"], each["owner"], each["unit"]) for each in await client.indicators()}
    assert found == {
        "verbondenheid": ("mean", "provincie-noord-brabant", "score-1-5"),
        "overgewicht": ("ratio", "ggd-hvb", "procent van de inwoners"),
    }


async def test_a_version_follows_the_one_before_and_says_whether_it_compares(client: Client) -> None:
    path = "indicators/verbondenheid/versions"
    assert await client.post(path, SECOND) == (404, "unknown-indicator")
    await client.post("indicators", SURE)
    assert await client.post(path, {**SECOND, "version": 3}) == (409, "version-skipped")
    assert await client.post(path, {**SECOND, "reason": None}) == (400, "reason-missing")
    assert await client.post(path, {**SECOND, "comparable": True}) == (400, "reason-of-comparable")
    assert await client.post(path, SECOND) == (201, None)
    third = {**SECOND, "version": 3, "comparable": True, "reason": None}
    assert await client.post(path, third) == (409, "not-after-previous")
    assert await client.post(path, {**third, "validFrom": "2021-01-01"}) == (201, None)
    assert await client.post(path, SECOND) == (200, None)
    assert await client.post(path, {**SECOND, "title": "Iets anders"}) == (409, "id-in-use")
    [indicator] = await client.indicators()
    assert [(each["version"], each["validFrom"], each["comparable"]) for each in indicator["versions"]] == [
        (2, "2019-01-01", False),
        (3, "2021-01-01", True),
    ]


async def test_a_neighbourhood_lies_in_a_municipality(client: Client) -> None:
    areas = [("PV30", "province", None), ("mid", "region", "PV30"), ("GM0855", "municipality", "mid")]
    body = {"name": "Ergens", "validFrom": "2016-01-01", "validUntil": None}
    for code, level, parent in areas:
        assert await client.post("areas", {**body, "code": code, "level": level, "parent": parent}) == (201, None)
    here = {**body, "code": "BU08550101", "level": "neighbourhood"}
    assert await client.post("areas", {**here, "parent": "mid"}) == (400, "wrong-parent")
    assert await client.post("areas", {**here, "parent": "GM0855"}) == (201, None)


async def test_a_scale_so_short_that_answers_follow_from_a_mean_is_refused(client: Client) -> None:
    for unit, expected in (("score-0-1", 400), ("score-1-3", 400), ("score-0-3", 201)):
        assert (await client.post("indicators", SURE | {"code": unit, "unit": unit}))[0] == expected
    share = {"code": "aandeel", "unit": "score-0-1", "measure": "ratio"}
    assert (await client.post("indicators", SURE | share))[0] == 201
