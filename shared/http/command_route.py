"""Fast path, for the benchmark rows `command` and `command, Idempotency-Key`: a well-formed command goes a short way
through FastAPI. The plain way is `APIRoute`, which what is not well formed goes still."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.types import Message, Receive, Scope, Send

from .auth import Require

Endpoint = Callable[..., Awaitable[Response]]


class CommandRoute(APIRoute):
    """A route that reads a well-formed command by itself: ids, one header and JSON in, a Response out.

    FastAPI's general way of solving parameters and dependencies takes longer than the command. It stays the one that
    describes the route and that says what is wrong: what is not well formed, and every other route, goes that way.
    """

    def __init__(self, path: str, endpoint: Endpoint, **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        caller, body = _caller(self.dependant), _body(self.dependant)
        #: Whether what is well formed does not go FastAPI's general way.
        self.is_short = caller is not None and body is not None
        if caller is not None and body is not None:
            self.app = _Short(self, endpoint, *caller, *body)


class _Short:
    def __init__(
        self, route: APIRoute, endpoint: Endpoint, principal: str, require: Require, body: str, model: type[BaseModel]
    ) -> None:
        self._general = route.app
        self._endpoint = endpoint
        self._request = route.dependant.request_param_name or "request"
        self._principal, self._require = principal, require
        self._body, self._model = body, model
        self._headers = [(field, field.default) for field in route.dependant.header_params]
        self._ids = route.dependant.path_params

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        request = Request(scope, receive, send)
        raw = await request.body()
        values = self._read(request, raw)
        if values is None:
            await self._general(scope, _again(raw, receive), send)
            return
        values[self._principal] = await self._require(request)
        values[self._request] = request
        response = await self._endpoint(**values)
        await response(scope, receive, send)

    def _read(self, request: Request, raw: bytes) -> dict[str, object] | None:
        if request.headers.get("content-type") != "application/json":
            return None
        values: dict[str, object] = {}
        given = [(field, request.path_params[field.alias]) for field in self._ids]
        for field, default in self._headers:
            if (value := request.headers.get(field.alias)) is not None:
                given.append((field, value))
            else:
                values[field.name] = default
        for field, value in given:
            values[field.name], errors = field.validate(value)
            if errors:
                return None
        try:
            values[self._body] = self._model.model_validate_json(raw)
        except ValidationError:
            return None
        return values


def _caller(dependant: Dependant) -> tuple[str, Require] | None:
    match dependant.dependencies:
        case [Dependant(name=str(name), call=Require() as require)]:
            return name, require
        case _:
            return None


def _body(dependant: Dependant) -> tuple[str, type[BaseModel]] | None:
    if dependant.query_params or dependant.cookie_params or len(dependant.body_params) != 1:
        return None
    field = dependant.body_params[0]
    model = field.field_info.annotation
    return (field.name, model) if isinstance(model, type) and issubclass(model, BaseModel) else None


def _again(body: bytes, receive: Receive) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def next_message() -> Message:
        return messages.pop() if messages else await receive()

    return next_message
