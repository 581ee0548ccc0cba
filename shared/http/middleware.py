"""What every request passes, as one ASGI layer: the gate, correlation, security headers, latency."""

import time
from collections.abc import Mapping
from functools import lru_cache

import structlog
from prometheus_client import Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..observability import metrics
from ..observability.tracing import continue_trace, correlation
from ..runtime.settings import Settings
from . import problems
from .protection.gate import Gate, Headers
from .protection.kept import forbid_keeping

_log = structlog.get_logger(__name__)

#: What a measurement may say of the method: a client can invent others.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

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
    """Wraps an app. `scope["state"]` gets `correlation_id`, `traceparent`, `principal`, who asks or None, and `asker`,
    what they count as: a subject or an address."""

    def __init__(self, app: ASGIApp, service: str, settings: Settings) -> None:
        self.app = app
        self.service = service
        self._gate = Gate(settings, service)
        self._always: Headers = list(_HEADERS)
        if settings.hsts_seconds:
            self._always.append((b"strict-transport-security", b"max-age=%d" % settings.hsts_seconds))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers: Mapping[bytes, bytes] = dict(scope["headers"])
        traceparent = continue_trace(headers.get(b"traceparent", b"").decode("latin-1"))
        correlation_id = correlation(headers.get(b"x-correlation-id", b"").decode("latin-1"), traceparent)
        started = time.perf_counter()
        admission = self._gate.admit(scope, headers, started)
        scope.setdefault("state", {}).update(
            correlation_id=correlation_id, traceparent=traceparent, principal=admission.principal, asker=admission.asker
        )
        structlog.contextvars.bind_contextvars(
            service=self.service, correlation_id=correlation_id, trace_id=traceparent.split("-")[1]
        )
        told = [*admission.told, (b"x-correlation-id", correlation_id.encode())]

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                forbid_keeping(message, b"authorization" in headers)
                self._decorate(message, told)
                self._observe(scope, message["status"], time.perf_counter() - started)
            await send(message)

        if admission.refused is not None:
            await problems.answer(scope, self.service, admission.refused)(scope, receive, answer)
            return
        await self.app(scope, receive, answer)

    def _decorate(self, message: Message, told: Headers) -> None:
        headers: list[tuple[bytes, bytes]] = message["headers"]
        given = {name for name, _ in headers}
        headers += [header for header in self._always if header[0] not in given]
        headers += told

    def _observe(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "unmatched")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        _latency(self.service, method, route, status).observe(seconds)
        watched = route.endswith(("/healthz", "/readyz", "/health", "/metrics"))
        say = _log.error if status >= 500 else _log.debug if watched else _log.info
        say(
            "request",
            method=method,
            route=route,
            status=status,
            milliseconds=round(seconds * 1000, 1),
        )


@lru_cache(1024)
def _latency(service: str, method: str, route: str, status: int) -> Histogram:
    return metrics.HTTP_LATENCY.labels(service, method, route, status)
