"""What stands before a route: the token is looked at before the body is read, and the body within limits."""

import json
from collections.abc import Iterator

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..auth import Require
from ..problems import Problem
from ..upload_route import UploadRoute
from .bodies import Bodies

_GUARD = "guard"
_WITHOUT_BODY = {"GET", "HEAD", "OPTIONS"}


def protect(route: APIRoute) -> None:
    """Put a guard before a route, once: a router belongs to its module, and several apps may be made of it."""
    if guard_of(route) is None:
        route.app = vars(route)[_GUARD] = Guard(route, route.app)


def guard_of(route: APIRoute) -> "Guard | None":
    """The guard that stands before a route, perhaps behind others."""
    found: Guard | None = vars(route).get(_GUARD)
    return found


class Guard:
    """Asks for the token, then for a body that can be read, then lets the request through.

    FastAPI reads a body, and says what is wrong with it, before it asks who sent it.
    """

    def __init__(self, route: APIRoute, app: ASGIApp) -> None:
        self.app = app
        self.requires = tuple(_required(route.dependant))
        self.reads = not (route.methods or set()) <= _WITHOUT_BODY and not isinstance(route, UploadRoute)
        self._json = route.body_field is not None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        for require in self.requires:
            await require(Request(scope))
        if not self.reads:
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if self._json:
            _require_json(headers)
        bodies: Bodies = scope["app"].state.bodies
        body = await bodies.read(headers, receive)
        try:
            # Python would read it in what it looks like.
            if self._json and not json.detect_encoding(body).startswith("utf-8"):
                raise _unsupported("Stuur het bericht als JSON in UTF-8: dit is in een andere codering.")
            await self.app(scope, _replay(body, receive), send)
        finally:
            bodies.release(len(body))


def _required(dependant: Dependant) -> Iterator[Require]:
    for inner in dependant.dependencies:
        if isinstance(inner.call, Require):
            yield inner.call
        yield from _required(inner)


def _require_json(headers: dict[bytes, bytes]) -> None:
    """Raise Problem when a body is not JSON in UTF-8, as it is: none is unpacked."""
    given = headers.get(b"content-type", b"")
    if given != b"application/json":
        kind, _, rest = given.decode("latin-1").lower().partition(";")
        charset = rest.partition("charset=")[2].split(";")[0].strip(' "')
        if not (kind.strip() == "application/json" or kind.strip().endswith("+json")) or charset not in ("", "utf-8"):
            raise _unsupported("Stuur het bericht als JSON in UTF-8, met Content-Type: application/json.")
    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise _unsupported("Stuur het bericht zonder Content-Encoding: het wordt niet uitgepakt.")


def _unsupported(detail: str) -> Problem:
    return Problem(415, "unsupported-media-type", detail, headers={"Accept": "application/json"})


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def next_message() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return next_message
