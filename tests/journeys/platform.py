"""The running platform as a client sees it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import uuid4

import httpx2
import msgspec

TODAY = datetime.now(UTC).date()
HELMOND, REGION, PROVINCE = "GM0794", "zuidoost-brabant", "PV30"
Json = dict[str, object]
Value = TypeVar("Value")


class Frame(msgspec.Struct, frozen=True):
    """One server-sent event."""

    id: str
    event: str
    data: bytes


class Cell(msgspec.Struct, frozen=True, rename="camel"):
    """A figure as the API shows it."""

    id: str
    area: str
    suppressed: bool
    n: int | None
    mean: float | None
    bound: str | None


class _Page(msgspec.Struct, frozen=True):
    items: list[Cell]


class Events(msgspec.Struct, frozen=True):
    """A page of the pull feed."""

    items: list[msgspec.Raw]
    next: str
    more: bool


@dataclass(frozen=True)
class Platform:
    """A client with the demo users' tokens."""

    client: httpx2.AsyncClient
    tokens: dict[str, str]

    async def post(self, role: str | None, path: str, body: Json, **headers: str) -> httpx2.Response:
        """POST as a demo user."""
        given = {"Authorization": f"Bearer {self.tokens[role]}"} if role else {}
        return await self.client.post(path, json=body, headers={**given, **headers})

    async def plan(self, dialogue: str, municipality: str = HELMOND) -> httpx2.Response:
        """Plan a dialogue for last week."""
        body: Json = {
            "id": dialogue,
            "municipality": municipality,
            "neighbourhood": "Annawijk",
            "organiser": "pon",
            "initiative": "sociale-stad",
            "themes": ["verbinding"],
            "plannedOn": (TODAY - timedelta(days=7)).isoformat(),
        }
        return await self.post("community", "/community/v1/dialogues", body)

    async def hold(self, dialogue: str, scores: list[int], topic: str = "ontmoeting") -> httpx2.Response:
        """Hold it today, with scores on one topic; sent again it is the same, by its key."""
        body: Json = {
            "heldOn": TODAY.isoformat(),
            "groups": {"bewoners": sum(scores)},
            "findings": [{"topic": topic, "scores": scores}],
            "actions": ["Een buurtkamer openen"],
        }
        key = {"Idempotency-Key": f"hold-{dialogue}"}
        return await self.post("community", f"/community/v1/dialogues/{dialogue}/held", body, **key)

    async def withdraw(self, dialogue: str) -> httpx2.Response:
        """Take it back."""
        return await self.post("community", f"/community/v1/dialogues/{dialogue}/withdrawal", {"reason": "wrong-data"})

    async def cells(self, code: str = "verbondenheid") -> dict[str, Cell]:
        """This month's figures of an indicator or theme, by area."""
        answer = await self.client.get(
            "/monitor/v1/aggregates", params={"code": code, "period": f"{TODAY:%Y-%m}", "limit": "1000"}
        )
        return {cell.area: cell for cell in msgspec.json.decode(answer.content, type=_Page).items}

    async def pull(self) -> list[bytes]:
        """Every event of the pull feed, page by page."""
        events: list[bytes] = []
        cursor = "0"
        while True:
            answer = await self.client.get("/feeds/v1/events", params={"after": cursor, "limit": "500"})
            page = msgspec.json.decode(answer.content, type=Events)
            events += [bytes(item) for item in page.items]
            cursor = page.next
            if not page.more:
                return events

    @asynccontextmanager
    async def stream(self, path: str, **headers: str) -> AsyncIterator[AsyncIterator[Frame]]:
        """Server-sent events of a path, open once the server has answered."""
        async with self.client.stream("GET", path, headers=headers, timeout=30) as answer:
            assert answer.status_code == 200, await answer.aread()
            yield _frames(answer)


async def _frames(answer: httpx2.Response) -> AsyncIterator[Frame]:
    fields: dict[str, str] = {}
    async for line in answer.aiter_lines():
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "data" in fields:
            yield Frame(fields["id"], fields["event"], fields["data"].encode())
            fields = {}


async def until(read: Callable[[], Awaitable[Value]], right: Callable[[Value], bool], seconds: float = 10.0) -> Value:
    """Read again until it is right; fails with what was read last."""
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        value = await read()
        if right(value):
            return value
        assert asyncio.get_running_loop().time() < deadline, value
        await asyncio.sleep(0.02)


async def settled(read: Callable[[], Awaitable[Value]]) -> Value:
    """What is read once two readings half a second apart agree: nothing is on its way any more."""
    last = await read()
    while True:
        await asyncio.sleep(0.5)
        now = await read()
        if now == last:
            return now
        last = now


def new_id() -> str:
    """A client-made id."""
    return str(uuid4())
