"""The home, and what all pages have: they show what happened, escape what people wrote, refuse what is not there."""

import httpx2
import pytest

from ..conftest import Publish
from ..samples import HELD, INITIATIVE, LESSON, NAMES, NEWS, Change


@pytest.mark.parametrize("path", ["/", "/netwerk", "/nieuwsbrief", "/?thema=vertrouwen&voor=3"])
async def test_a_page_stands_before_anything_happened(client: httpx2.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 200
    assert answer.text.count("<h1>") == 1
    assert '<html lang="nl">' in answer.text


async def test_the_home_shows_what_happened_and_follows_on_from_there(
    client: httpx2.AsyncClient, publish: Publish
) -> None:
    await publish(*NAMES, *NEWS)
    text = (await client.get("/")).text
    assert "Dialoog gehouden in Helmond over ontmoeting en vertrouwen in elkaar, met 24 deelnemers" in text
    assert f'data-stream="/community/v1/activities/stream" data-after="{len(NEWS)}"' in text
    assert "Sociale Stad is nu in voorbereiding" in text.partition("<aside")[2]
    filtered = (await client.get("/?thema=verbinding&gemeente=GM0794&organisatie=zet")).text
    assert "stream?municipality=GM0794&amp;theme=verbinding&amp;organisation=zet" in filtered
    assert 'href="/?thema=verbinding&amp;organisatie=zet">Wis' in filtered
    assert "toegezegd" not in filtered.partition("<aside")[0]


async def test_the_home_leads_on_to_what_was_earlier(client: httpx2.AsyncClient, publish: Publish) -> None:
    await publish(*[Change(HELD, dialogue=f"d-{n}") for n in range(1, 61)])
    first = (await client.get("/?initiatief=sociale-stad")).text
    assert 'href="/?initiatief=sociale-stad&amp;voor=11"' in first
    second = (await client.get("/?initiatief=sociale-stad&voor=11")).text
    assert second.partition("<aside")[0].count("Dialoog gehouden") == 10
    assert "data-stream" not in second


async def test_what_people_wrote_is_escaped(client: httpx2.AsyncClient, publish: Publish) -> None:
    await publish(Change(INITIATIVE, title="<script>alert(1)</script>"), Change(LESSON, title='"><img src=x>'))
    for path in ("/", "/nieuwsbrief"):
        text = (await client.get(path)).text
        assert "<script>alert" not in text
        assert "<img" not in text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/dialogen/unknown", 404),
        ("/dialogen/%00", 400),
        ("/bestaat-niet", 404),
        ("/?thema=geluk", 400),
        ("/?gemeente=%00", 400),
        ("/nieuwsbrief?voor=x", 400),
    ],
)
async def test_what_is_not_there_is_a_dutch_page(client: httpx2.AsyncClient, path: str, status: int) -> None:
    answer = await client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == status
    assert '<html lang="nl">' in answer.text
