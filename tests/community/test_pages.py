"""The Dutch pages: they show what happened, escape what people wrote, and refuse what is not there."""

import httpx2
import msgspec
import pytest

from shared.database import Connection

from .conftest import Publish
from .samples import HELD, INITIATIVE, LESSON, NAMES, NEWS, WITHDRAWN

Change = msgspec.structs.replace


async def plan(connection: Connection, dialogue: str = "d-1") -> None:
    await connection.execute(
        """INSERT INTO dialogue VALUES ($1, 'GM0794', 'Annawijk <b>', 'zet', 'slowcare', '{verbinding}', '2026-11-20',
           'held', '2026-11-23', 24, '{"bewoners": 24}', '[]', '{ontmoeting}', '{Een buurtkamer <i>openen</i>}')""",
        dialogue,
    )


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
    assert "Dialoog gehouden in Helmond over ontmoeting en burenhulp, met 24 deelnemers" in text
    assert 'data-stream="/community/v1/activities/stream" data-after="14"' in text
    assert "Slowcare is nu in uitvoering" in text.partition("<aside")[2]
    filtered = (await client.get("/?thema=verbinding&gemeente=GM0794&organisatie=zet")).text
    assert "stream?municipality=GM0794&amp;theme=verbinding&amp;organisation=zet" in filtered
    assert 'href="/?thema=verbinding&amp;organisatie=zet">Wis' in filtered
    assert "toegezegd" not in filtered.partition("<aside")[0]


async def test_the_home_leads_on_to_what_was_earlier(client: httpx2.AsyncClient, publish: Publish) -> None:
    await publish(*[Change(HELD, dialogue=f"d-{n}") for n in range(1, 61)])
    first = (await client.get("/?initiatief=slowcare")).text
    assert 'href="/?initiatief=slowcare&amp;voor=11"' in first
    second = (await client.get("/?initiatief=slowcare&voor=11")).text
    assert second.partition("<aside")[0].count("Dialoog gehouden") == 10
    assert "data-stream" not in second


async def test_a_withdrawn_trigger_is_marked_on_the_newsletter_page(
    client: httpx2.AsyncClient, publish: Publish
) -> None:
    await publish(*NAMES, HELD, WITHDRAWN)
    text = (await client.get("/nieuwsbrief")).text
    assert text.count("Ingetrokken: niet plaatsen") == 1


async def test_the_network_shows_organisations_and_dialogues_by_name(
    client: httpx2.AsyncClient, connection: Connection
) -> None:
    await plan(connection)
    text = (await client.get("/netwerk")).text
    assert "Uitvoeringsorganisaties" in text
    assert '<a href="/dialogen/d-1"><time datetime="2026-11-23">23 november 2026</time></a>' in text
    assert "<td>Helmond</td>" in text


async def test_a_dialogue_has_a_page_until_its_outcome_is_withdrawn(
    client: httpx2.AsyncClient, connection: Connection
) -> None:
    await plan(connection)
    shown = (await client.get("/dialogen/d-1")).text
    assert "Een buurtkamer &lt;i&gt;openen&lt;/i&gt;" in shown
    assert "Ontmoeting" in shown
    assert "bewoners" not in shown
    await connection.execute(
        "UPDATE dialogue SET status = 'withdrawn', withdrawn_at = now(), withdrawal_reason = 'wrong-data'"
    )
    hidden = (await client.get("/dialogen/d-1")).text
    assert "de gegevens klopten niet" in hidden
    assert "buurtkamer" not in hidden


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
