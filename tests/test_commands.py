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

from .conftest import SERVICES

#: All of an event that was said under the same id.
WHOLE = ("*",)
_NAMES_OF = "/{service}/v1/directory/{{kind}}"
_INITIATIVE = "/initiatives/v1/initiatives/{initiative}"
_INSTRUMENT = "/monitor/v1/impact/instruments/{instrument}"
_LINE = "/finance/v1/budget-lines/{line}"


def _event(name: str) -> str:
    return f"nl.veerkracht.{name}.v1"


def _names(service: str) -> Mapping[str, tuple[str, ...]]:
    """Whether what is named is there."""
    return {_NAMES_OF.format(service=service): ("id",)}


_AREA = ("code", "name", "level", "parent", "validFrom", "validUntil")
_CROSSWALK = {"/monitor/v1/area-changes": ("id", "changedOn", "kind", "predecessors", "successors")}
#: Everything that was said of it.
_VERSIONS = ("version", "type", "data")
_ORGANISATION = {"/community/v1/organisations/{organisation}/history": _VERSIONS}


def _register(things: str) -> Mapping[str, tuple[str, ...]]:
    """Everything that was said of a thing in a register of the monitor."""
    return {f"/monitor/v1/{things}/history": _VERSIONS}


_USES = {
    "/monitor/v1/learning-keys": ("mapping",),
    "/monitor/v1/impact/goals": ("indicator",),
    "/monitor/v1/outcomes": ("indicator",),
    "/monitor/v1/assessments": ("ref",),
    _event("observations.imported"): ("indicators",),
    "/monitor/v1/aggregates": ("code",),
}
#: Rows that were brought, public or not.
_ROWS = {"/monitor/v1/observation-imports/{id}": ("unchanged", "waiting")}
_REGISTERS = {
    "/monitor/v1/areas": _AREA,
    "/monitor/v1/areas/{code}/history": _VERSIONS,
    "/monitor/v1/area-changes/{change}/history": _VERSIONS,
    **_CROSSWALK,
}
#: Whether anything was counted in a place: of what is too small for a figure, that a dialogue was held or a file is in.
_COUNTED = {
    _event("dialogue.held"): ("municipality", "heldOn"),
    "/monitor/v1/observation-imports/{id}": ("stored", "waiting"),
}
_NAMED = {
    "/monitor/v1/impact/goals/{goal}": ("id", "area"),
    "/monitor/v1/impact/programme-areas": ("area",),
    "/monitor/v1/outcomes": ("id", "area"),
    "/monitor/v1/assessments": ("id", "area"),
    "/monitor/v1/baseline-facts": ("id", "areas"),
    "/monitor/v1/quality-findings": ("id", "area"),
}

#: What each command compares with: an event or the address of an answer that says it, and which of its members.
COMPARED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "/community/v1/organisations": {_event("organisation.registered"): WHOLE},
    "/community/v1/organisations/{organisation}/corrections": _ORGANISATION,
    "/community/v1/organisations/{organisation}/changes": _ORGANISATION,
    "/community/v1/organisations/{organisation}/withdrawal": {
        **_ORGANISATION,
        "/community/v1/dialogues": ("organiser", "status"),
    },
    "/community/v1/dialogues": {
        _event("dialogue.planned"): WHOLE,
        "/community/v1/organisations": ("id", "withdrawn"),
        **_names("community"),
    },
    # Not with what was recorded the first time: participants, scores and actions may be of few people.
    "/community/v1/dialogues/{dialogue}/held": {"/community/v1/dialogues/{dialogue}": ("id", "status", "plannedOn")},
    "/community/v1/dialogues/{dialogue}/withdrawal": {"/community/v1/dialogues/{dialogue}": ("id", "status")},
    "/finance/v1/budget-lines": {_event("budget-line.adopted"): WHOLE},
    "/finance/v1/capacity-shares": {
        _event("capacity-share.stated"): WHOLE,
        "/finance/v1/budget-lines": ("performance", "period", "amountCents"),
        "/finance/v1/capacity-shares": ("performance", "period", "amountCents"),
    },
    "/finance/v1/budget-lines/{line}/commitments": {
        "/finance/v1/commitments/{commitment}": (
            "id",
            "line",
            "period",
            "amountCents",
            "recipient",
            "initiative",
            "madeOn",
        ),
        _LINE: ("id", "period", "availableCents"),
        **_names("finance"),
    },
    "/finance/v1/commitments/{commitment}/disbursements": {
        "/finance/v1/commitments/{commitment}": (
            "id",
            "madeOn",
            "remainingCents",
            "disbursements",
            "commitment",
            "amountCents",
            "paidOn",
        )
    },
    "/finance/v1/findings": {_event("budget-finding.published"): WHOLE},
    "/initiatives/v1/initiatives": {_event("initiative.registered"): WHOLE, **_names("initiatives")},
    "/initiatives/v1/initiatives/{initiative}/phases": {_INITIATIVE: ("id", "phase", "phaseOn")},
    "/initiatives/v1/initiatives/{initiative}/lessons": {
        _INITIATIVE: ("id", "phase", "phaseOn"),
        f"{_INITIATIVE}/history": ("lessons", "id", "title", "worked", "transferable", "drawnOn"),
    },
    "/monitor/v1/areas": {_event("area.registered"): WHOLE, **_REGISTERS},
    "/monitor/v1/areas/{code}/corrections": {**_REGISTERS, **_COUNTED},
    "/monitor/v1/areas/{code}/changes": {**_REGISTERS, **_COUNTED},
    "/monitor/v1/areas/{code}/withdrawal": {**_REGISTERS, **_COUNTED, **_NAMED},
    "/monitor/v1/area-changes": {_event("area.reorganised"): WHOLE, **_REGISTERS},
    "/monitor/v1/area-changes/{change}/corrections": _REGISTERS,
    "/monitor/v1/area-changes/{change}/withdrawal": _REGISTERS,
    "/monitor/v1/indicators": {_event("indicator.registered"): WHOLE},
    "/monitor/v1/indicators/{code}/versions": {
        _event("indicator.version-published"): WHOLE,
        "/monitor/v1/indicators": ("code", "versions", "version", "validFrom"),
    },
    "/monitor/v1/indicators/{code}/corrections": {**_register("indicators/{code}"), **_USES},
    "/monitor/v1/indicators/{code}/changes": _register("indicators/{code}"),
    "/monitor/v1/indicators/{code}/withdrawal": {**_register("indicators/{code}"), **_USES},
    "/monitor/v1/indicators/{code}/versions/{number}/corrections": {
        **_register("indicators/{code}/versions/{number}"),
        "/monitor/v1/indicators": ("versions", "version", "validFrom"),
        **_ROWS,
    },
    "/monitor/v1/indicators/{code}/versions/{number}/withdrawal": {
        **_register("indicators/{code}/versions/{number}"),
        "/monitor/v1/indicators": ("versions", "version"),
        **_ROWS,
    },
    "/monitor/v1/methods/{code}/corrections": _register("methods/{code}"),
    "/monitor/v1/methods/{code}/withdrawal": {**_register("methods/{code}"), **_ROWS},
    "/monitor/v1/learning-keys/{number}/corrections": {
        **_register("learning-keys/{number}"),
        "/monitor/v1/indicators": ("code", "measure", "unit"),
    },
    "/monitor/v1/learning-keys/{number}/withdrawal": {
        **_register("learning-keys/{number}"),
        "/monitor/v1/learning-keys": ("version",),
    },
    "/monitor/v1/baseline-facts/{fact}/corrections": {
        **_register("baseline-facts/{fact}"),
        "/monitor/v1/areas": ("code",),
    },
    "/monitor/v1/baseline-facts/{fact}/withdrawal": _register("baseline-facts/{fact}"),
    "/monitor/v1/methods": {_event("method.registered"): WHOLE},
    "/monitor/v1/learning-keys": {
        _event("learning-key.published"): WHOLE,
        "/monitor/v1/learning-keys": ("version", "validFrom"),
        "/monitor/v1/indicators": ("code", "measure"),
    },
    "/monitor/v1/baseline-facts": {_event("baseline.recorded"): WHOLE, "/monitor/v1/areas": ("code",)},
    # A file is compared with files and rows that were brought before, public or not: for who brings them, and is not
    # outside.
    "/monitor/v1/observations": {"/monitor/v1/observation-imports/{id}": ("sha256", "unchanged", "waiting")},
    "/monitor/v1/editions": {
        "/monitor/v1/editions": ("id", "title", "publication"),
        # Not while a file is half public.
        "/monitor/v1/observation-imports": ("fileName", "stepsLeft"),
    },
    "/monitor/v1/impact/goals": {
        "/monitor/v1/impact/goals/{goal}": (
            "id",
            "level",
            "question",
            "initiative",
            "title",
            "ambition",
            "paragraph",
            "counts",
            "indicator",
            "source",
            "area",
            "period",
            "baseline",
            "baselinePeriod",
            "basis",
            "target",
            "direction",
            "due",
        )
    },
    "/monitor/v1/impact/programme-areas": {
        "/monitor/v1/impact/programme-areas": ("area", "validFrom", "validUntil", "paragraph")
    },
    "/monitor/v1/outcomes": {
        "/monitor/v1/outcomes": (
            "id",
            "initiative",
            "goal",
            "indicator",
            "area",
            "lesson",
            "statement",
            "counts",
            "count",
            "evidence",
            "achievedOn",
        )
    },
    "/monitor/v1/assessments": {
        "/monitor/v1/assessments": (
            "id",
            "level",
            "question",
            "initiative",
            "statement",
            "verdict",
            "reason",
            "assessedBy",
            "assessedOn",
            "evidence",
            "kind",
            "ref",
            "area",
            "period",
            "note",
        ),
        "/monitor/v1/outcomes": ("id",),
        "/monitor/v1/impact/goals": ("id",),
    },
    "/monitor/v1/impact/instruments": {"/monitor/v1/impact/instruments": ("id", "title", "description", "paragraph")},
    "/monitor/v1/impact/instrument-evidence": {
        _INSTRUMENT: ("evidenceItems", "id", "statement", "weight", "source", "initiative", "notedOn")
    },
    "/monitor/v1/impact/instrument-decisions": {
        _INSTRUMENT: ("decisions", "id", "decision", "decidedBy", "decidedOn", "reason", "evidence")
    },
    **{
        f"/{service}/v1/dead-letters/{{letter}}/replays": {f"/{service}/v1/dead-letters": ("id", "replayedAt")}
        for service in SERVICES
    },
}


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
    assert secrets(held, {_event("dialogue.findings-recorded"): WHOLE}) == [
        f"{_event('dialogue.findings-recorded')} is not public"
    ]
    assert secrets(held, {"/monitor/v1/observation-imports/{id}": ("state",)}) == [
        "/monitor/v1/observation-imports/{id} is not for who may send this"
    ]
    assert json.dumps(sorted(members("/community/v1/dialogues/{dialogue}"))).count("scores") == 0
