"""All that an outsider can read, which it lists itself: every GET of every service, every page, every public topic."""

import asyncio
from collections.abc import Iterable, Mapping
from urllib.parse import quote

import httpx2
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, TopicPartition

from shared.contracts import PUBLIC_TOPICS

from .answers import NDJSON, Surface
from .interfaces import SERVICES, Found, Operation, bindings, operations, spread, variations
from .pages import crawl

#: Addresses that no document names.
UNLISTED = (
    *(
        f"/{service}/{name}"
        for service in SERVICES
        for name in ("metrics", "healthz", "readyz", "health", "docs", "redoc")
    ),
    *("/metrics", "/healthz", "/readyz", "/openapi.json", "/docs", "/robots.txt", "/sitemap.xml", "/favicon.ico"),
)
#: What a role may read that others may not.
OWN = {
    "programme": ("/monitor/v1/observation-imports",),
    "operator": tuple(f"/{name}/v1/dead-letters" for name in SERVICES),
}
_AT_ONCE = 8
#: Bases that are asked with every other parameter, and values of each; for a list all are tried.
_BASES, _VALUES, _ALL = 3, 6, 50
#: A stream that is silent for so long has nothing more.
_SILENT = 0.5


class Collector:
    """Asks everything once. `hints` are things that an outsider knows of, by what they are."""

    def __init__(
        self, client: httpx2.AsyncClient, tokens: Mapping[str, str], hints: Mapping[str, Iterable[str]]
    ) -> None:
        self.client, self._tokens = client, tokens
        self.surfaces: dict[tuple[str, str | None], Surface] = {}
        self.found = Found()
        for kind, values in hints.items():
            for value in values:
                self.found.add(kind, value)
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._operations: list[Operation] = []

    async def everything(self, kafka: str) -> list[Surface]:
        """Everything, of everybody."""
        for topic in await asyncio.to_thread(topics, kafka):
            self.surfaces[topic.name, None] = topic
        await self._read_documents()
        # Twice: the first time for what there is to ask with.
        for again in (False, True):
            for operation in sorted(self._operations, key=lambda one: one.path.count("{")):
                await self._ask(operation, again)
        await asyncio.gather(*(self.get(path) for path in UNLISTED))
        await crawl(self.get, self.found)
        for role in self._tokens:
            await self._ask_as(role)
        return list(self.surfaces.values())

    async def get(self, address: str, role: str | None = None) -> Surface:
        """What an address says, asked once."""
        if (address, role) not in self.surfaces:
            headers = {"Authorization": f"Bearer {self._tokens[role]}"} if role else {}
            headers["Accept"] = "text/html" if "/v1/" not in address else "*/*"
            async with self._room:
                answer = await self.client.get(quote(address, safe="/?&=:%|+,~"), headers=headers)
            name = f"GET {address} as {role}" if role else f"GET {address}"
            self.surfaces[address, role] = Surface(name, answer.status_code, dict(answer.headers), answer.content, role)
        return self.surfaces[address, role]

    async def _read_documents(self) -> None:
        for service in SERVICES:
            document = await self.get(f"/{service}/v1/openapi.json")
            assert document.status == 200, document.text
            self._operations += operations(document.objects[0])

    async def _ask(self, operation: Operation, again: bool) -> None:
        if operation.is_stream:
            if again:
                await self._listen(operation)
            return
        bases = bindings(operation, self.found)
        await asyncio.gather(*(self._ask_whole(operation, base) for base in bases))
        if again:
            listed = all(one.inside != "path" for one in operation.parameters if one.required)
            some = bases if listed else spread(_widest_first(bases), _BASES)
            varied = [
                one for base in some for one in variations(operation, self.found, base, _ALL if listed else _VALUES)
            ]
            if operation.path.endswith("/explanation"):
                varied += self._moments(bases)
            await asyncio.gather(*(self._ask_whole(operation, one) for one in varied))

    def _moments(self, bases: list[dict[str, str]]) -> list[dict[str, str]]:
        """Figures at every publication: of every indicator in the widest area and longest period."""
        widest = {(one["code"], one["source"]): one for one in _widest_first(bases)[::-1]}
        return [
            {**base, end: cut} for base in widest.values() for cut in self.found.of("cut") for end in ("from", "to")
        ]

    async def _ask_whole(self, operation: Operation, values: dict[str, str]) -> None:
        """A list until its last page."""
        pages = {one.name for one in operation.parameters}
        cursor = "before" if "before" in pages and "after" not in values else "after"
        if "limit" in pages:
            values = {**values, "limit": "100"}
        while True:
            surface = await self.get(operation.address(values))
            self.found.read(operation.path, surface)
            page = surface.objects[0] if surface.objects and cursor in pages else {}
            following = page.get("next")
            if following is None or page.get("more") is False or str(following) == values.get(cursor):
                return
            values = {**values, cursor: str(following)}

    async def _listen(self, operation: Operation) -> None:
        """What a stream has from the beginning, whole and by each of its filters."""
        base = {"after": "0"}
        for values in (base, *variations(operation, self.found, base, 2)):
            address, lines = operation.address(values), list[str]()
            async with self.client.stream("GET", address, timeout=30) as answer:
                reading = answer.aiter_lines()
                try:
                    while True:
                        lines.append(await asyncio.wait_for(anext(reading), _SILENT))
                except (TimeoutError, StopAsyncIteration):
                    pass
                content = "\n".join(lines).encode()
                self.surfaces[address, None] = Surface(
                    f"GET {address}", answer.status_code, dict(answer.headers), content
                )

    async def _ask_as(self, role: str) -> None:
        """With a token: what answers otherwise than without one, and is not the role's own."""
        asked = [
            operation.address(values)
            for operation in self._operations
            if not operation.is_stream and not operation.path.startswith(OWN.get(role, ("-",)))
            for values in spread(bindings(operation, self.found), 2)
        ]
        await asyncio.gather(*(self.get(address, one) for address in asked for one in (None, role)))
        for address in asked:
            ours, anyones = self.surfaces[address, role], self.surfaces[address, None]
            if ours.status == anyones.status and (ours.content == anyones.content or ours.rows == anyones.rows != []):
                del self.surfaces[address, role]


def topics(servers: str) -> list[Surface]:
    """Every public topic, from its beginning to its end: keys, headers and values."""
    consumer = Consumer({
        "bootstrap.servers": servers,
        "group.id": "an-outsider",
        "enable.auto.commit": False,
        "enable.partition.eof": True,
    })  # fmt: skip
    lines: dict[str, list[bytes]] = {name: [] for name in PUBLIC_TOPICS}
    try:
        known = {name: consumer.list_topics(name, timeout=10).topics[name].partitions for name in PUBLIC_TOPICS}
        left = {(name, number) for name, numbers in known.items() for number in numbers}
        consumer.assign([TopicPartition(name, number, OFFSET_BEGINNING) for name, number in left])
        while left:
            message = consumer.poll(10)
            assert message is not None, f"no end of {left}"
            place = message.topic() or "", message.partition() or 0
            error = message.error()
            if error is not None:
                assert error.code() == KafkaError._PARTITION_EOF, str(error)
                left.discard(place)
                continue
            lines[place[0]].append(message.value() or b"null")
            lines[place[0]].append(_around(message.key(), message.headers()))
    finally:
        consumer.close()
    return [
        Surface(f"topic {name}", 200, {"content-type": NDJSON}, b"\n".join(values)) for name, values in lines.items()
    ]


def _around(key: object, headers: object) -> bytes:
    """What stands around a value, as JSON that says nothing of its own."""
    pairs = headers if isinstance(headers, list) else []
    texts = [_text(key), *(f"{name}: {_text(value)}" for name, value in pairs)]
    return ('{"around": [' + ", ".join(f'"{text}"' for text in texts) + "]}").encode()


def _text(value: object) -> str:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _widest_first(bases: list[dict[str, str]]) -> list[dict[str, str]]:
    """Of figures the longest periods and the largest areas first."""
    return sorted(bases, key=lambda one: (len(one.get("period", "")), not one.get("area", "").startswith("PV")))
