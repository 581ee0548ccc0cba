"""An initiative as a whole: its history and its page."""

from collections.abc import Callable

import httpx2
import pytest

from ..samples import INITIATIVE, PATH

LESSON = {"id": "les-1", "title": "Flyers werkten niet", "worked": False, "transferable": True, "on": "2026-11-02"}


@pytest.fixture(autouse=True)
async def running(client: httpx2.AsyncClient, bearer: Callable[..., dict[str, str]]) -> None:
    """Buurtkamer is running, and taught something."""
    client.headers.update(bearer("programme"))
    roles = [{"party": "zet", "role": "Denkt mee"}]
    await client.post(PATH, json={**INITIATIVE, "roles": roles})
    await client.post(f"{PATH}/buurtkamer/phases", json={"phase": "running", "on": "2026-11-01"})
    await client.post(f"{PATH}/buurtkamer/lessons", json=LESSON)


async def test_the_history_has_phases_and_lessons(client: httpx2.AsyncClient) -> None:
    history = (await client.get(f"{PATH}/buurtkamer/history")).json()
    assert [phase["phase"] for phase in history["phases"]] == ["exploring", "running"]
    assert [lesson["id"] for lesson in history["lessons"]] == ["les-1"]
    assert (await client.get(f"{PATH}/nothing/history")).status_code == 404


async def test_the_page_says_it_in_dutch(client: httpx2.AsyncClient) -> None:
    text = (await client.get("/initiatieven/buurtkamer")).text
    for expected in ("Buurtkamer Annawijk", "Uitvoering", "Verkenning", "ZET", "PON", "Helmond", "werkte niet"):
        assert expected in text
