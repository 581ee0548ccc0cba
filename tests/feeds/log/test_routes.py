"""Reading the feed: byte for byte, page by page, and refused when the question is not understood."""

import json

import httpx2
import msgspec
import pytest

from services.feeds.app import create_app
from shared.runtime.settings import Settings

from ...conftest import served
from ...records import cloud_event, findings
from ..conftest import Publish, dialogue, organisation

EVENTS = "/feeds/v1/events"
ORGANISATION = "nl.veerkracht.organisation.registered.v1"
WITHDRAWN = "nl.veerkracht.dialogue.withdrawn.v1"


class Page(msgspec.Struct):
    items: list[msgspec.Raw]
    next: str
    more: bool


async def page(client: httpx2.AsyncClient, **query: str | list[str]) -> Page:
    response = await client.get(EVENTS, params=query)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/json"
    return msgspec.json.decode(response.content, type=Page)


def values(page: Page) -> list[bytes]:
    return [bytes(item) for item in page.items]


async def test_an_empty_feed_gives_a_cursor_to_go_on_with(client: httpx2.AsyncClient, publish: Publish) -> None:
    empty = await page(client)
    assert (empty.items, empty.next, empty.more) == ([], "0", False)
    await publish(dialogue(1))
    assert values(await page(client, after=empty.next)) == [dialogue(1)]


async def test_events_are_served_byte_for_byte_in_order_until_the_end(
    client: httpx2.AsyncClient, publish: Publish
) -> None:
    # Spacing that no encoder would give back.
    odd = json.dumps(json.loads(dialogue(3)), indent=1).encode()
    sent = [dialogue(1), organisation(2), odd, dialogue(4), organisation(5)]
    await publish(*sent)
    seen: list[bytes] = []
    cursor, more = "0", True
    while more:
        answer = await page(client, after=cursor, limit="2")
        seen += values(answer)
        cursor, more = answer.next, answer.more
    assert seen == sent
    assert cursor == "5"
    await publish(dialogue(6))
    assert values(await page(client, after=cursor)) == [dialogue(6)]


async def test_a_full_last_page_says_that_there_is_no_more(client: httpx2.AsyncClient, publish: Publish) -> None:
    await publish(dialogue(1), dialogue(2))
    answer = await page(client, limit="2")
    assert (answer.next, answer.more) == ("2", False)


async def test_a_filter_that_finds_nothing_still_moves_the_reader_on(
    client: httpx2.AsyncClient, publish: Publish
) -> None:
    await publish(*[dialogue(n) for n in range(1, 8)], organisation(8), dialogue(9))
    answer = await page(client, type=ORGANISATION, limit="1")
    assert values(answer) == [organisation(8)]
    assert (answer.next, answer.more) == ("9", False)
    answer = await page(client, type=ORGANISATION, after="8")
    assert (answer.items, answer.next, answer.more) == ([], "9", False)


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({"type": [WITHDRAWN]}, [1, 3, 5]),
        ({"type": [WITHDRAWN, ORGANISATION]}, [1, 2, 3, 4, 5]),
        ({"subject": ["dialogue/"]}, [1, 3, 5]),
        ({"subject": ["dialogue/helmond-3"]}, [3]),
        ({"subject": ["dialogue/helmond"]}, []),
        ({"subject": ["dialogue/helmond-3", "organisation/"]}, [2, 3, 4]),
        ({"subject": ["dialogue/helmond-3", "dialogue/"]}, [1, 3, 5]),
        ({"subject": ["organisation/"], "type": [WITHDRAWN]}, []),
        ({"source": ["urn:nld:oin:00000099000000001000:systeem:community"]}, [1, 2, 3, 4, 5]),
        ({"source": ["urn:nld:oin:00000099000000001000:systeem:finance"]}, []),
        ({"source": ["urn:nld:oin:00000099000000001000:systeem:finance"], "subject": ["dialogue/helmond-3"]}, []),
    ],
)
async def test_filters_page_by_page_give_what_they_ask_in_feed_order(
    client: httpx2.AsyncClient, publish: Publish, query: dict[str, list[str]], numbers: list[int]
) -> None:
    sent = {n: organisation(n) if n % 2 == 0 else dialogue(n) for n in range(1, 6)}
    await publish(*sent.values())
    for limit in ("1", "2", "100"):
        seen: list[bytes] = []
        cursor, more = "0", True
        while more:
            answer = await page(client, **query, limit=limit, after=cursor)
            seen += values(answer)
            cursor, more = answer.next, answer.more
        assert seen == [sent[n] for n in numbers]
        assert cursor == "5"


@pytest.mark.parametrize(
    ("query", "parameter", "mentions"),
    [
        ("type=nl.veerkracht.dialogue.held", "type", WITHDRAWN),
        ("type=nl.veerkracht.*", "type", "kleine letters"),
        ("type=nl.veerkracht.dialogue.findings-recorded.v1", "type", WITHDRAWN),
        ("source=urn:nld:oin:00000099000000001000:systeem:niemand", "source", ":systeem:finance"),
        ("source=urn:nld:oin:00000099000000009999:systeem:community", "source", ":systeem:community"),
        ("source=urn:nld:oin:00000099000000001000:systeem:community-internal", "source", ":systeem:monitor"),
        ("subject=dialoog/helmond-1", "subject", "dialogue"),
        ("subject=dialogue", "subject", "dialogue"),
        ("subject=dialogue/%00", "subject", ""),
        ("types=nl.veerkracht.dialogue.held.v1", "types", "onbekend"),
        ("after=-1", "after", ""),
        ("after=1.0", "after", ""),
        ("after=%D9%A1", "after", ""),
        ("after=9999999999999999999", "after", ""),
        ("after=7", "after", "voorbij"),
        ("limit=0", "limit", "1"),
        ("limit=1001", "limit", "1000"),
    ],
)
async def test_a_question_that_is_not_understood_is_refused(
    client: httpx2.AsyncClient, query: str, parameter: str, mentions: str
) -> None:
    response = await client.get(f"{EVENTS}?{query}")
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    (error,) = response.json()["errors"]
    assert error["parameter"] == parameter
    assert mentions in error["detail"]


async def test_what_was_said_under_another_number_is_still_asked_for_by_its_source(
    settings: Settings, publish: Publish
) -> None:
    old = "urn:nld:oin:00000099000000001000:systeem:community"
    renamed = [dialogue(n).replace(b"00000099000000001000:s", b"00000003123456780000:s") for n in (3, 4)]
    await publish(dialogue(1), dialogue(2), *renamed)
    async with served(create_app(settings.model_copy(update={"oin": "00000003123456780000"}))) as client:
        assert values(await page(client, source=old)) == [dialogue(1), dialogue(2)]
        new = old.replace("00000099000000001000", "00000003123456780000")
        assert values(await page(client, source=new)) == renamed
        assert values(await page(client, source=[old, new])) == [dialogue(1), dialogue(2), *renamed]
        items = (await client.get("/feeds/v1/sources")).json()["items"]
        assert {item["source"]: item["contiguous"] for item in items} == {old: 2, new: 0}
        for path in (EVENTS, "/feeds/v1/stream"):
            # Under the old number nothing was said by finance, and nothing will be.
            refused = await client.get(path, params={"source": old.replace("community", "finance")})
            assert refused.status_code == 400, refused.text
            (error,) = refused.json()["errors"]
            assert old in error["detail"] and new in error["detail"]


async def test_one_event_is_a_cloudevent(client: httpx2.AsyncClient, publish: Publish) -> None:
    await publish(dialogue(1))
    response = await client.get(f"{EVENTS}/d-1")
    assert response.content == dialogue(1)
    assert response.headers["content-type"] == "application/cloudevents+json"
    assert response.headers["access-control-allow-origin"] == "*"
    missing = await client.get(f"{EVENTS}/d-2")
    assert missing.status_code == 404
    assert missing.headers["content-type"] == "application/problem+json"
    assert (await client.get(f"{EVENTS}/%00")).status_code == 404


async def test_a_reader_can_see_a_gap_and_see_it_close(client: httpx2.AsyncClient, publish: Publish) -> None:
    async def progress() -> dict[str, object]:
        (item,) = (await client.get("/feeds/v1/sources")).json()["items"]
        item.pop("source")
        return dict(item)

    await publish(dialogue(2), dialogue(3))
    assert await progress() == {"events": 2, "highest": 3, "contiguous": 0}
    await publish(dialogue(1), dialogue(5))
    assert await progress() == {"events": 4, "highest": 5, "contiguous": 3}
    await publish(dialogue(4))
    assert await progress() == {"events": 5, "highest": 5, "contiguous": 5}


async def test_the_openapi_document_describes_the_feed(client: httpx2.AsyncClient) -> None:
    paths = (await client.get("/feeds/v1/openapi.json")).json()["paths"]
    names = {one["name"] for one in paths[EVENTS]["get"]["parameters"] if one["in"] == "query"}
    assert names == {"type", "subject", "source", "after", "limit"}


async def test_duplicates_are_kept_once_and_poison_does_not_stop_the_feed(
    client: httpx2.AsyncClient, publish: Publish
) -> None:
    leak = cloud_event(findings("helmond-1"), "leak", 7)
    other_subject = dialogue(8).replace(b"dialogue/helmond-8", b"dialogue/helmond-9")
    same_number = dialogue(2).replace(b'"d-2"', b'"d-2-again"')
    unnumbered = dialogue(9).replace(b'"sequence":"9"', b'"sequence":"0"')
    applied = await publish(
        dialogue(1), b"{", leak, dialogue(1), None, other_subject, dialogue(2), same_number, unnumbered
    )
    assert (applied.duplicates, len(applied.dead_letters)) == (1, 6)
    await publish(dialogue(1), dialogue(3))
    answer = await page(client)
    assert values(answer) == [dialogue(1), dialogue(2), dialogue(3)]
    assert answer.next == "3"
    assert b"leak" not in (await client.get(EVENTS)).content
