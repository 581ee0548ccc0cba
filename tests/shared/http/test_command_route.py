"""Commands take the short way through FastAPI, and are as strict as on the general one."""

import codecs
import importlib
from collections.abc import Callable
from typing import Annotated

import httpx2
import pytest
from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute, APIRouter

from shared.http import problems
from shared.http.auth import Principal, Require
from shared.http.bodies import Body
from shared.http.command_route import CommandRoute
from shared.http.fields import Id
from shared.http.idempotency import IdempotencyKey
from shared.runtime.settings import Settings

Headers = Callable[..., dict[str, str]]
SERVICES = ("community", "finance", "initiatives", "monitor")


@pytest.mark.parametrize("service", SERVICES)
def test_every_command_with_a_body_takes_the_short_way(service: str) -> None:
    module = importlib.import_module(f"services.{service}.app")
    app = module.create_app(module.SETTINGS())
    routes = [route for route in app.routes if isinstance(route, APIRoute) and route.body_field is not None]
    assert routes
    assert [route.path for route in routes if not (isinstance(route, CommandRoute) and route.is_short)] == []


class Box(Body):
    """A body."""

    size: int
    names: list[Id] = []


def app(route_class: type[APIRoute]) -> FastAPI:
    router = APIRouter(route_class=route_class)

    @router.post("/v1/boxes/{box}")
    async def put(
        request: Request,
        box: Id,
        body: Box,
        principal: Annotated[Principal, Depends(Require("editor"))],
        key: IdempotencyKey = None,
    ) -> Response:
        said = {"at": request.url.path, "box": box, "body": body.model_dump(), "by": principal.subject, "key": key}
        return JSONResponse(said, 201)

    made = FastAPI(telemetry={"tracing": False, "metrics": False, "logs": False})
    problems.install(made)
    made.router.routes += router.routes
    return made


GOOD = b'{"size": 3, "names": ["a-1"]}'


@pytest.mark.twin_of("shared.http.command_route")
@pytest.mark.parametrize(
    ("box", "body", "headers"),
    [
        ("a", GOOD, {}),
        ("a", GOOD, {"Idempotency-Key": "k"}),
        ("a", GOOD, {"Idempotency-Key": "k k"}),
        ("a", GOOD, {"Content-Type": "application/json; charset=utf-8"}),
        ("a", GOOD, {"Content-Type": "text/plain"}),
        ("a", GOOD, {"Authorization": "Bearer x"}),
        ("A", GOOD, {}),
        ("a", b"", {}),
        ("a", b"[]", {}),
        ("a", b"{", {"Authorization": "Bearer x"}),
        ("a", b'{"size": 3.0}', {}),
        ("a", b'{"size": "3"}', {}),
        ("a", b'{"size": 3.5}', {}),
        ("a", b'{"size": NaN}', {}),
        ("a", b'{"size": 1, "size": 2}', {}),
        ("a", b'{"size": 1, "colour": "red"}', {}),
        ("a", b'{"size": 1, "names": ["\\ud800"]}', {}),
        ("a", b'{"size": 1, "names": ["\xff"]}', {}),
        ("a", b'{"size": %d}' % 10**40, {}),
        ("a", codecs.BOM_UTF8 + GOOD, {}),
        ("a", b"[" * 100_000, {}),
        ("a", b'{"size": 1%s}' % (b"0" * 5000), {}),
        ("a", b'{"size": 1e400}', {}),
        ("a", b'{"size": 1, "\\ud800": 2}', {}),
        ("a", b'{"size": 1, "names": ["\xed\xa0\x80"]}', {}),
        ("a", b'{"size": 1, "names": ["a\\u0000"]}', {}),
    ],
)
async def test_the_short_way_answers_as_the_general_one(
    keys: tuple[str, str], bearer: Headers, box: str, body: bytes, headers: dict[str, str]
) -> None:
    answers = []
    for route_class in (CommandRoute, APIRoute):
        made = app(route_class)
        made.state.settings = Settings(jwt_public_key=keys[1])
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=made), base_url="http://test") as client:
            answer = await client.post(
                f"/v1/boxes/{box}",
                content=body,
                headers={"Content-Type": "application/json", **bearer("editor"), **headers},
            )
        answers.append((answer.status_code, answer.headers["content-type"], answer.json()))
    assert answers[0] == answers[1]
