"""Each text of each request, one at a time, replaced by one that no field takes, in a request that is otherwise right.

A fuzzer that makes up all fields at once is refused for the first that is wrong, and seldom comes to the second.
"""

import asyncio
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from urllib.parse import quote, quote_from_bytes, urlencode

import httpx2

from .asked import Asked, Command, Known
from .crawler import wrong_with
from .dice import Dice
from .parameters import fill, values_of
from .routes import Route

#: Those that Postgres, UTF-8 or a log cannot keep are tried everywhere, of the others one for each place.
WORST = ("a\x00b", "\ud800")
OTHERS = (
    "\x85",
    "\N{RIGHT-TO-LEFT OVERRIDE}txt.exe",
    "\N{ZERO WIDTH SPACE}",
    "\N{NO-BREAK SPACE}",
    " ",
    "",
    "x" * 5000,
    "\x1b[31m",
    "\N{RIGHT-TO-LEFT ISOLATE}a",
    "\ufffe",
    "../../../etc/passwd\x00.csv",
)
#: Where a day stands; all of them.
DAYS = ("0001-01-01", "0202-01-01", "1899-12-31", "2200-01-01", "9999-12-31", "2023-02-29", "2026-11-24T00:00:00Z", "0")
_AT_ONCE = 4
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Trial:
    """A request that is no command: with one odd text, or of nobody. What a command takes, it should have refused."""

    method: str
    url: str
    body: bytes | None
    where: str
    role: str
    page: bool = False

    @property
    def name(self) -> str:
        """As a person reads it."""
        return f"{self.method} {self.url[:200]} with {self.where}"


def _quoted(text: str) -> str:
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"), safe="")


def texts_in(value: object, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """The texts in a body with their places; of a list the first and the last."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield from texts_in(each, (*place, str(name)))
    elif isinstance(value, list):
        for number in {0, len(value) - 1} if value else ():
            yield from texts_in(value[number], (*place, number))


def with_text(body: object, place: Place, text: str) -> object:
    """The same body with another text in a place."""
    if not place:
        return text
    changed = deepcopy(body)
    inner = changed
    for part in place[:-1]:
        inner = inner[part]  # type: ignore[index]
    inner[place[-1]] = text  # type: ignore[index]
    return changed


@dataclass
class Texts:
    """Deals out odd texts: the worst always, of the others the next."""

    each: int = 1
    _next: int = field(default=0, init=False)

    def deal(self, right: str = "") -> Iterator[str]:
        """Those for one place, where this is right."""
        yield from WORST
        if _DAY.fullmatch(right):
            yield from DAYS
        for _ in range(min(self.each, len(OTHERS))):
            yield OTHERS[self._next % len(OTHERS)]
            self._next += 1


def trials_of_command(asked: Asked, route: Route, role: str, texts: Texts) -> Iterator[Trial]:
    """Of a command that is right: every text in its body, path and query."""
    query, right = _query(asked), _body(asked)
    for place, right_text in texts_in(asked.body):
        for text in texts.deal(right_text):
            body = json.dumps(with_text(asked.body, place, text)).encode()
            yield Trial("POST", asked.path, body, f"{text[:20]!a} in {'/'.join(map(str, place))}", role)
    for url, where in _in_path(route, asked.path, texts):
        yield Trial("POST", url + query, right, where, role)
    for name in asked.params:
        for text in texts.deal():
            others = urlencode({key: value for key, value in asked.params.items() if key != name})
            url = f"{asked.path}?{name}={_quoted(text)}&{others}"
            yield Trial("POST", url, right, f"{text[:20]!a} in {name}", role)


def of_others(asked: Asked, role: str, roles: Iterable[str]) -> Iterator[Trial]:
    """A command that is right, of nobody and of each role that it is not for."""
    for other in ("", *(one for one in roles if one != role)):
        yield Trial("POST", asked.path + _query(asked), _body(asked), f"role {other or 'none'}", other)


def readings_of(route: Route, dice: Dice, known: Known, roles: Iterable[str]) -> Iterator[Trial]:
    """What can be read, by nobody and by each role."""
    for role in ("", *roles):
        yield Trial("GET", fill(route, dice, known), None, f"role {role or 'none'}", role, route.page)


def _query(asked: Asked) -> str:
    return f"?{urlencode(asked.params)}" if asked.params else ""


def _body(asked: Asked) -> bytes:
    return json.dumps(asked.body).encode() if asked.content is None else asked.content


def _in_path(route: Route, path: str, texts: Texts) -> Iterator[tuple[str, str]]:
    """A path with an odd text for each of its parameters in turn."""
    shape, parts = route.path.split("/"), path.split("/")
    for number, name in enumerate(shape):
        if "{" in name:
            for text in texts.deal():
                changed = name[: name.index("{")] + (_quoted(text) or "%20") + name[name.index("}") + 1 :]
                yield "/".join((*parts[:number], changed, *parts[number + 1 :])), f"{text[:20]!a} in {name}"


def trials_of_reading(route: Route, dice: Dice, known: Known, role: str, texts: Texts) -> Iterator[Trial]:
    """Of what is read: every parameter of its path and query, beside those that must be there."""
    given = {one.name: _right(route, one.name, dice, known) for one in route.parameters}
    path = route.path
    for one in route.parameters:
        if one.where == "path":
            path = path.replace(f"{{{one.name}}}", quote(given[one.name], safe=""))
    needed = {one.name: given[one.name] for one in route.parameters if one.where == "query" and one.required}
    query = f"?{urlencode(needed)}" if needed else ""
    for url, where in _in_path(route, path, texts):
        yield Trial("GET", url + query, None, where, role, route.page)
    for one in route.parameters:
        if one.where == "query":
            values = (values_of(route, one) or _nothing)(known)
            for text in texts.deal(next((str(value) for value in values if _DAY.fullmatch(str(value))), "")):
                others = urlencode({name: value for name, value in needed.items() if name != one.name})
                url = f"{path}?{one.name}={_quoted(text)}&{others}".rstrip("&")
                yield Trial("GET", url, None, f"{text[:20]!a} in {one.name}", role, route.page)


def _nothing(_: Known) -> Sequence[object]:
    return ()


def _right(route: Route, name: str, dice: Dice, known: Known) -> str:
    (parameter,) = [one for one in route.parameters if one.name == name]
    find = values_of(route, parameter)
    values = [str(value) for value in (find(known) if find else ()) if str(value)]
    return dice.one(values) if values else "x"


@dataclass
class Sweep:
    """Sends trials, and keeps what is wrong with the answers."""

    client: httpx2.AsyncClient
    token: Callable[[str], str]
    sent: int = 0
    wrong: list[str] = field(default_factory=list)

    async def send(self, trials: list[Trial]) -> None:
        """Send all of these, some at once."""
        left = iter(trials)

        async def some() -> None:
            for trial in left:
                await self._one(trial)

        async with asyncio.TaskGroup() as group:
            for _ in range(_AT_ONCE):
                group.create_task(some())

    async def _one(self, trial: Trial) -> None:
        headers = {"Authorization": f"Bearer {self.token(trial.role)}"} if trial.role else {}
        if trial.page:
            headers["Accept"] = "text/html"
        if trial.body is not None:
            headers["Content-Type"] = "application/json" if trial.body[:1] in b"{[" else "text/csv"
        try:
            answer = await self.client.request(trial.method, trial.url, content=trial.body, headers=headers)
        except httpx2.HTTPError as error:
            self.wrong.append(f"{trial.name}: {error!r}")
            return
        self.sent += 1
        if (why := wrong_with(answer)) is not None:
            self.wrong.append(f"{trial.name}: {why}")
        elif trial.method == "POST" and answer.is_success:
            self.wrong.append(f"{trial.name}: accepted with {answer.status_code}")
        elif not trial.role and trial.method == "POST" and answer.status_code != 401:
            self.wrong.append(f"{trial.name}: {answer.status_code} to nobody")


def command_of(command: Command, dice: Dice, known: Known) -> Asked | None:
    """One that is right, of a few the one with the most texts; None when there is nothing yet to do it to."""
    made = [asked for asked in (command.generate(dice, known) for _ in range(8)) if asked]
    return max(made, key=lambda asked: len(list(texts_in(asked.body))), default=None)
