"""Dialogues over HTTP: commands, refusals that point at the field, and what is never shown."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import httpx2
import msgspec
import pytest

from services.community.app import create_app
from shared.contracts.community import DialogueFindingsRecorded, DialogueHeld
from shared.contracts.vocabulary import DialogueTopic, SourceKind
from shared.database import Connection
from shared.runtime.settings import Settings

from ...conftest import served
from ..team import DIALOGUE, DIALOGUES, HELD, MEETING, TODAY, Json, Team, appended, refused

Headers = Callable[..., dict[str, str]]


async def test_a_key_keeps_the_answer_with_what_was_said_or_neither(team: Team, connection: Connection) -> None:
    team.headers["Idempotency-Key"] = "plan-1"
    first, *others = await asyncio.gather(*[team.plan() for _ in range(5)])
    assert first.status_code == 201
    assert {(answer.status_code, answer.content) for answer in others} == {(201, first.content)}
    refused(await team.plan(id="d-2"), 409, None)
    assert await connection.fetchval("SELECT count(*) FROM dialogue") == 1
    assert await appended(connection) == ["dialogue.planned"]


async def test_a_key_on_what_was_there_already_keeps_that_answer(team: Team, connection: Connection) -> None:
    planned = await team.plan()
    team.headers["Idempotency-Key"] = "plan-2"
    again = await team.plan()
    assert (again.status_code, again.content) == (200, planned.content)
    team.headers["Idempotency-Key"] = "withdraw-2"
    await team.withdraw()
    team.headers["Idempotency-Key"] = "plan-2"
    retry = await team.plan()
    assert (retry.status_code, retry.content) == (200, planned.content)
    assert await appended(connection) == ["dialogue.planned", "dialogue.withdrawn"]


async def test_a_key_of_a_refused_command_is_free(team: Team) -> None:
    team.headers["Idempotency-Key"] = "plan-3"
    refused(await team.plan(organiser="nobody"), 400, "#/organiser")
    assert (await team.plan()).status_code == 201


async def test_a_dialogue_is_planned_held_and_withdrawn(team: Team, connection: Connection) -> None:
    assert [(await team.plan()).status_code for _ in range(2)] == [201, 200]
    team.headers["Idempotency-Key"] = "hold-1"
    held = [await team.hold() for _ in range(2)]
    assert [answer.status_code for answer in held] == [201, 201]
    assert held[0].content == held[1].content
    del team.headers["Idempotency-Key"]
    assert held[0].json() == {
        **DIALOGUE,
        "status": "held",
        "heldOn": HELD["heldOn"],
        "participants": 20,
        "topics": ["ontmoeting"],
        "actions": ["Een buurtkamer openen"],
        "withdrawnAt": None,
        "withdrawalReason": None,
    }
    assert [(await team.withdraw()).status_code for _ in range(2)] == [201, 200]
    gone = (await team.http.get(f"{DIALOGUES}/d-1")).json()
    assert (gone["status"], gone["withdrawalReason"], gone["heldOn"]) == ("withdrawn", "wrong-data", HELD["heldOn"])
    assert (gone["participants"], gone["topics"], gone["actions"]) == (None, [], [])
    assert await appended(connection) == [
        "dialogue.planned",
        "dialogue.held",
        "dialogue.findings-recorded",
        "dialogue.withdrawn",
        "dialogue.findings-withdrawn",
    ]
    rows = await connection.fetch("SELECT id::text, causation_id FROM outbox ORDER BY position")
    (_, (held, _), (_, of_held), (withdrawn, _), (_, of_withdrawn)) = rows
    assert (of_held, of_withdrawn) == (held, withdrawn)


async def test_a_planned_dialogue_that_is_withdrawn_takes_no_findings_back(team: Team, connection: Connection) -> None:
    await team.plan()
    assert (await team.withdraw(reason="cancelled")).status_code == 201
    assert await appended(connection) == ["dialogue.planned", "dialogue.withdrawn"]
    refused(await team.hold(), 409, None)
    # Planning it again is a retry: it stays withdrawn.
    again = await team.plan()
    assert (again.status_code, again.json()["status"]) == (200, "withdrawn")


async def test_at_the_request_of_participants_what_they_said_is_erased(team: Team, connection: Connection) -> None:
    await team.plan()
    await team.hold()
    assert (await team.withdraw(reason="request-of-participants")).status_code == 201
    row = await connection.fetchrow("SELECT participants, topics, actions FROM dialogue")
    assert row is not None
    assert tuple(row) == (None, [], [])
    refused(await team.hold(), 409, None)


FEW: Json = {
    "groups": {"mantelzorgers": 9},
    "findings": [{"topic": "ontmoeting", "scores": [0, 0, 0, 0, 9]}],
    "actions": ["Een moestuin beginnen"],
}


async def test_of_few_participants_nothing_is_shown_but_that_they_met(team: Team, connection: Connection) -> None:
    await team.plan()
    few = (await team.hold(FEW)).json()
    assert (few["participants"], few["actions"], few["topics"]) == (None, [], ["ontmoeting"])
    assert (few["status"], few["heldOn"], few["organiser"]) == ("held", HELD["heldOn"], "zet")
    pages = [await team.http.get(path) for path in (f"{DIALOGUES}/d-1", DIALOGUES, "/dialogen/d-1", "/netwerk", "/")]
    for page in pages:
        assert not any(word in page.text for word in ("mantelzorgers", "scores", "moestuin", "afgesproken"))
    reason = "Van een dialoog met minder dan 10 deelnemers tonen we geen aantallen en acties."
    assert [reason in page.text for page in pages] == [False, False, True, False, False]
    held, findings = [row["data"] for row in await connection.fetch("SELECT data FROM outbox ORDER BY position")][1:]
    told = msgspec.json.decode(held, type=DialogueHeld)
    assert (told.participants, told.action_count, told.topics) == (None, None, (DialogueTopic.MEETING,))
    recorded = msgspec.json.decode(findings, type=DialogueFindingsRecorded)
    assert recorded.findings[0].scores == (0, 0, 0, 0, 9)


@pytest.mark.parametrize(("dialogues", "shown"), [(21, None), (20, 20)])
async def test_the_threshold_of_dialogues_decides_not_the_general_one(
    settings: Settings, connection: Connection, bearer: Headers, dialogues: int, shown: int | None
) -> None:
    assert not connection.is_closed()
    kinds = {SourceKind.DIALOGUE: dialogues}
    ours = settings.model_copy(update={"publication_threshold": 1, "publication_thresholds": kinds})
    async with served(create_app(ours)) as client:
        team = Team(client, bearer("community"))
        await team.plan()
        assert (await team.hold()).json()["participants"] == shown
        page = (await client.get("/dialogen/d-1")).text
        assert ("minder dan 21 deelnemers" in page, "buurtkamer" in page) == (shown is None, shown is not None)


async def test_a_second_time_is_answered_alike_whatever_it_says(team: Team, connection: Connection) -> None:
    await team.plan()
    await team.hold(FEW)
    guesses: list[Json] = [
        FEW,
        {},
        {**FEW, "actions": []},
        {**FEW, "findings": [{"topic": "ontmoeting", "scores": [9, 0, 0, 0, 0]}]},
        {**FEW, "groups": {"bewoners": 9}},
        {**FEW, "heldOn": TODAY.isoformat()},
    ]
    answers = [await team.hold(guess) for guess in guesses]
    assert {(answer.status_code, answer.json()["detail"]) for answer in answers} == {
        (409, "Van deze dialoog is al een uitkomst vastgelegd: een tweede wordt niet aangenomen.")
    }
    assert (await appended(connection))[3:] == []


async def test_a_key_of_somebody_else_says_nothing(team: Team, bearer: Headers) -> None:
    await team.plan()
    team.headers["Idempotency-Key"] = "hold-1"
    assert (await team.hold(FEW)).status_code == 201
    other = Team(team.http, {**bearer("community", "editor"), "Idempotency-Key": "hold-1"})
    assert [(await other.hold(guess)).status_code for guess in (FEW, {})] == [409, 409]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"municipality": "GM9999"}, "#/municipality"),
        ({"municipality": "GM0794\u0000"}, "#/municipality"),
        ({"municipality": "GM0856"}, "#/municipality"),
        ({"organiser": "nobody"}, "#/organiser"),
        ({"initiative": "nothing"}, "#/initiative"),
        ({"themes": []}, "#/themes"),
        ({"themes": ["verbinding", "verbinding"]}, "#/themes"),
        ({"themes": ["geluk"]}, "#/themes/0"),
        ({"plannedOn": "24-11-2026"}, "#/plannedOn"),
        ({"plannedOn": 0}, "#/plannedOn"),
        ({"id": "Dialoog 1"}, "#/id"),
        ({"colour": "red"}, "#/colour"),
    ],
)
async def test_a_plan_that_is_wrong_points_at_the_field(
    team: Team, connection: Connection, change: Json, pointer: str
) -> None:
    refused(await team.plan(**change), 400, pointer)
    assert await appended(connection) == []


async def test_a_municipality_that_has_gone_since_can_be_planned_in_for_when_it_existed(team: Team) -> None:
    assert (await team.plan(municipality="GM0856", plannedOn="2021-12-31")).status_code == 201
    refused(await team.plan(id="d-2", municipality="GM0856", plannedOn="2022-01-01"), 400, "#/municipality")


async def test_a_dialogue_is_held_while_its_municipality_exists(team: Team) -> None:
    await team.plan(municipality="GM0856", plannedOn="2021-12-31")
    refused(await team.hold({"heldOn": "2022-01-01"}), 400, "#/heldOn")
    assert (await team.hold({"heldOn": "2021-12-31"})).status_code == 201
    refused(await team.hold({"heldOn": "2022-01-01"}), 409, None)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"groups": {}}, "#/groups"),
        ({"groups": {"bewoners": 0}}, "#/groups/bewoners"),
        ({"groups": {"bewoners": 10_001}}, "#/groups/bewoners"),
        ({"groups": {"bewoners": True}}, "#/groups/bewoners"),
        ({"groups": {"De bewoners": 20}}, "#/groups/De bewoners"),
        ({"groups": {f"groep-{n}": 2 for n in range(11)}}, "#/groups"),
        ({"findings": []}, "#/findings"),
        ({"findings": [MEETING, MEETING]}, "#/findings"),
        ({"findings": [{"topic": "weer", "scores": [1, 0, 0, 0, 0]}]}, "#/findings/0/topic"),
        ({"findings": [{"topic": "ontmoeting", "scores": [1, 0, 0, 0]}]}, "#/findings/0/scores"),
        ({"findings": [{"topic": "ontmoeting", "scores": [1.5, 0, 0, 0, 0]}]}, "#/findings/0/scores/0"),
        ({"findings": [{"topic": "ontmoeting", "scores": [-1, 0, 0, 0, 2]}]}, "#/findings/0/scores/0"),
        ({"findings": [{"topic": "ontmoeting", "scores": [0, 0, 0, 0, 0]}]}, "#/findings/0/scores"),
        ({"findings": [{"topic": "ontmoeting", "scores": [0, 0, 0, 0, 21]}]}, "#/findings/0/scores"),
        ({"actions": ["doen"] * 21}, "#/actions"),
        ({"actions": [""]}, "#/actions/0"),
    ],
)
async def test_an_outcome_that_is_wrong_points_at_the_field(
    team: Team, connection: Connection, change: Json, pointer: str
) -> None:
    await team.plan()
    refused(await team.hold(change), 400, pointer)
    assert await appended(connection) == ["dialogue.planned"]


async def test_an_outcome_that_does_not_fit_is_a_conflict(team: Team, connection: Connection) -> None:
    refused(await team.hold(dialogue="unknown"), 404, None)
    refused(await team.withdraw("unknown"), 404, None)
    await team.plan()
    refused(await team.hold({"heldOn": (TODAY - timedelta(days=8)).isoformat()}), 409, "#/heldOn")
    refused(await team.hold({"heldOn": (TODAY + timedelta(days=2)).isoformat()}), 409, "#/heldOn")
    await team.hold()
    refused(await team.hold({"actions": []}), 409, None)
    refused(await team.plan(themes=["vertrouwen"]), 409, "#/id")
    refused(await team.withdraw(reason="no idea"), 400, "#/reason")
    assert (await appended(connection))[3:] == []


async def test_writing_needs_the_role_and_reading_does_not(
    client: httpx2.AsyncClient, bearer: Headers, connection: Connection
) -> None:
    for path, body in (
        (DIALOGUES, DIALOGUE),
        (f"{DIALOGUES}/d-1/held", HELD),
        (f"{DIALOGUES}/d-1/withdrawal", {"reason": "cancelled"}),
    ):
        assert (await client.post(path, json=body)).status_code == 401
        assert (await client.post(path, json=body, headers=bearer("programme", "finance"))).status_code == 403
    assert await appended(connection) == []


async def test_dialogues_are_listed_by_id_and_filtered(team: Team) -> None:
    for n in range(1, 4):
        await team.plan(id=f"d-{n}", initiative="slowcare" if n == 2 else None)
    await team.hold(dialogue="d-3")

    async def ids(**query: str) -> tuple[list[str], str | None]:
        page = (await team.http.get(DIALOGUES, params=query)).json()
        return [item["id"] for item in page["items"]], page["next"]

    assert await ids(limit="2") == (["d-1", "d-2"], "d-2")
    assert await ids(after="d-2") == (["d-3"], None)
    assert await ids(status="planned") == (["d-1", "d-2"], None)
    assert await ids(initiative="slowcare") == (["d-2"], None)
    assert await ids(municipality="GM0856") == ([], None)
    assert (await team.http.get(DIALOGUES, params={"municipality": "\x00"})).status_code == 400
    for unknown in ({"municipality": "GM9999"}, {"initiative": "geen"}):
        assert (await team.http.get(DIALOGUES, params=unknown)).status_code == 404
