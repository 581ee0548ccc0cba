"""The live stream of the activity."""

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

from ..conftest import Publish
from ..samples import COMMITMENT, HELD, INITIATIVE, NAMES, NEWS, ORGANISATION, PHASE, WITHDRAWN

STREAM = "/community/v1/activities/stream"


class Item(msgspec.Struct, frozen=True, rename="camel"):
    """One activity as live.js reads it."""

    id: int
    type: str
    kind_label: str
    time: str
    time_text: str
    text: str
    href: str


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
        client.stream("GET", f"{STREAM}?{query}", headers={} if last is None else {"Last-Event-ID": last}) as response,
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
        text="Dialoog gehouden in Helmond over ontmoeting en vertrouwen in elkaar, met 24 deelnemers",
        href=f"/dialogen/{HELD.dialogue}",
    )


async def test_a_stream_goes_on_after_the_last_event_id_before_the_query(server: str, publish: Publish) -> None:
    await publish(*NEWS)
    async with following(server, "after=0") as items:
        assert [item.id for item in await take(items, 2)] == [1, 2]
    async with following(server, "after=0", last="2") as items:
        assert [item.id for item in await take(items, 9)] == list(range(3, 12))


@pytest.mark.parametrize("query", ["", "organisation=zet"])
async def test_a_stream_cut_before_its_first_activity_goes_on_where_it_began(
    server: str, publish: Publish, query: str
) -> None:
    await publish(ORGANISATION)
    async with httpx2.AsyncClient(base_url=server) as client, client.stream("GET", f"{STREAM}?after=1&{query}") as cut:
        lines = cut.aiter_lines()
        welcome = [await anext(lines) for _ in range(3)]
    assert welcome[2] == "id: 1"
    await publish(INITIATIVE, HELD)
    async with following(server, query, last="1") as by_header, following(server, f"lastEventId=1&{query}") as by_query:
        for items in (by_header, by_query):
            assert (await take(items, 1))[0].id == (3 if query else 2)
    async with httpx2.AsyncClient(base_url=server) as client:
        assert (await client.get(STREAM, params={"lastEventId": "x"})).status_code == 400


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("municipality=GM0794", [2, 3, 5, 6]),
        ("initiative=sociale-stad&theme=verbinding", [2, 3, 5, 6]),
        ("organisation=zet", [1, 3, 4, 6]),
        (f"type={PHASE.type}", [5]),
    ],
)
async def test_a_stream_is_filtered_in_what_was_and_what_comes(
    server: str, publish: Publish, query: str, expected: list[int]
) -> None:
    was: list[Contract] = [ORGANISATION, INITIATIVE, HELD, COMMITMENT]
    await publish(*was, *NAMES)
    async with following(server, f"after=0&{query}") as items:
        await publish(PHASE, WITHDRAWN)
        assert [item.id for item in await take(items, len(expected))] == expected
