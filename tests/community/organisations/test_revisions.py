"""An organisation is corrected, changed from a day on and withdrawn."""

from collections.abc import Callable
from datetime import timedelta

import httpx2
import pytest

from shared.database import Connection

from ..team import DIALOGUE, DIALOGUES, ORGANISATIONS, TODAY, Json, Team, appended, refused

PON: Json = {"id": "pon", "name": "PON", "kind": "knowledge"}
TELOS: Json = {"name": "PON & Telos", "kind": "network"}
PATH = f"{ORGANISATIONS}/pon"
CORRECTION: Json = {**TELOS, "version": 1, "reason": "mistake"}
CHANGE: Json = {**TELOS, "version": 1, "reason": "decision", "from": TODAY.isoformat()}
WITHDRAWAL: Json = {"version": 1, "reason": "ended"}
FORMS = {"corrections": "corrected", "changes": "changed"}
COMMANDS = {"corrections": CORRECTION, "changes": CHANGE, "withdrawal": WITHDRAWAL}


@pytest.fixture
async def pon(team: Team) -> Team:
    assert (await team.post(ORGANISATIONS, PON)).status_code == 201
    return team


@pytest.mark.parametrize("command", FORMS)
async def test_a_correction_and_a_change_give_the_next_version_once(
    pon: Team, connection: Connection, command: str
) -> None:
    answers = [await pon.post(f"{PATH}/{command}", COMMANDS[command]) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    now = {"id": "pon", **TELOS, "version": 2, "withdrawn": False}
    assert [answer.json() for answer in answers] == [now, now]
    assert (await pon.http.get(PATH)).json() == now
    assert await appended(connection) == ["organisation.registered", f"organisation.{FORMS[command]}"]


async def test_history_has_every_version_with_the_event_that_made_it(pon: Team) -> None:
    await pon.post(f"{PATH}/corrections", CORRECTION)
    await pon.post(f"{PATH}/changes", {**CHANGE, "version": 2, "name": "Telos"})
    await pon.post(f"{PATH}/withdrawal", {**WITHDRAWAL, "version": 3})
    versions = (await pon.http.get(f"{PATH}/history")).json()["items"]
    assert [(one["version"], one["reason"], one["data"]["name"]) for one in versions] == [
        (1, None, "PON"),
        (2, "mistake", "PON & Telos"),
        (3, "decision", "Telos"),
        (4, "ended", "Telos"),
    ]
    assert [one["data"].get("replaces") for one in versions] == [None, *(one["event"] for one in versions[:3])]
    assert versions[2]["data"]["from"] == TODAY.isoformat()
    assert (await pon.http.get(f"{ORGANISATIONS}/nobody/history")).status_code == 404


@pytest.mark.parametrize(("command", "body"), COMMANDS.items())
async def test_what_was_decided_on_another_version_is_refused_and_nothing_is_said(
    pon: Team, connection: Connection, command: str, body: Json
) -> None:
    refused(await pon.post(f"{PATH}/{command}", {**body, "version": 2}), 409, "#/version")
    refused(await pon.post(f"{ORGANISATIONS}/nobody/{command}", body), 404, None)
    refused(await pon.post(f"{PATH}/{command}", {**body, "reason": "zomaar"}), 400, "#/reason")
    refused(await pon.post(f"{PATH}/{command}", {**body, "version": 0}), 400, "#/version")
    assert await appended(connection) == ["organisation.registered"]


async def test_a_change_is_from_today_at_the_latest_and_after_the_one_before(pon: Team) -> None:
    later = (TODAY + timedelta(days=2)).isoformat()
    refused(await pon.post(f"{PATH}/changes", {**CHANGE, "from": later}), 409, "#/from")
    assert (await pon.post(f"{PATH}/changes", CHANGE)).status_code == 201
    earlier = {**CHANGE, "name": "Telos", "version": 2, "from": (TODAY - timedelta(days=1)).isoformat()}
    refused(await pon.post(f"{PATH}/changes", earlier), 409, "#/from")


async def test_what_is_withdrawn_takes_no_part_and_may_not_be_named(pon: Team) -> None:
    assert [(await pon.post(f"{PATH}/withdrawal", WITHDRAWAL)).status_code for _ in range(2)] == [201, 200]
    assert (await pon.http.get(PATH)).json()["withdrawn"] is True
    assert [one["id"] for one in (await pon.http.get(ORGANISATIONS)).json()["items"]] == ["zet"]
    assert "PON" not in (await pon.http.get("/netwerk")).text
    refused(await pon.post(DIALOGUES, {**DIALOGUE, "organiser": "pon"}), 400, "#/organiser")
    refused(await pon.post(f"{PATH}/corrections", {**CORRECTION, "version": 2}), 409, None)
    for again in (PON, {**PON, "name": "Een ander"}):
        answer = await pon.post(ORGANISATIONS, again)
        refused(answer, 409, "#/id")
        assert answer.json()["type"].endswith(":withdrawn")


async def test_what_organises_a_dialogue_is_withdrawn_after_the_dialogue(pon: Team) -> None:
    dialogue = {**DIALOGUE, "organiser": "pon"}
    assert (await pon.post(DIALOGUES, dialogue)).status_code == 201
    answer = await pon.post(f"{PATH}/withdrawal", WITHDRAWAL)
    refused(answer, 409, None)
    assert "still-named" in answer.text and "dialoog d-1" in answer.text
    assert (await pon.withdraw()).status_code == 201
    assert (await pon.post(f"{PATH}/withdrawal", WITHDRAWAL)).status_code == 201
    assert (await pon.post(DIALOGUES, dialogue)).status_code == 200
    # The page of the dialogue names it still.
    assert "PON" in (await pon.http.get("/netwerk")).text


async def test_revising_needs_the_role(
    client: httpx2.AsyncClient, bearer: Callable[..., dict[str, str]], pon: Team
) -> None:
    assert pon.http is client
    for command, body in COMMANDS.items():
        assert (await client.post(f"{PATH}/{command}", json=body)).status_code == 401
        answer = await client.post(f"{PATH}/{command}", json=body, headers=bearer("programme"))
        assert answer.status_code == 403
