"""Sends the services' own commands, as those whose work it is, and remembers what nobody outside may learn."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

import httpx2

from .answers import Object, Surface

Value = TypeVar("Value")
#: On a machine that others need, everything but the order takes its time.
PATIENCE = 120.0

#: Code, source, area, period.
Spot = tuple[str, str, str, str]


@dataclass(frozen=True)
class KnownFile:
    """A file of which an outsider knows all but one row: what stands before and after it, and each row it may be."""

    name: str
    before: bytes
    after: bytes
    candidates: tuple[bytes, ...]
    #: How many rows it has, and how many bytes.
    rows: int
    size: int

    def guesses(self) -> Iterator[tuple[bytes, bytes]]:
        """Each row it may have, and the file it would be then."""
        return ((row, self.before + row + self.after) for row in self.candidates)


@dataclass(frozen=True)
class Probe:
    """A question asked with what is secret and with something else. `same` are words that differ in the question."""

    name: str
    right: Surface
    wrong: Surface
    same: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Planted:
    """What nobody outside may learn, each with what it is of."""

    texts: dict[str, str] = field(default_factory=dict)
    #: As `Surface.numbers` has them: numbers that only this group has.
    numbers: dict[str, str] = field(default_factory=dict)
    lists: dict[tuple[int, ...], str] = field(default_factory=dict)
    #: Exact means, secret where this figure is told of.
    means: dict[Spot, Decimal] = field(default_factory=dict)
    #: Figures of which nothing may be told.
    silent: dict[Spot, str] = field(default_factory=dict)
    #: Dialogues of which nothing may be told but that they were held.
    dialogues: dict[str, str] = field(default_factory=dict)
    #: Files by the id of their import.
    files: dict[str, KnownFile] = field(default_factory=dict)
    probes: list[Probe] = field(default_factory=list)
    #: What an outsider knows of by name, for the collector.
    hints: dict[str, list[str]] = field(default_factory=dict)


class Planter:
    """Whoever plants. `operations` is where the monitor's stream worker tells its operator how far it is."""

    def __init__(self, client: httpx2.AsyncClient, tokens: Mapping[str, str], operations: str) -> None:
        self.client, self._tokens, self._operations = client, tokens, operations
        self._findings = 0

    async def command(self, role: str, path: str, body: Object, *accepted: int) -> httpx2.Response:
        """Post a command. It must be accepted, unless other answers are named."""
        answer = await self.client.post(path, json=body, headers=self.headers(role))
        assert answer.status_code in (accepted or (201,)), f"{path}: {answer.status_code} {answer.text}"
        return answer

    def headers(self, role: str) -> dict[str, str]:
        """A demo user's."""
        return {"Authorization": f"Bearer {self._tokens[role]}"}

    async def completed(self, path: str, body: Object, prefer: tuple[str, ...] = ()) -> Object | None:
        """A body with what the document asks for beside it, made up: None when there is no such command.

        Where one of `prefer` may be chosen, it is.
        """
        service = path.split("/")[1]
        document = (await self.client.get(f"/{service}/v1/openapi.json")).json()
        post = document["paths"].get(path, {}).get("post")
        if post is None:
            return None
        schemas = document["components"]["schemas"]
        name = post["requestBody"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
        made = dict(body)
        for member, schema in schemas[name]["properties"].items():
            wanted = [one for one in prefer if f'"{one}"' in json.dumps([schema, _target(schemas, schema)])]
            if member in schemas[name].get("required", ()) or wanted:
                made.setdefault(member, wanted[0] if wanted else _made_up(schemas, schema))
        known = schemas[name]["properties"].keys()
        return {member: value for member, value in made.items() if member in known}

    async def offer(self, name: str, lines: Sequence[str], refused: bool = False, **options: str) -> str:
        """Offer a file of observations, and follow it until what becomes public of it is; returns its import's id."""
        answer = await self.client.post(
            "/monitor/v1/observations",
            params={"bestandsnaam": name, **options},
            content=file_of(lines),
            headers={**self.headers("programme"), "Content-Type": "text/csv"},
        )
        assert answer.status_code == 202, answer.text
        place = answer.headers["location"]

        async def read() -> Object:
            found: Object = (await self.client.get(place, headers=self.headers("programme"))).json()
            return found

        found = await until(read, lambda found: found["state"] != "reading" and not found.get("stepsLeft"))
        assert found["state"] == "accepted" or refused, found
        return str(found["id"])

    async def hold(self, dialogue: str, day: str, plan: Object, held: Object) -> None:
        """Plan a dialogue and hold it."""
        await self.command("community", "/community/v1/dialogues", {"id": dialogue, "plannedOn": day, **plan})
        await self.command("community", f"/community/v1/dialogues/{dialogue}/held", held)
        self._findings += 1

    async def withdraw(self, dialogue: str) -> None:
        """Take a dialogue back."""
        path = f"/community/v1/dialogues/{dialogue}/withdrawal"
        await self.command("community", path, {"reason": "wrong-data"})
        self._findings += 1

    async def folded(self) -> None:
        """Wait until the monitor has counted every dialogue, which is nowhere public."""

        async def read() -> float:
            text = (await self.client.get(self._operations)).text
            return sum(
                float(line.rsplit(" ", 1)[1])
                for line in text.splitlines()
                if line.startswith("veerkracht_events_projected_total{") and '"figures"' in line
            )

        await until(read, lambda found: found >= self._findings)

    async def told(self, subject: str) -> None:
        """Wait until partners and the newsletter have heard of this, and so of all before it."""

        async def read() -> bool:
            events = await self.client.get("/feeds/v1/events", params={"subject": subject})
            triggers = await self.client.get("/community/v1/newsletter-triggers")
            activities = await self.client.get("/community/v1/activities")
            return bool(events.json()["items"]) and all(subject in one.text for one in (triggers, activities))

        await until(read, bool)


async def until(read: Callable[[], Awaitable[Value]], right: Callable[[Value], bool]) -> Value:
    """Read again until it is right; fails with what was read last."""
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while True:
        value = await read()
        if right(value):
            return value
        assert asyncio.get_running_loop().time() < deadline, value
        await asyncio.sleep(0.02)


def file_of(lines: Iterable[str]) -> bytes:
    """The bytes of a file."""
    return "".join(f"{line}\n" for line in lines).encode()


async def asked(planter: Planter, role: str | None, path: str, body: Object) -> Surface:
    """What a command answers, as something to look at."""
    headers = planter.headers(role) if role else {}
    answer = await planter.client.post(path, json=body, headers=headers)
    name = f"POST {path} {json.dumps(body)}"
    return Surface(name, answer.status_code, dict(answer.headers), answer.content, role)


def _made_up(schemas: Mapping[str, Object], schema: Object) -> object:
    schema = _target(schemas, schema)
    choices = schema.get("enum")
    if isinstance(choices, list):
        return choices[0]
    made: dict[object, object] = {"boolean": True, "integer": 1, "array": [], "object": {}}
    return made.get(schema.get("type"), "Zoals gewoonlijk")


def _target(schemas: Mapping[str, Object], schema: Object) -> Object:
    reference = schema.get("$ref")
    return schemas[reference.rsplit("/", 1)[1]] if isinstance(reference, str) else schema
