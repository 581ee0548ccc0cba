"""The page for partners."""

import httpx2

from services.feeds.log.domain import PUBLIC

from ..conftest import Publish, dialogue


async def test_the_page_tells_partners_how_to_subscribe_and_to_what(
    client: httpx2.AsyncClient, publish: Publish
) -> None:
    await publish(dialogue(1))
    response = await client.get("/feeds")
    assert response.status_code == 200
    for name, entry in PUBLIC.items():
        assert f"<td>{entry.meaning}</td>" in response.text
        assert f"<code>{name}</code>" in response.text
        assert f'href="/feeds/v1/schemas/{name}.json"' in response.text
    assert "http://127.0.0.1:8080/feeds/v1/events" in response.text
    assert "Last-Event-ID: 1" in response.text
