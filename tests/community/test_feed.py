"""Activity and triggers over HTTP: pages in both directions, filters, and the live stream."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import msgspec
import pytest

from services.community.app import create_app
from shared.contracts import Contract
from shared.processes.api_server import create_server
from shared.runtime.settings import Settings

from .conftest import Publish
from .samples import COMMITMENT, FINDING, HELD, INITIATIVE, NAMES, NEWS, ORGANISATION, PHASE, WITHDRAWN

ACTIVITIES, TRIGGERS = "/community/v1/activities", "/community/v1/newsletter-triggers"


class Item(msgspec.Struct, frozen=True, rename="camel"):
    """One activity as live.js reads it."""

    id: int
    type: str
    kind_label: str
    time: str
    time_text: str
    text: str
    href: str


async def pages(client: httpx2.AsyncClient, path: str, key: str, limit: int, **query: str) -> list[int]:
    """Every cursor, page by page."""
    found: list[int] = []
    while True:
        page = (await client.get(path, params={**query, "limit": str(limit)})).json()
        found += [item.get("position", item["id"]) for item in page["items"]]
        if page["next"] is None:
            return found
        query[key] = str(page["next"])


async def test_activity_is_read_newest_first_or_past_a_cursor(client: httpx2.AsyncClient, publish: Publish) -> None:
    await publish(*NAMES, *NEWS)
    everything = list(range(1, len(NEWS) + 1))
    for limit in (1, 4, 11, 200):
        assert await pages(client, ACTIVITIES, "before", limit) == everything[::-1]
        assert await pages(client, ACTIVITIES, "after", limit, after="0") == everything
    assert await pages(client, ACTIVITIES, "after", 2, after="8") == [9, 10, 11, 12, 13, 14]
    assert await pages(client, ACTIVITIES, "before", 2, before="0") == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"initiative": "slowcare"}, [2, 3, 4, 5, 6, 8]),
        ({"municipality": "GM0794"}, [4, 5, 6, 14]),
        ({"municipality": "PV30"}, [10, 13]),
        ({"theme": "vertrouwen"}, []),
        ({"organisation": "zet"}, [1, 2, 5, 6, 7, 8]),
        ({"type": FINDING.type}, [9]),
        ({"organisation": "zet", "municipality": "GM0794"}, [5, 6]),
    ],
)
async def test_activity_is_filtered_in_both_directions(
    client: httpx2.AsyncClient, publish: Publish, query: dict[str, str], expected: list[int]
) -> None:
    await publish(*NEWS)
    assert await pages(client, ACTIVITIES, "before", 2, **query) == expected[::-1]
    assert await pages(client, ACTIVITIES, "after", 2, after="0", **query) == expected


@pytest.mark.parametrize("path", [ACTIVITIES, f"{ACTIVITIES}/stream", TRIGGERS])
@pytest.mark.parametrize(
    "query",
    ["gemeente=GM0794", "theme=geluk", "type=nl.veerkracht.area.registered.v1", "after=-1", "after=x", "reason=zin"],
)
async def test_a_filter_that_is_not_understood_is_refused(client: httpx2.AsyncClient, path: str, query: str) -> None:
    answer = await client.get(f"{path}?{query}")
    assert answer.status_code == 400, answer.text
    assert answer.json()["errors"][0]["parameter"] == query.partition("=")[0]


async def test_two_directions_at_once_and_a_cursor_from_elsewhere_are_refused(client: httpx2.AsyncClient) -> None:
    for path in (ACTIVITIES, TRIGGERS):
        assert (await client.get(f"{path}?before=3&after=1")).status_code == 400
    assert (await client.get(f"{ACTIVITIES}/stream?after=1")).status_code == 400
    assert (await client.get(f"{ACTIVITIES}/stream", headers={"Last-Event-ID": "7"})).status_code == 400
    assert (await client.get(f"{ACTIVITIES}/stream", headers={"Last-Event-ID": "x"})).status_code == 400


async def test_triggers_are_listed_with_their_sentence(client: httpx2.AsyncClient, publish: Publish) -> None:
    await publish(*NAMES, *NEWS, WITHDRAWN)
    page = (await client.get(TRIGGERS)).json()
    assert [(item["reason"], item["withdrawnAt"] is None) for item in page["items"]] == [
        ("indicator-moved", True),
        ("goal-judged", True),
        ("edition-published", True),
        ("budget-finding", True),
        ("dialogue-held", False),
        ("lesson-drawn", True),
        ("phase-reached", True),
    ]
    assert page["items"][6]["text"] == "Slowcare is nu in uitvoering"
    assert await pages(client, TRIGGERS, "before", 2) == [14, 13, 12, 9, 6, 4, 3]
    assert await pages(client, TRIGGERS, "after", 2, after="3") == [4, 6, 9, 12, 13, 14]
    assert await pages(client, TRIGGERS, "before", 2, reason="lesson-drawn") == [4]


@pytest.fixture
async def server(settings: Settings) -> AsyncIterator[str]:
    """The address of the app on a real socket."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = create_server(create_app(settings), settings)
    task = asyncio.create_task(server.serve([listening]))
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    await task


@asynccontextmanager
async def following(server: str, query: str = "", last: str | None = None) -> AsyncIterator[AsyncIterator[Item]]:
    async def items(response: httpx2.Response) -> AsyncIterator[Item]:
        fields: dict[str, str] = {}
        async for line in response.aiter_lines():
            name, colon, value = line.partition(": ")
            if colon and name:
                fields[name] = value
            elif not line and "data" in fields:
                item = msgspec.json.decode(fields["data"], type=Item)
                assert (fields["event"], int(fields["id"])) == ("activity", item.id)
                fields = {}
                yield item

    async with (
        httpx2.AsyncClient(base_url=server, timeout=5) as client,
        client.stream(
            "GET", f"{ACTIVITIES}/stream?{query}", headers={} if last is None else {"Last-Event-ID": last}
        ) as response,
    ):
        assert response.headers["content-type"].startswith("text/event-stream")
        yield items(response)


async def take(items: AsyncIterator[Item], count: int) -> list[Item]:
    async with asyncio.timeout(5):
        return [await anext(items) for _ in range(count)]


async def test_an_open_stream_tells_what_comes_within_a_second(server: str, publish: Publish) -> None:
    await publish(*NAMES)
    async with following(server) as items:
        await publish(HELD)
        async with asyncio.timeout(1):
            (item,) = await take(items, 1)
    assert item == Item(
        id=1,
        type=HELD.type,
        kind_label="Dialoog",
        time="2026-11-24T12:00:00Z",
        time_text="24 november 2026, 13:00",
        text="Dialoog gehouden in Helmond over ontmoeting en burenhulp, met 24 deelnemers",
        href="/dialogen/d-1",
    )


async def test_a_stream_goes_on_after_the_last_event_id_before_the_query(server: str, publish: Publish) -> None:
    await publish(*NEWS)
    async with following(server, "after=0") as items:
        assert [item.id for item in await take(items, 2)] == [1, 2]
    async with following(server, "after=0", last="2") as items:
        assert [item.id for item in await take(items, 9)] == list(range(3, 12))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("municipality=GM0794", [3, 6]),
        ("initiative=slowcare&theme=verbinding", [2, 3, 5, 6]),
        ("organisation=zet", [1, 2, 3, 4, 6]),
        (f"type={PHASE.type}", [5]),
    ],
)
async def test_a_stream_is_filtered_in_what_was_and_what_comes(
    server: str, publish: Publish, query: str, expected: list[int]
) -> None:
    was: list[Contract] = [ORGANISATION, INITIATIVE, HELD, COMMITMENT]
    await publish(*was)
    async with following(server, f"after=0&{query}") as items:
        await publish(PHASE, WITHDRAWN)
        assert [item.id for item in await take(items, len(expected))] == expected
