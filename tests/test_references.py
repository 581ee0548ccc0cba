"""What a command names is there: each field of each body is our own word, a text, or held against a register.

It walks the bodies in the OpenAPI documents of all services: a new field that names something is found by itself.
"""

import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack
from functools import cache
from importlib import import_module
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from services.monitor.settings import MonitorSettings
from shared import database

from .conftest import SERVICES, served

Json = dict[str, Any]
NOWHERE = "bestaat-niet"
#: Texts that people read, and values that are bounded by themselves. A text that is an id is named below.
TEXTS = {"name", "text", "unit", "day", "moment", "period"}
#: What a client mints.
OWN = {"id", "code"}

#: Why a field that could name something is not held.
FREE: Mapping[str, str] = {
    "/monitor/v1/indicators owner": "The monitor is told of no organisations: whom it does not know it cannot refuse.",
}

#: What is refused with a word of its own.
_AREA_COMMANDS = ("", "/{code}/corrections", "/{code}/changes")
SAID_AS = {(f"/monitor/v1/areas{command}", "parent", "wrong-parent") for command in _AREA_COMMANDS}

_PATH = "/monitor/v1/impact/"
_GOAL = {"id": "g", "level": "initiative", "question": "effective", "initiative": "slowcare", "title": "t",
         "ambition": "a", "paragraph": "1", "targetMillionths": 1, "due": "2019-01-01",
         "measure": {"indicator": "buurthulp", "source": "survey", "area": "GM0794", "period": "2018"}}  # fmt: skip
_FACT = {"statement": "s", "areas": ["GM0794"], "period": "2016", "source": "b", "paragraph": "1"}
_KEY = {"validFrom": "2017-01-01", "mappings": [{"topic": "ontmoeting", "indicator": "buurthulp"}]}
_REVISION = {"version": 1, "reason": "mistake"}
_OUTCOME = {"id": "o", "initiative": "slowcare", "goal": "doel", "indicator": "buurthulp", "area": "GM0794",
            "lesson": "les", "statement": "s", "counts": "things", "count": 1, "evidence": "e",
            "on": "2019-01-01"}  # fmt: skip
_ASSESSMENT = {"id": "a", "level": "initiative", "question": "effective", "initiative": "slowcare", "statement": "s",
               "verdict": "unknown", "reason": "r", "by": "externe-evaluatie", "on": "2019-01-01",
               "evidence": [{"kind": "indicator", "ref": "buurthulp", "area": "GM0794", "period": "2018"}]}  # fmt: skip

#: A body of each command that names something, the rest of which is right; and where it is sent, if not to its path.
BODIES: Mapping[str, Json] = {
    "/initiatives/v1/initiatives": {
        "id": "i", "title": "t", "challenge": "c", "approach": "a", "learningQuestion": "l", "lines": ["cross-over"],
        "themes": ["verbinding"], "municipalities": ["GM0794"], "regions": ["zob"], "partners": ["pon"],
    },
    "/community/v1/dialogues": {
        "id": "d", "municipality": "GM0794", "neighbourhood": None, "organiser": "pon", "initiative": "slowcare",
        "themes": ["verbinding"], "plannedOn": "2018-01-01",
    },
    "/finance/v1/budget-lines/{line}/commitments": {
        "id": "c", "period": "2017", "amountCents": 1, "recipient": "pon", "initiative": "slowcare",
        "madeOn": "2018-01-01",
    },
    "/monitor/v1/areas": {
        "code": "GM1", "name": "n", "level": "municipality", "parent": "zob", "validFrom": "2018-01-01",
    },
    "/monitor/v1/areas/{code}/corrections": {
        "name": "n", "parent": "zob", "validFrom": "2018-01-01", "validUntil": None, **_REVISION,
    },
    "/monitor/v1/areas/{code}/changes": {
        "name": "m", "parent": "zob", "validUntil": None, "from": "2019-01-01", **_REVISION,
    },
    "/monitor/v1/area-changes/{change}/corrections": {
        "on": "2020-01-01", "kind": "merger", "predecessors": ["GM0001"], "successors": ["GM0794"], **_REVISION,
    },
    "/monitor/v1/area-changes": {
        "id": "w", "on": "2019-01-01", "kind": "merger", "predecessors": ["GM0856"], "successors": ["GM0794"],
    },
    "/monitor/v1/learning-keys": {"version": 1, **_KEY},
    "/monitor/v1/learning-keys/{number}/corrections": {**_KEY, **_REVISION},
    "/monitor/v1/baseline-facts": {"id": "f", **_FACT},
    "/monitor/v1/baseline-facts/{fact}/corrections": {**_FACT, **_REVISION},
    f"{_PATH}goals": _GOAL,
    f"{_PATH}programme-areas": {"area": "GM0794", "validFrom": "2018-01-01", "paragraph": "1"},
    f"{_PATH}instrument-evidence": {
        "id": "e", "instrument": "lening", "statement": "s", "weight": "for", "source": "b", "initiative": "slowcare",
        "on": "2018-01-01",
    },
    f"{_PATH}instrument-decisions": {
        "id": "b", "instrument": "lening", "decision": "deferred", "by": "programma", "on": "2018-01-01",
        "reason": "r",
    },
    "/monitor/v1/outcomes": _OUTCOME,
    "/monitor/v1/assessments": _ASSESSMENT,
}  # fmt: skip

#: What every service is told before.
WORLD: Mapping[str, str] = {
    "initiatives": """INSERT INTO directory VALUES ('municipality', 'GM0794', 'Helmond', 'zob', '2016-01-01', NULL),
        ('region', 'zob', 'Zuidoost', 'PV30', '2016-01-01', NULL), ('organisation', 'pon', 'PON', NULL, NULL, NULL)""",
    "community": """INSERT INTO directory VALUES ('municipality', 'GM0794', 'Helmond', 'zob', '2016-01-01', NULL),
        ('initiative', 'slowcare', 'Slowcare', NULL, NULL, NULL);
        INSERT INTO organisation VALUES ('pon', 'PON', 'knowledge', now())""",
    "finance": """INSERT INTO directory VALUES ('initiative', 'slowcare', 'Slowcare', NULL, NULL, NULL),
        ('organisation', 'pon', 'PON', NULL, NULL, NULL)""",
    "monitor": """INSERT INTO area VALUES ('PV30', 'Brabant', 'province', NULL, '2016-01-01', NULL),
        ('zob', 'Zuidoost', 'region', 'PV30', '2016-01-01', NULL),
        ('GM0794', 'Helmond', 'municipality', 'zob', '2016-01-01', NULL),
        ('GM0001', 'Ergens', 'municipality', 'zob', '2016-01-01', '2020-01-01'),
        ('GM0856', 'Uden', 'municipality', 'zob', '2016-01-01', '2019-01-01');
        INSERT INTO indicator VALUES
            ('buurthulp', 'Buurthulp', 'Help', 'verbinding', 'social', 'score-1-5', 'higher-is-better');
        INSERT INTO initiative VALUES ('slowcare', NULL, 'Slowcare', '{}', '{}', 0);
        INSERT INTO initiative_lesson VALUES ('les', 'slowcare', 'Les', true, true, '2018-01-01')""",
    "feeds": "",
}
#: What has a command of its own to be there first.
FIRST: Mapping[str, Json] = {
    "/finance/v1/budget-lines": {
        "id": "regel", "position": 1, "performance": "ondersteunend", "action": "a",
        "amounts": [{"period": "2017", "amountCents": 100}],
    },
    "/monitor/v1/areas": {
        "code": "GM2", "name": "m", "level": "municipality", "parent": "zob", "validFrom": "2018-01-01",
    },
    "/monitor/v1/area-changes": {
        "id": "fusie", "on": "2020-01-01", "kind": "merger", "predecessors": ["GM0001"], "successors": ["GM0794"],
    },
    "/monitor/v1/learning-keys": {"version": 1, **_KEY},
    "/monitor/v1/baseline-facts": {"id": "feit", **_FACT},
    f"{_PATH}goals": {**_GOAL, "id": "doel"},
    f"{_PATH}instruments": {"id": "lening", "title": "t", "description": "d"},
}  # fmt: skip
THINGS = {"code": "GM2", "change": "fusie", "line": "regel", "number": "1", "fact": "feit"}


@cache
def app_of(service: str) -> FastAPI:
    module = import_module(f"services.{service}.app")
    app: FastAPI = module.create_app(module.SETTINGS())
    return app


def naming(schema: Json, known: Json, place: str = "") -> Iterator[str]:
    """Where a body may name something: its texts that are no word of a list and not for people to read."""
    if "$ref" in schema:
        yield from naming(known[schema["$ref"].rpartition("/")[2]], known, place)
    for option in schema.get("anyOf", ()):
        yield from naming(option, known, place)
    for name, part in schema.get("properties", {}).items():
        yield from naming(part, known, f"{place}/{name}" if place else name)
    if "items" in schema:
        yield from naming(schema["items"], known, f"{place}/0")
    if schema.get("type") == "string" and "enum" not in schema and "const" not in schema:
        kind = schema.get("x-kind", schema.get("format"))
        text = kind in {*TEXTS, "date", "date-time"} or place.lower().endswith("period")
        if place not in OWN and (not text or place.endswith("/ref")):
            yield place


def found(service: str) -> Iterator[tuple[str, str]]:
    """Every field of every body of a service that may name something."""
    document = app_of(service).openapi()
    known = document.get("components", {}).get("schemas", {})
    for path, operations in document["paths"].items():
        body = operations.get("post", {}).get("requestBody", {}).get("content", {}).get("application/json")
        if body is not None:
            for place in naming(body["schema"], known):
                if not {f"{path} {place}", f"{path.partition('/{')[0]} {place}"} & FREE.keys():
                    yield path, place


FIELDS = [field for service in SERVICES for field in found(service)]


def test_every_body_that_names_something_is_tried() -> None:
    assert {path for path, _ in FIELDS} == BODIES.keys()
    assert all(body for body in BODIES.values()) and len(FIELDS) > 25


@pytest.fixture
async def clients(
    settings: MonitorSettings, bearer: Callable[..., dict[str, str]]
) -> AsyncIterator[Mapping[str, httpx2.AsyncClient]]:
    """A client of each service that names something, on what it was told."""
    async with AsyncExitStack() as stack:
        clients = {}
        for service in sorted({path.split("/")[1] for path in BODIES}):
            connection = await database.connect(service, settings)
            await connection.execute(WORLD[service])
            await connection.close()
            module = import_module(f"services.{service}.app")
            clients[service] = await stack.enter_async_context(served(module.create_app(settings)))
            clients[service].headers.update(bearer("programme", "community", "finance"))
        for path, body in FIRST.items():
            answer = await clients[path.split("/")[1]].post(path, json=body)
            assert answer.status_code == 201, answer.text
        yield clients


def with_nowhere(body: Json, place: str) -> Json:
    """The body, naming there what is not."""
    changed: Json = json.loads(json.dumps(body))
    *parents, last = place.split("/")
    part: Any = changed
    for step in parents:
        part = part[int(step) if isinstance(part, list) else step]
    part[int(last) if isinstance(part, list) else last] = NOWHERE
    return changed


async def test_what_is_not_there_is_refused_at_its_field(clients: Mapping[str, httpx2.AsyncClient]) -> None:
    """In one test: a database with all services costs more than the questions."""
    wrong = []
    for path, place in FIELDS:
        client, address = clients[path.split("/")[1]], path.format(**THINGS)
        answer = await client.post(address, json=with_nowhere(BODIES[path], place))
        problem = answer.json()
        code = problem.get("type", "").rpartition(":")[2]
        pointers = [error.get("pointer") for error in problem.get("errors", [])]
        said = code.startswith("unknown-") or (path, place, code) in SAID_AS
        if answer.status_code != 400 or not said or pointers != [f"#/{place}"]:
            wrong.append((path, place, answer.status_code, code, pointers))
    assert wrong == []


async def test_control_the_same_bodies_are_accepted_when_all_that_they_name_is_there(
    clients: Mapping[str, httpx2.AsyncClient],
) -> None:
    for path in {path for path, _ in FIELDS}:
        answer = await clients[path.split("/")[1]].post(path.format(**THINGS), json=BODIES[path])
        accepted = answer.status_code in (200, 201) or "changed-meanwhile" in answer.text
        assert accepted, (path, answer.text)
