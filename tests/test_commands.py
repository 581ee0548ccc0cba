"""No answer to a command confirms what is not public: each compares what is sent with what anyone may read.

A command answers 201, 200 or 409 by what is there already. Whoever may send it can guess, send and look at the answer:
so what it compares with must be public, or, for who is not outside, what their role may read. See
docs/decisions/0023-disclosure.md.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from shared.contracts import CONTRACTS, PUBLIC_TOPICS
from shared.http.auth import Require

from .compared import COMPARED, WHOLE, event_type
from .conftest import SERVICES


@cache
def _app(service: str) -> FastAPI:
    module = import_module(f"services.{service}.app")
    app: FastAPI = module.create_app(module.SETTINGS())
    return app


def commands(service: str) -> Iterator[str]:
    """Whatever changes something, from the service's OpenAPI document."""
    for path, operations in _app(service).openapi()["paths"].items():
        for method in operations.keys() & {"post", "put", "patch", "delete"}:
            yield path if method == "post" else f"{method} {path}"


def roles(path: str, method: str) -> frozenset[str]:
    """Who may ask; nobody in particular: anyone."""
    (route,) = (
        route
        for route in _app(path.split("/")[1]).routes
        if isinstance(route, APIRoute) and route.path == path and method in (route.methods or ())
    )
    required = [each.call for each in route.dependant.dependencies if isinstance(each.call, Require)]
    return frozenset().union(*(require.roles for require in required))


def members(path: str) -> set[str]:
    """The members of an answer, at every depth."""
    document = _app(path.split("/")[1]).openapi()
    schemas: dict[str, Any] = document["components"]["schemas"]
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]]
    while waiting:
        match waiting.pop():
            case {"$ref": str(ref)} if ref not in seen:
                seen.add(ref)
                waiting.append(schemas[ref.rpartition("/")[2]])
            case dict() as schema:
                found |= schema.get("properties", {}).keys()
                waiting += schema.values()
            case list() as several:
                waiting += several
    return found


def secrets(command: str, compared: Mapping[str, tuple[str, ...]]) -> list[str]:
    """What a command compares with that who may send it cannot read."""
    wrong = []
    for where, names in compared.items():
        if not where.startswith("/"):
            if CONTRACTS[where].topic not in PUBLIC_TOPICS:
                wrong.append(f"{where} is not public")
            continue
        wrong += [f"{where} does not say {name}" for name in names if name not in members(where)]
        readers = roles(where, "GET")
        if readers and not roles(command, "POST") <= readers:
            wrong.append(f"{where} is not for who may send this")
    return wrong


def test_every_command_of_every_service_says_what_it_compares_with() -> None:
    found = [command for service in SERVICES for command in commands(service)]
    assert sorted(found) == sorted(COMPARED)


@pytest.mark.parametrize("command", COMPARED)
def test_a_command_compares_with_what_its_sender_may_read(command: str) -> None:
    assert secrets(command, COMPARED[command]) == []
    assert roles(command, "POST"), "anyone may send it"


def test_only_the_team_that_brings_observations_and_operators_are_answered_by_what_is_not_public() -> None:
    inside = {
        command: role
        for command, compared in COMPARED.items()
        for where in compared
        if where.startswith("/")
        for role in roles(where, "GET")
    }
    assert inside == {
        "/monitor/v1/observations": "programme",
        "/monitor/v1/editions": "programme",
        "/monitor/v1/indicators/{code}/versions/{number}/corrections": "programme",
        "/monitor/v1/indicators/{code}/versions/{number}/withdrawal": "programme",
        "/monitor/v1/methods/{code}/withdrawal": "programme",
        **{f"/monitor/v1/areas/{{code}}/{form}": "programme" for form in ("corrections", "changes", "withdrawal")},
        **{f"/{service}/v1/dead-letters/{{letter}}/replays": "operator" for service in SERVICES},
    }


def test_control_a_secret_that_is_compared_with_is_seen() -> None:
    held = "/community/v1/dialogues/{dialogue}/held"
    assert secrets(held, {"/community/v1/dialogues/{dialogue}": ("status", "groups")}) == [
        "/community/v1/dialogues/{dialogue} does not say groups"
    ]
    assert secrets(held, {event_type("dialogue.findings-recorded"): WHOLE}) == [
        f"{event_type('dialogue.findings-recorded')} is not public"
    ]
    assert secrets(held, {"/monitor/v1/observation-imports/{id}": ("state",)}) == [
        "/monitor/v1/observation-imports/{id} is not for who may send this"
    ]
    assert json.dumps(sorted(members("/community/v1/dialogues/{dialogue}"))).count("scores") == 0
