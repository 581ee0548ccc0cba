"""Reads every page and API as a browser and as a machine, follows the links they print, and says what is wrong."""

import asyncio
import json
from collections.abc import Coroutine, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx2

from .asked import Known
from .dice import Dice
from .parameters import fill
from .routes import Route

_BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
_AT_ONCE = 4
#: Fields of JSON that are an address when they are text.
_LINKS = ("href", "explanation", "dataschema", "url")
_PROBLEM = ("type", "status", "title", "detail")
#: Where a thing is told of by itself, by its kind. It must be there as soon as it was accepted and folded.
OWN = {
    "areas": ("/monitor/gebieden/{}",),
    "initiatives": ("/initiatieven/{}", "/initiatives/v1/initiatives/{}", "/initiatives/v1/initiatives/{}/history"),
    "dialogues": ("/dialogen/{}", "/community/v1/dialogues/{}"),
    "organisations": ("/community/v1/organisations/{}",),
    "editions": ("/monitor/edities/{}", "/monitor/v1/editions/{}", "/monitor/v1/editions/{}.csv"),
    "goals": ("/monitor/v1/impact/goals/{}",),
    "instruments": ("/monitor/v1/impact/instruments/{}",),
    "budget-lines": ("/finance/v1/budget-lines/{}", "/finance/v1/budget-lines/{}/commitments"),
    "commitments": ("/finance/v1/commitments/{}",),
}


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ("href", "src") and value]


def links_of(answer: httpx2.Response) -> list[str]:
    """What an answer links to within its origin: every link of a page, every field of JSON that has one."""
    kind = answer.headers.get("content-type", "")
    base = str(answer.url)
    found: list[str] = []
    if kind.startswith("text/html"):
        parser = _Links()
        parser.feed(answer.text)
        found = parser.found
    elif kind.startswith("application/json"):
        found = [text for text in _texts(json.loads(answer.content)) if text.startswith(("/", _origin(base) + "/"))]
    near = (urldefrag(urljoin(base, link)).url for link in found)
    return [link.removeprefix(_origin(base)) for link in near if link.startswith(_origin(base) + "/")]


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        # What an event says is its publisher's, and may be any text; its address is ours.
        for name, each in value.items():
            if name in ("href", "explanation", "dataschema", "url", "items", "files", "links") or not isinstance(
                each, str
            ):
                yield from _texts(each)
    elif isinstance(value, Sequence):
        for each in value:
            yield from _texts(each)


def wrong_with(answer: httpx2.Response) -> str | None:
    """What is wrong with an answer whatever was asked; None when nothing is."""
    if answer.status_code >= 500 and not (answer.status_code == 503 and "retry-after" in answer.headers):
        return f"{answer.status_code}: {answer.text[:300]}"
    kind = answer.headers.get("content-type", "")
    if answer.status_code < 400 or kind.startswith("text/html"):
        return None if kind or not answer.content else "no content type"
    if kind != "application/problem+json":
        return f"{answer.status_code} as {kind or 'nothing'}"
    body = json.loads(answer.content)
    if missing := [name for name in _PROBLEM if not body.get(name)]:
        return f"a problem without {', '.join(missing)}"
    return None if body["status"] == answer.status_code else f"a problem of {body['status']} with {answer.status_code}"


@dataclass
class Crawler:
    """Goes round and round; what it has seen linked once it does not follow again, until something new is accepted."""

    client: httpx2.AsyncClient
    tokens: Mapping[str, str]
    dice: Dice
    read: int = 0
    wrong: list[str] = field(default_factory=list)
    #: Links that were printed and not followed yet, with where they stood.
    _waiting: dict[str, str] = field(default_factory=dict)
    _followed: set[str] = field(default_factory=set)

    async def round(self, routes: Sequence[Route], known: Known, times: int, follow: int) -> None:
        """Read every route `times`, what is new at its own address, and `follow` of the links that were found."""
        self._waiting.clear()  # what was withdrawn since may be gone
        asked = [route for route in routes for _ in range(times if route.parameters else 1)]
        await self._all(
            self._filled(route, fill(route, self.dice, known), self.dice.chance(0.9), self.dice.chance(0.1))
            for route in asked
        )
        new = {
            path.format(id_)
            for kind, id_ in known.news
            if id_ in known.ids(kind)
            for path in OWN.get(kind, ())
        }  # fmt: skip
        known.news.clear()
        await self._all(self._there(path, "it was accepted") for path in sorted(new))
        for _ in range(2):  # what is behind a link has links
            chosen = self.dice.some(sorted(self._waiting), follow, least=follow)
            links = [(path, self._waiting.pop(path)) for path in chosen]
            self._followed.update(chosen)
            await self._all(self._there(path, f"{where} links to it") for path, where in links)

    async def _all(self, readings: Iterable[Coroutine[None, None, None]]) -> None:
        gate = asyncio.Semaphore(_AT_ONCE)

        async def one(reading: Coroutine[None, None, None]) -> None:
            async with gate:
                await reading

        async with asyncio.TaskGroup() as group:
            for reading in readings:
                group.create_task(one(reading))

    async def _filled(self, route: Route, path: str, browser: bool, nobody: bool) -> None:
        if route.path.endswith("/stream"):
            await self._opened(path)
            return
        role = "" if nobody else "operator" if "dead-letters" in path else "programme"
        await self._get(path, browser=route.page and browser, role=role)

    async def _there(self, path: str, why: str) -> None:
        if urlsplit(path).path.endswith("/stream"):
            await self._opened(path)
            return
        answer = await self._get(path, browser="/v1/" not in path, role="programme")
        if answer is not None and 400 <= answer.status_code < 500:
            self.wrong.append(f"GET {path}: {answer.status_code}, and {why}")

    async def _get(self, path: str, *, browser: bool, role: str) -> httpx2.Response | None:
        headers = {"Accept": _BROWSER} if browser else {"Accept": "application/json"}
        if role:
            headers["Authorization"] = f"Bearer {self.tokens[role]}"
        try:
            answer = await self.client.get(path, headers=headers)
        except httpx2.HTTPError as error:
            self.wrong.append(f"GET {path}: {error!r}")
            return None
        self.read += 1
        if (why := wrong_with(answer)) is not None:
            self.wrong.append(f"GET {path} ({'page' if browser else 'API'}): {why}")
        elif answer.status_code < 400:
            for link in links_of(answer):
                if link not in self._followed:
                    self._waiting.setdefault(link, path)
        return answer

    async def _opened(self, path: str) -> None:
        async with self.client.stream("GET", path) as answer:
            self.read += 1
            if answer.status_code != 200:
                await answer.aread()
                if (why := wrong_with(answer)) is not None:
                    self.wrong.append(f"GET {path}: {why}")
