"""Apps asked without a socket or a database, as a server would."""

import asyncio
import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Message

SERVICES = ("initiatives", "monitor", "community", "finance", "feeds")


class OutOfReach:
    """A pool, or what else an app has while it runs, that is not there."""

    def __getattr__(self, name: str) -> object:
        raise OSError(f"out of reach: {name}")


def app_of(service: str, **settings: object) -> FastAPI:
    """A service's app that has not started; its database is out of reach."""
    module = importlib.import_module(f"services.{service}.app")
    app: FastAPI = module.create_app(module.SETTINGS(**settings))
    app.state.pool = app.state.log_follower = app.state.uploads = OutOfReach()
    return app


def routes_of(app: FastAPI) -> Iterable[tuple[str, APIRoute]]:
    """Every method and route."""
    for route in app.routes:
        if isinstance(route, APIRoute):
            for method in sorted(route.methods or ()):
                yield method, route


def path_of(route: APIRoute) -> str:
    """A path that the route answers."""
    path = route.path
    for name in route.param_convertors:
        path = path.replace(f"{{{name}}}", "1").replace(f"{{{name}:path}}", "1")
    return path


@dataclass
class Answer:
    """What was answered, and how much of the body was read first."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    read: int = 0


async def ask(
    app: ASGIApp,
    method: str,
    path: str,
    headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    body: Iterable[bytes] = (),
    client: str = "203.0.113.5",
    leaves: bool = False,
) -> Answer:
    """Ask once. A client that `leaves` does so after the pieces of `body`."""
    answer = Answer()
    answered = asyncio.Event()
    pieces = list(body) or [b""]
    given = headers.items() if isinstance(headers, Mapping) else headers
    path, _, query = path.partition("?")
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in given],
        "client": (client, 4321),
        "server": ("test", 80),
        "state": {},
    }

    async def receive() -> Message:
        if pieces:
            answer.read += 1
            return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces) or leaves}
        if not leaves:
            await answered.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode().lower(): value.decode() for name, value in message["headers"]}
        else:
            answer.body += message.get("body", b"")
            if not message.get("more_body", False):
                answered.set()

    await app(scope, receive, send)
    return answer
