"""What every request passes, as one ASGI layer: size limit, correlation, security headers, latency."""

import time
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

import structlog
from prometheus_client import Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..observability import metrics
from ..observability.tracing import continue_trace, correlation
from .problems import Problem, response

MAX_BODY = 1_048_576

_log = structlog.get_logger(__name__)

#: As ASGI has them, for answers that do not set them otherwise.
_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        b"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"api-version", b"1.0.0"),
]


class RequestMiddleware:
    """Wraps an app. `scope["state"]` gets `correlation_id` and `traceparent`."""

    def __init__(self, app: ASGIApp, service: str, uploads: Collection[tuple[str, str]] = ()) -> None:
        """`uploads` are methods and paths that limit what they read themselves."""
        self.app = app
        self.service = service
        self._uploads = frozenset(uploads)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers: Mapping[bytes, bytes] = dict(scope["headers"])
        traceparent = continue_trace(headers.get(b"traceparent", b"").decode("latin-1"))
        correlation_id = correlation(headers.get(b"x-correlation-id", b"").decode("latin-1"), traceparent)
        scope.setdefault("state", {}).update(correlation_id=correlation_id, traceparent=traceparent)
        structlog.contextvars.bind_contextvars(
            service=self.service, correlation_id=correlation_id, trace_id=traceparent.split("-")[1]
        )
        started = time.perf_counter()

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                _decorate(message, correlation_id)
                self._observe(scope, message["status"], time.perf_counter() - started)
            await send(message)

        if (scope["method"], scope["path"]) in self._uploads:
            await self.app(scope, receive, answer)
            return
        body = await _read_within_limit(headers, receive)
        if body is None:
            detail = f"Het bericht is groter dan {MAX_BODY} bytes. Er is niets opgeslagen."
            await response(Problem(413, "body-too-large", detail))(scope, receive, answer)
            return
        await self.app(scope, _replay(body, receive), answer)

    def _observe(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "unmatched")
        _latency(self.service, scope["method"], route, status).observe(seconds)
        watched = route.endswith(("/healthz", "/readyz", "/metrics"))
        say = _log.error if status >= 500 else _log.debug if watched else _log.info
        say(
            "request",
            method=scope["method"],
            route=route,
            status=status,
            milliseconds=round(seconds * 1000, 1),
        )


@lru_cache(1024)
def _latency(service: str, method: str, route: str, status: int) -> Histogram:
    return metrics.HTTP_LATENCY.labels(service, method, route, status)


def _decorate(message: Message, correlation_id: str) -> None:
    headers: list[tuple[bytes, bytes]] = message["headers"]
    given = {name for name, _ in headers}
    headers += [header for header in _HEADERS if header[0] not in given]
    headers.append((b"x-correlation-id", correlation_id.encode()))


async def _read_within_limit(headers: Mapping[bytes, bytes], receive: Receive) -> list[Message] | None:
    """The whole request body, or None when it is larger than the limit."""
    declared = headers.get(b"content-length", b"")
    if declared.isdigit() and int(declared) > MAX_BODY:
        return None
    messages: list[Message] = []
    size = 0
    while True:
        message = await receive()
        messages.append(message)
        size += len(message.get("body", b""))
        if size > MAX_BODY:
            return None
        if not message.get("more_body", False):
            return messages


def _replay(messages: Iterable[Message], receive: Receive) -> Receive:
    waiting = iter(messages)

    async def next_message() -> Message:
        return next(waiting, None) or await receive()

    return next_message
