"""The live stream: over a real socket, resumed exactly, filtered, and woken by the commit."""

import asyncio
import random
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx2
import pytest

from services.feeds.app import create_app
from services.feeds.log import store
from services.feeds.log.domain import EventFilter
from shared import database
from shared.http.log_follower import LogFollower
from shared.processes.api_server import create_server
from shared.runtime.settings import Settings

from ..conftest import Publish, dialogue, organisation

STREAM = "/feeds/v1/stream"
ORGANISATION = "nl.veerkracht.organisation.registered.v1"
WITHDRAWN = "nl.veerkracht.dialogue.withdrawn.v1"


@dataclass(frozen=True)
class Sent:
    """One server-sent event."""

    cursor: str
    event: str
    data: bytes


class Reader:
    """Reads events off one open response."""

    def __init__(self, response: httpx2.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def next(self) -> Sent:
        """The next event; comments are passed over."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(5):
            async for line in self._lines:
                if line == "" and "data" in fields:
                    return Sent(fields["id"], fields["event"], fields["data"].encode())
                name, colon, value = line.partition(": ")
                if colon and name:
                    fields[name] = value
        raise AssertionError("the stream ended")

    async def welcome(self) -> str:
        """The place where the stream begins, which comes before any event."""
        async with asyncio.timeout(5):
            lines = [await anext(self._lines) for _ in range(4)]
        assert lines == [": welcome", "retry: 2000", lines[2], ""]
        return lines[2].removeprefix("id: ")

    async def take(self, count: int) -> list[Sent]:
        return [await self.next() for _ in range(count)]


@pytest.fixture
async def server(settings: Settings) -> AsyncIterator[str]:
    """The address of a feeds app on a real socket, which takes connections before the app has started."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = create_server(create_app(settings), settings)
    task = asyncio.create_task(server.serve([listening]))
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    await task


@asynccontextmanager
async def reading(server: str, query: str = "", last: str | None = None) -> AsyncIterator[Reader]:
    headers = {} if last is None else {"Last-Event-ID": last}
    async with (
        httpx2.AsyncClient(base_url=server) as client,
        client.stream("GET", f"{STREAM}?{query}", headers=headers) as response,
    ):
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        yield Reader(response)


async def test_an_open_stream_gives_what_comes_within_a_second(server: str, publish: Publish) -> None:
    await publish(dialogue(1))
    async with reading(server, "after=1") as reader:
        await publish(dialogue(2))
        async with asyncio.timeout(1):
            assert await reader.next() == Sent("2", WITHDRAWN, dialogue(2))


async def test_without_a_cursor_a_stream_starts_now(server: str, publish: Publish) -> None:
    await publish(dialogue(1))
    # The service has seen the first event when a reader from the beginning has.
    async with reading(server, "after=0") as seen:
        await seen.next()
        async with reading(server) as reader:
            await publish(dialogue(2))
            assert (await reader.next()).cursor == "2"


async def test_a_stream_resumes_exactly_after_the_last_event_id(server: str, publish: Publish) -> None:
    await publish(*[dialogue(n) for n in range(1, 7)])
    async with reading(server, "after=0") as reader:
        (first, second) = await reader.take(2)
    async with reading(server, "after=0", last=second.cursor) as reader:
        rest = await reader.take(4)
    assert [first.data, second.data, *(sent.data for sent in rest)] == [dialogue(n) for n in range(1, 7)]


@pytest.mark.parametrize("query", ["", f"type={ORGANISATION}", "subject=dialogue/helmond-3"])
async def test_a_stream_cut_before_its_first_event_goes_on_where_it_began(
    server: str, publish: Publish, query: str
) -> None:
    """Negative control in it: without the id of the welcome the second reader begins after what came meanwhile."""
    await publish(dialogue(1))
    async with reading(server, "after=0") as seen:
        await seen.next()
    async with reading(server, query) as cut:
        place = await cut.welcome()
    assert place == "1"
    await publish(organisation(2), dialogue(3))
    async with reading(server, "after=1") as seen:
        await seen.take(2)
    expected = {"": ["2", "3"], f"type={ORGANISATION}": ["2"]}.get(query, ["3"])
    by_header, by_query = reading(server, query, last=place), reading(server, f"{query}&lastEventId={place}")
    async with by_header as first, by_query as second:
        for reader in (first, second):
            assert [sent.cursor for sent in await reader.take(len(expected))] == expected
    # The header comes before the query, and lastEventId before after.
    async with (
        reading(server, "after=0&lastEventId=1", last="2") as last,
        reading(server, "after=0&lastEventId=1") as at,
    ):
        assert ((await last.next()).cursor, (await at.next()).cursor) == ("3", "2")


async def test_filters_hold_for_what_was_and_for_what_comes(server: str, publish: Publish) -> None:
    await publish(dialogue(1), organisation(2), dialogue(3))
    async with (
        reading(server, f"after=0&type={ORGANISATION}") as typed,
        reading(server, "after=0&subject=dialogue/helmond-3&subject=dialogue/helmond-5") as subjects,
    ):
        await publish(dialogue(4), dialogue(5), organisation(6))
        assert [sent.cursor for sent in await typed.take(2)] == ["2", "6"]
        assert [sent.cursor for sent in await subjects.take(2)] == ["3", "5"]


async def test_an_event_with_line_breaks_arrives_as_one_line(server: str, publish: Publish) -> None:
    await publish(dialogue(1).replace(b"{", b"{\r\n ", 1))
    async with reading(server, "after=0") as reader:
        assert (await reader.next()).data == dialogue(1).replace(b"{", b"{   ", 1)


@pytest.mark.parametrize(
    ("query", "last"),
    [
        ("after=1", None),
        ("", "1"),
        ("", "x"),
        ("", "-1"),
        ("lastEventId=1", None),
        ("lastEventId=x", None),
        ("lastEventId=0&lastEventId=0", None),
        ("type=nl.veerkracht.onbekend.v1", None),
        ("typ=x", None),
    ],
)
async def test_a_cursor_or_filter_that_cannot_be_right_is_refused(server: str, query: str, last: str | None) -> None:
    headers = {} if last is None else {"Last-Event-ID": last}
    async with httpx2.AsyncClient(base_url=server) as client:
        response = await client.get(f"{STREAM}?{query}", headers=headers, timeout=5)
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"


async def test_every_reader_gets_everything_once_on_both_sides_of_the_memory(
    settings: Settings, publish: Publish
) -> None:
    """Readers start anywhere, before and within what is kept in memory, while events come in."""
    pool = await database.create_pool("feeds", settings)
    follower = LogFollower("feeds", settings, pool, store.LOG, store.list_entries, keep=8)
    rng = random.Random(3)
    total = 120

    async def read(after: int) -> list[int]:
        seen: list[int] = []
        async for chunk in follower.follow(after, EventFilter()):
            seen += [int(line[4:]) for line in chunk.splitlines() if line.startswith(b"id: ")]
            await asyncio.sleep(rng.random() / 50)
            if seen and seen[-1] >= total:
                break
        return seen

    try:
        async with asyncio.timeout(20), follower.running(0):
            readers: list[tuple[int, asyncio.Task[list[int]]]] = []
            sent = 0
            while sent < total:
                size = min(rng.randint(1, 6), total - sent)
                await publish(*[dialogue(sent + n) for n in range(1, size + 1)])
                sent += size
                after = rng.randint(0, sent)
                readers.append((after, asyncio.create_task(read(after))))
                await asyncio.sleep(rng.random() / 100)
            for after, task in readers:
                if after < total:
                    assert await task == list(range(after + 1, total + 1))
                else:
                    task.cancel()
    finally:
        pool.terminate()


async def test_readers_with_equal_wanteds_share_the_bytes(settings: Settings, publish: Publish) -> None:
    pool = await database.create_pool("feeds", settings)
    follower = LogFollower("feeds", settings, pool, store.LOG, store.list_entries)
    try:
        async with asyncio.timeout(20), follower.running(0):
            await publish(dialogue(1), organisation(2))
            chunks = [
                await anext(follower.follow(0, EventFilter(types=frozenset(types))))
                for types in ([WITHDRAWN], [WITHDRAWN], [])
            ]
    finally:
        pool.terminate()
    assert chunks[0] is chunks[1]
    assert chunks[2].startswith(chunks[0])
    assert chunks[2] != chunks[0]
