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
    await publish(INITIATIVE, *[Change(HELD, dialogue=f"d-{n}") for n in range(1, 61)])
    first = (await client.get("/?initiatief=sociale-stad")).text
    assert 'href="/?initiatief=sociale-stad&amp;voor=12"' in first
    second = (await client.get("/?initiatief=sociale-stad&voor=12")).text
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
        ("/dialogen/%00", 404),
        ("/bestaat-niet", 404),
    ],
)
async def test_what_is_not_there_is_a_dutch_page(client: httpx2.AsyncClient, path: str, status: int) -> None:
    answer = await client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == status
    assert '<html lang="nl">' in answer.text


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/?thema=geluk", "Onbekende keuze “thema=geluk” is niet gebruikt: kies uit"),
        ("/?gemeente=%00", "Onbekende keuze “gemeente=�” is niet gebruikt"),
        ("/?thema=verbinding&thema=vertrouwen", "“thema=vertrouwen” is niet gebruikt: er staat er al een."),
        ("/?gemeente=GM9999", "“gemeente=GM9999” is niet gebruikt: die is er niet."),
        ("/?initiatief=geen", "“initiatief=geen” is niet gebruikt: die is er niet."),
        ("/?kleur=<b>", "Onbekende keuze “kleur=&lt;b&gt;” is niet gebruikt."),
        ("/nieuwsbrief?voor=x", "Onbekende keuze “voor=x” is niet gebruikt: hier hoort een geheel getal."),
    ],
)
async def test_a_choice_that_is_not_there_is_left_out_and_told(
    client: httpx2.AsyncClient, publish: Publish, path: str, told: str
) -> None:
    await publish(*NAMES, *NEWS)
    answer = await client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert told in answer.text
    assert "Dialoog" in answer.text or path.startswith("/nieuwsbrief")


@pytest.mark.parametrize("query", ["thema=", "thema=&gemeente=&voor=", "utm_source=brief&fbclid=x&mc_cid=1&thema="])
async def test_what_a_form_leaves_empty_and_a_campaign_adds_is_passed_over(
    client: httpx2.AsyncClient, query: str
) -> None:
    answer = await client.get(f"/?{query}", headers={"Accept": "text/html"})
    assert (answer.status_code, "niet gebruikt" in answer.text) == (200, False)
