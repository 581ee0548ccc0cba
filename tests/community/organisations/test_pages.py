"""The page of the network."""

import httpx2

from shared.database import Connection

from ..team import store_held_dialogue


async def test_the_network_shows_organisations_and_dialogues_by_name(
    client: httpx2.AsyncClient, connection: Connection
) -> None:
    await store_held_dialogue(connection)
    text = (await client.get("/netwerk")).text
    assert "Uitvoeringsorganisaties" in text
    assert '<a href="/dialogen/d-1"><time datetime="2026-11-23">23 november 2026</time></a>' in text
    assert "<td>Helmond</td>" in text
