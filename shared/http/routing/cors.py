"""Which answers a page of another origin may read: those that everybody may read without signing in.

That is every GET below `/<service>/v<n>/` that asks for no role, with its errors, its 304 and its preflight. No answer
allows credentials, no preflight allows `Authorization`, and no command is allowed at all.
"""

from collections.abc import Iterable

from starlette.routing import BaseRoute

from .api_paths import is_api
from .kinds import is_guarded, methods_of

_READS = ("GET", "HEAD")
_EXPOSED = (
    "API-Version, ETag, Link, Location, RateLimit, RateLimit-Policy, Repr-Digest, Retry-After, WWW-Authenticate, "
    "X-Correlation-Id"
)
_ACCEPTED = "Accept, Cache-Control, If-None-Match, Last-Event-ID, traceparent, X-Correlation-Id"

#: As ASGI has them, on every answer that is open.
OPEN = [(b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", _EXPOSED.encode())]
#: On the answer to a preflight.
PREFLIGHT = {
    "Access-Control-Allow-Methods": ", ".join(_READS),
    "Access-Control-Allow-Headers": _ACCEPTED,
    "Access-Control-Max-Age": "86400",
}


class OpenReads:
    """Knows which requests read what is open."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self._guarded = frozenset(
            getattr(route, "path", "") for route in routes if is_guarded(route) and "GET" in methods_of(route)
        )

    def has(self, method: str, path: str, route: BaseRoute | None) -> bool:
        """Whether this request reads what is open; `route` is what answers it, None when nothing does."""
        return method in _READS and is_api(path) and getattr(route, "path", "") not in self._guarded
