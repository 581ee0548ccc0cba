"""Organisations over HTTP."""

from collections.abc import Callable

import httpx2

from shared.database import Connection

from ..team import ORGANISATIONS, Json, Team, appended, refused

PON: Json = {"id": "pon", "name": "PON", "kind": "knowledge"}

TAKES_PART: Json = {**PON, "version": 1, "withdrawn": False}


async def test_an_organisation_is_registered_once(team: Team, connection: Connection) -> None:
    assert [(await team.post(ORGANISATIONS, PON)).status_code for _ in range(2)] == [201, 200]
    refused(await team.post(ORGANISATIONS, {**PON, "name": "Telos"}), 409, "#/id")
    assert await appended(connection) == ["organisation.registered"]
    assert (await team.http.get(f"{ORGANISATIONS}/pon")).json() == TAKES_PART
    assert (await team.http.get(f"{ORGANISATIONS}/nobody")).status_code == 404
    first = (await team.http.get(ORGANISATIONS, params={"limit": 1})).json()
    assert first == {"items": [TAKES_PART], "next": "pon"}
    rest = (await team.http.get(ORGANISATIONS, params={"after": "pon"})).json()
    assert ([item["id"] for item in rest["items"]], rest["next"]) == (["zet"], None)
    assert (await team.http.get(ORGANISATIONS, params={"kind": "network"})).json()["items"] == []


async def test_registering_needs_the_role_and_reading_does_not(
    client: httpx2.AsyncClient, bearer: Callable[..., dict[str, str]], connection: Connection
) -> None:
    assert (await client.post(ORGANISATIONS, json=PON)).status_code == 401
    answer = await client.post(ORGANISATIONS, json=PON, headers=bearer("programme", "finance"))
    assert answer.status_code == 403
    assert await appended(connection) == []
