"""Lessons over HTTP: one event each, and retries without effect."""

from collections.abc import Callable

import httpx2
import pytest

from shared.database import Connection

from ..samples import INITIATIVE, PATH, outbox_events

LESSONS = f"{PATH}/buurtkamer/lessons"
LESSON = {"id": "les-1", "title": "Flyers werkten niet", "worked": False, "transferable": True, "on": "2026-11-01"}


@pytest.fixture(autouse=True)
async def registered(client: httpx2.AsyncClient, bearer: Callable[..., dict[str, str]]) -> None:
    """Buurtkamer is there, and the client has the role of the programme."""
    client.headers.update(bearer("programme"))
    await client.post(PATH, json=INITIATIVE)


async def test_a_lesson_is_one_event_and_is_counted(client: httpx2.AsyncClient, connection: Connection) -> None:
    answer = await client.post(LESSONS, json=LESSON)
    assert answer.status_code == 201
    assert answer.json() == {name: value for name, value in LESSON.items() if name != "on"} | {"drawnOn": "2026-11-01"}
    assert (await outbox_events(connection))[1:] == ["nl.veerkracht.lesson.drawn.v1"]
    assert (await client.get(f"{PATH}/buurtkamer")).json()["lessons"] == 1


async def test_the_same_again_changes_nothing_and_another_under_the_id_is_refused(
    client: httpx2.AsyncClient, connection: Connection
) -> None:
    answers = [await client.post(LESSONS, json=lesson) for lesson in (LESSON, LESSON, {**LESSON, "worked": True})]
    assert [answer.status_code for answer in answers] == [201, 200, 409]
    assert len(await outbox_events(connection)) == 2


async def test_a_lesson_of_an_unknown_initiative_is_not_found(client: httpx2.AsyncClient) -> None:
    answer = await client.post(f"{PATH}/nothing/lessons", json=LESSON)
    assert (answer.status_code, answer.json()["detail"]) == (404, "Er is geen initiatief nothing.")
