"""An id stands for one thing: each command that registers says so beside the field that has the id, and what was
withdrawn stays so. It finds the commands in the OpenAPI documents: a new one is held by being there.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import httpx2
import pytest

from ..conftest import SERVICES
from ..finance.samples import refusal
from ..test_references import BODIES, app_of, clients

__all__ = ["clients"]

Json = dict[str, Any]
_WITHDRAWAL = re.compile(r"(?P<of>.+)/\{\w+\}/withdrawal")
_REVISES = ("/corrections", "/changes", "/withdrawal")

#: What is not registered: its own state tells that it is withdrawn.
PLANNED = {"/community/v1/dialogues"}
#: What names no new thing: a step of one that is there.
STEPS = {"/community/v1/dialogues/{dialogue}/held", "/initiatives/v1/initiatives/{initiative}/phases"}

_INDICATOR = {
    "nameNl": "n", "nameEn": "n", "theme": "verbinding", "resourceFamily": "social", "unit": "score-1-5",
    "direction": "higher-is-better", "measure": "mean",
}  # fmt: skip
#: Of each command: a body, a field of it that may be otherwise, and the field that has the id.
REGISTERS: Mapping[str, tuple[Json, Json, str]] = {
    "/community/v1/organisations": ({"id": "iv", "name": "n", "kind": "social"}, {"name": "m"}, "id"),
    "/monitor/v1/areas": (BODIES["/monitor/v1/areas"], {"name": "m"}, "code"),
    "/monitor/v1/area-changes": (BODIES["/monitor/v1/area-changes"], {"kind": "division"}, "id"),
    "/monitor/v1/baseline-facts": (BODIES["/monitor/v1/baseline-facts"], {"statement": "t"}, "id"),
    "/monitor/v1/methods": ({"code": "panel", "name": "n"}, {"name": "m"}, "code"),
    "/monitor/v1/indicators": ({"code": "nieuw", **_INDICATOR}, {"nameNl": "m"}, "code"),
    "/monitor/v1/indicators/{code}/versions": (
        {"version": 2, "title": "t", "change": "c", "validFrom": "2018-01-01", "comparable": True},
        {"title": "u"},
        "version",
    ),
    "/monitor/v1/learning-keys": (
        {**BODIES["/monitor/v1/learning-keys"], "version": 2},
        {"validFrom": "2018-01-01"},
        "version",
    ),
    "/monitor/v1/impact/programme-areas": (
        BODIES["/monitor/v1/impact/programme-areas"],
        {"validFrom": "2018-01-02"},
        "area",
    ),
}


def _commands() -> Iterator[tuple[str, Json]]:
    """Every command with a body of JSON, and what that has."""
    for service in SERVICES:
        document = app_of(service).openapi()
        for path, operations in document["paths"].items():
            body = operations.get("post", {}).get("requestBody", {}).get("content", {}).get("application/json")
            if body is not None:
                name = body["schema"]["$ref"].rpartition("/")[2]
                yield path, document["components"]["schemas"][name]["properties"]


COMMANDS = dict(_commands())
WITHDRAWN = {found["of"] for path in COMMANDS if (found := _WITHDRAWAL.fullmatch(path))}


def test_every_thing_that_may_be_withdrawn_and_every_body_whose_id_has_another_name_is_tried() -> None:
    otherwise = {path for path, fields in COMMANDS.items() if "id" not in fields and not path.endswith(_REVISES)}
    assert REGISTERS.keys() == (WITHDRAWN - PLANNED) | (otherwise - STEPS)


@pytest.mark.parametrize("path", REGISTERS)
async def test_an_id_is_of_one_thing_and_what_is_withdrawn_stays_so(
    clients: Mapping[str, httpx2.AsyncClient], path: str
) -> None:
    body, other, field = REGISTERS[path]
    client = clients[path.split("/")[1]]
    if path.endswith("/versions"):
        assert (await client.post(path.rpartition("/{")[0], json={"code": "nieuw", **_INDICATOR})).status_code == 201
    address = path.replace("{code}", "nieuw")
    assert [(await client.post(address, json=body)).status_code for _ in range(2)] == [201, 200]
    assert refusal(await client.post(address, json={**body, **other})) == (409, "id-in-use", f"#/{field}")
    if path in WITHDRAWN:
        withdrawal = f"{address}/{body[field]}/withdrawal"
        answer = await client.post(withdrawal, json={"version": 1, "reason": "mistake"})
        assert answer.status_code == 201, answer.text
        for again in (body, {**body, **other}):
            assert refusal(await client.post(address, json=again)) == (409, "withdrawn", f"#/{field}")
