"""Nothing that comes in reaches Postgres with a character it has no text for: each input of each route is tried.

Postgres knows no NUL, and UTF-8 no half of a pair. Both can be sent: in a path or query as %00, in JSON by an escape.
"""

import codecs
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote, urlencode

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from shared.http.auth import ROLES
from shared.http.routing.kinds import is_page
from shared.http.routing.query import known

from .architecture.code import SERVICES
from .architecture.test_kinds import JsonSchema, app_of, inputs

Headers = Callable[..., dict[str, str]]

NUL, HALF = "\0", "\ud800"

#: One of each kind.
SAMPLES: Mapping[str, object] = {
    "id": "a",
    "area-code": "GM0794",
    "code": "a",
    "type-name": "nl.veerkracht.area.registered.v1",
    "token": "area/GM0794",
    "key": "k",
    "cursor": "1",
    "cut": "1",
    "day": "2019-03-01",
    "moment": "2019-03-01T00:00:00Z",
    "period": "2019-03",
    "name": "Een naam",
    "unit": "score-1-5",
    "text": "Een tekst",
    "file-name": "a.csv",
    "amount": "1",
}
#: What pages are asked in Dutch words.
WORDS = {"bron": "ggd", "per": "jaar"}


class NoDatabase:
    """A pool that is out of reach, and notes that it was asked for; so does what else an app keeps beside it."""

    reached = False
    full = True

    def acquire(self) -> AbstractAsyncContextManager[object]:
        self.reached = True
        raise OSError

    async def response(self, *_: object) -> None:
        self.acquire()


class Request(NamedTuple):
    """What is sent."""

    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    body: object


#: Where an input stands, and what it is called.
Place = tuple[str, str]
Leaf = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of a route with one text of its inputs to fill in."""

    route: APIRoute
    #: Something right for each input, and which of them must be there.
    right: Mapping[Place, object]
    needed: Collection[Place]
    place: Place
    #: Where in the body.
    leaf: Leaf = ()

    def __str__(self) -> str:
        return " ".join([self.route.path, *self.place, "/".join(map(str, self.leaf))])

    def request(self, value: object) -> Request:
        """The request with a value there."""
        given = {place: self.right[place] for place in self.needed}
        given[self.place] = put(self.right[self.place], self.leaf, value)
        path = self.route.path
        for (where, alias), part in given.items():
            if where == "path":
                path = path.replace(f"{{{alias}}}", quote(str(part), safe=""))
        return Request(
            path,
            [
                (alias, str(one))
                for (where, alias), part in given.items()
                if where == "query"
                for one in (part if isinstance(part, list) else [part])
            ],
            {alias: str(part) for (where, alias), part in given.items() if where == "header"},
            next((part for (where, _), part in given.items() if where == "body"), None),
        )

    def right_request(self) -> Request:
        """The request with something right there."""
        return self.request(at(self.right[self.place], self.leaf))


def sample(schema: JsonSchema, definitions: JsonSchema, name: str = "") -> object:
    """Something that fits a schema, whole: with what may be left out."""
    match schema:
        case {"enum": [first, *_]} | {"const": first}:
            return WORDS.get(name, first)
        case {"$ref": str(reference)}:
            definition = definitions[reference.rpartition("/")[2]]
            assert isinstance(definition, dict)
            return sample(definition, definitions, name)
        case {"anyOf": [dict(first), *_]}:
            return sample(first, definitions, name)
        case {"type": "boolean"}:
            return True
        case {"type": "integer", "minimum": int(least)}:
            return max(least, 2019) if schema["x-kind"] == "year" else least
        case {"type": "array", "items": dict(items)}:
            return [sample(items, definitions, name)] * int(str(schema.get("minItems") or 1))
        case {"type": "object", "additionalProperties": dict(values)}:
            return {"a": sample(values, definitions)}
        case {"type": "object", "properties": dict(properties)}:
            return {key: sample(part, definitions, key) for key, part in properties.items()}
        case {"x-kind": str(kind)}:
            return SAMPLES[kind]
    raise AssertionError(f"no sample of {schema}")


def leaves(value: object, path: Leaf = ()) -> Iterator[Leaf]:
    """Where the texts of a body stand, and the keys that its sender chooses."""
    match value:
        case dict():
            for key, part in value.items():
                yield from leaves(part, (*path, key))
        case list():
            for n, part in enumerate(value):
                yield from leaves(part, (*path, n))
        case str():
            yield path


def at(value: object, path: Leaf) -> object:
    """What stands in one place."""
    for step in path:
        match value:
            case list():
                value = value[int(step)]
            case dict():
                value = value[step]
    return value


def put(value: object, path: Leaf, new: object) -> object:
    """The same with something else in one place."""
    if not path:
        return new
    first, *rest = path
    if isinstance(value, list):
        return [put(part, tuple(rest), new) if n == first else part for n, part in enumerate(value)]
    assert isinstance(value, dict)
    return {key: put(part, tuple(rest), new) if key == first else part for key, part in value.items()}


def requests_of(route: APIRoute) -> Iterator[Asked]:
    """Each text that a route takes."""
    right: dict[Place, object] = {}
    needed: list[Place] = []
    for where, alias, schema in _flat(route):
        right[where, alias] = sample(schema, _definitions(schema), alias)
        if where in ("path", "body") or "default" not in schema:
            needed.append((where, alias))
    for place, whole in right.items():
        for leaf in leaves(whole):
            yield Asked(route, right, needed, place, leaf)


def _flat(route: APIRoute) -> Iterator[tuple[str, str, JsonSchema]]:
    for place, schema in inputs(route.dependant):
        where, alias = place.split(" ", 1)
        if where == "query" and isinstance(properties := schema.get("properties"), dict):
            for name, part in properties.items():
                yield where, name, {"$defs": schema.get("$defs", {}), "default": None, **part}
        else:
            yield where, alias, schema


def _definitions(schema: JsonSchema) -> JsonSchema:
    found = schema.get("$defs", {})
    assert isinstance(found, dict)
    return found


async def _send(app: FastAPI, route: APIRoute, request: Request, headers: dict[str, str]) -> httpx2.Response:
    body = None if request.body is None else json.dumps(request.body)
    kinds = {"Accept": "application/json" if "/v1/" in request.path else "text/html"}
    if body is not None:
        kinds["Content-Type"] = "application/json"
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.request(
            min(route.methods or ()),
            request.path,
            params=urlencode(request.query),
            content=body,
            headers={**headers, **kinds, **request.headers},
        )


def _is_left_out(asked: Asked, value: str) -> bool:
    """Whether a page goes on without such a value, and says so."""
    where, alias = asked.place
    return where == "query" and is_page(asked.route) and bool(known(asked.route).fields[alias].validate(value)[1])


#: These know few words, and `sample` does not know which.
_OF_A_LIST = {("query", "type"), ("query", "subject")}


@pytest.mark.parametrize("service", SERVICES)
async def test_no_text_that_postgres_does_not_have_reaches_it(
    service: str, keys: tuple[str, str], bearer: Headers
) -> None:
    app, headers = app_of(service), bearer(*ROLES)
    app.state.settings = type(app.state.settings)(jwt_public_key=keys[1])
    wrong = []
    for route in app.routes:
        for asked in requests_of(route) if isinstance(route, APIRoute) else ():
            for hostile in (NUL, f"a{NUL}", *((HALF, f"a{HALF}") if asked.place[0] == "body" else ())):
                database = NoDatabase()
                app.state.pool = app.state.log_follower = app.state.uploads = database
                answer = await _send(app, asked.route, asked.request(hostile), headers)
                refused = answer.status_code in (400, 404) and not database.reached
                if not (refused or _is_left_out(asked, hostile)):
                    wrong.append(f"{asked} {hostile!r}: {answer.status_code}")
            answer = await _send(app, asked.route, asked.right_request(), headers)
            if answer.status_code == 400 and "invalid-input" in answer.text and asked.place not in _OF_A_LIST:
                wrong.append(f"{asked}: something right is refused, so this tries nothing")
    assert wrong == []


ACCEPTED = ("application/json", "application/json; charset=utf-8", "application/JSON;charset=UTF-8")
REFUSED = (
    None,
    "",
    "json",
    "text/plain",
    "text/json",
    "application/xml",
    "application/x-www-form-urlencoded",
    "application/json; charset=latin-1",
    "application/json; charset=utf-16",
    "application/json; charset=onbekend",
)
ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "utf-32")


@pytest.mark.parametrize("service", SERVICES)
async def test_a_body_is_json_in_utf8_and_says_so(service: str, keys: tuple[str, str], bearer: Headers) -> None:
    app, headers = app_of(service), bearer(*ROLES)
    app.state.settings = type(app.state.settings)(jwt_public_key=keys[1])
    app.state.pool = NoDatabase()
    wrong = []
    for route in app.routes:
        if not isinstance(route, APIRoute) or route.body_field is None:
            continue
        asked = next(iter(requests_of(route)))
        request = asked.right_request()
        text = json.dumps(request.body)
        tries = [
            *((kind, text.encode(), False) for kind in ACCEPTED),
            (ACCEPTED[0], codecs.BOM_UTF8 + text.encode(), False),
            *((kind, text.encode(), True) for kind in REFUSED),
            *((ACCEPTED[0], text.encode(encoding), True) for encoding in ENCODINGS),
        ]
        for kind, body, refused in tries:
            said = {} if kind is None else {"Content-Type": kind}
            answer = await _post(app, request.path, body, {**headers, **said})
            if (answer.status_code == 415) is not refused or answer.status_code == 400:
                wrong.append(f"{route.path} {kind} {body[:8]!r}: {answer.status_code}")
            if refused and "JSON in UTF-8" not in answer.text:
                wrong.append(f"{route.path} {kind}: {answer.text}")
    assert wrong == []


async def _post(app: FastAPI, path: str, body: bytes, headers: dict[str, str]) -> httpx2.Response:
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.post(path, content=body, headers=headers)
