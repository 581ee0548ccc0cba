"""One connection of a client: how many there may be, and how long it may keep us waiting.

uvicorn waits for headers, a body and a reader for as long as they take, and takes as many connections as there are.
Here one clock looks at all of them each second: a timer for each would cost every request.
"""

import asyncio
import json
from collections import Counter
from enum import Enum, auto
from http import HTTPStatus

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from ..http.protection.addresses import Addresses, networks
from ..observability import metrics
from ..runtime.settings import Settings

#: Bytes of the line and headers of a request; what comes with them in one go is not counted apart.
_MOST_HEAD = 65_536
#: Bytes a second that a body comes with at least.
_PACE = 10_000


class Config(uvicorn.Config):
    """uvicorn's, with what holds for each connection. Has `settings`, `addresses`, and `open`: how many of each."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        super().__init__(
            app,
            host=settings.http_host,
            port=settings.http_port,
            loop="uvloop",
            http=Protocol,
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            # Whom we believe is a setting of ours.
            proxy_headers=False,
            timeout_keep_alive=settings.keep_alive_seconds,
            timeout_graceful_shutdown=5,
        )
        self.settings = settings
        self.addresses = Addresses(networks(settings.trusted_proxies))
        self.open: Counter[str] = Counter()


class _Awaits(Enum):
    """What must come next from the client."""

    HEAD = auto()
    BODY = auto()
    NOTHING = auto()


class Protocol(HttpToolsProtocol):
    """uvicorn's, within limits."""

    config: Config

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, object],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._settings = config.settings
        self._peer = ""
        self._awaits = _Awaits.HEAD
        #: Since when it is awaited, when something came last, and how many bytes since.
        self._since = self._last = 0.0
        self._came = 0
        self._blocked_since: float | None = None

    # --- as asyncio and the parser call them

    def connection_made(self, transport: object) -> None:
        """Count it, and refuse one too many."""
        super().connection_made(transport)  # type: ignore[arg-type]  # as asyncio has it, not as uvicorn says
        self._await(_Awaits.HEAD)
        peer = self.client[0] if self.client else ""
        if len(self.connections) > self._settings.connections:
            self._refuse("many", 503, "too-many-connections", "Er zijn nu te veel verbindingen. Probeer het zo weer.")
        elif not self.config.addresses.is_proxy(peer):
            self._peer = peer
            self.config.open[peer] += 1
            if self.config.open[peer] > self._settings.connections_per_address:
                detail = "Er zijn te veel verbindingen vanaf uw adres. Sluit er een paar, of probeer het zo weer."
                self._refuse("many", 429, "too-many-connections", detail)

    def connection_lost(self, exc: Exception | None) -> None:
        """Count it off."""
        if self._peer:
            self.config.open[self._peer] -= 1
            if not self.config.open[self._peer]:
                del self.config.open[self._peer]
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Note that something came."""
        if self.transport.is_closing():
            return
        if self._awaits is _Awaits.NOTHING:
            # The first of a next request.
            self._await(_Awaits.HEAD)
        self._came += len(data)
        self._last = self.loop.time()
        super().data_received(data)
        if self._awaits is _Awaits.HEAD and self._came > _MOST_HEAD and not self.transport.is_closing():
            self._refuse("headers", 431, "headers-too-large", f"De koppen zijn groter dan {_MOST_HEAD} bytes.")

    def on_message_begin(self) -> None:
        """An app may drop the connection without waiting for its reader: ASGI has no word for that."""
        super().on_message_begin()
        self.scope["state"]["abort"] = self.transport.abort

    def on_headers_complete(self) -> None:
        """The app begins; the body, if there is one, comes meanwhile."""
        self._await(_Awaits.BODY)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """All of a request is here."""
        self._awaits = _Awaits.NOTHING
        super().on_message_complete()
        if self.cycle.response_complete and not self.transport.is_closing():
            # Answered before: uvicorn's own clock for the next request stopped when this came.
            self._await(_Awaits.HEAD)

    def pause_writing(self) -> None:
        """The reader is behind."""
        self._blocked_since = self.loop.time()
        super().pause_writing()

    def resume_writing(self) -> None:
        """The reader has caught up."""
        self._blocked_since = None
        super().resume_writing()

    # --- once a second

    def look(self, now: float) -> None:
        """End the connection when it keeps us waiting too long."""
        if self.transport.is_closing():
            # It is closed when the reader has taken the rest.
            if self._blocked_since is not None and now - self._blocked_since > self._settings.send_seconds:
                self.transport.abort()
            return
        if self._blocked_since is not None and now - self._blocked_since > self._settings.send_seconds:
            self._count("reader")
            self.transport.abort()
        elif self._awaits is _Awaits.HEAD and now - self._since > self._settings.headers_seconds:
            if self._came:
                self._refuse("headers", 408, "too-slow", "De koppen kwamen te langzaam.")
            else:
                self._count("headers")
                self.transport.close()
        elif self._awaits is _Awaits.BODY:
            self._look_at_body(now)

    def _look_at_body(self, now: float) -> None:
        if self.flow.read_paused:
            # It is we who do not read: that is not the client's delay.
            self._last = now
            return
        patience = self._settings.body_seconds
        if now - self._last > patience or now - self._since > patience + self._came / _PACE:
            detail = "Het bericht kwam te langzaam of bleef steken. Er is niets opgeslagen: stuur het opnieuw."
            self._refuse("body", 408, "too-slow", detail)

    def _await(self, what: _Awaits) -> None:
        self._awaits = what
        self._since = self._last = self.loop.time()
        self._came = 0

    def _refuse(self, reason: str, status: int, code: str, detail: str) -> None:
        """Answer by itself, unless an answer has begun, and close. The app hears that its client left."""
        self._count(reason)
        cycle: RequestResponseCycle | None = self.cycle
        at_work = cycle is not None and not cycle.response_complete
        if cycle is None or not at_work or not cycle.response_started:
            self.transport.write(_answer(status, code, detail))
        if cycle is not None and at_work:
            cycle.disconnected = True
            cycle.message_event.set()
        self.transport.close()

    def _count(self, reason: str) -> None:
        metrics.CONNECTIONS_CLOSED.labels(reason).inc()


def _answer(status: int, code: str, detail: str) -> bytes:
    phrase = HTTPStatus(status).phrase
    said = {"type": f"urn:veerkracht:problem:{code}", "status": status, "title": phrase, "detail": detail}
    body = json.dumps(said, ensure_ascii=False).encode()
    head = (
        f"HTTP/1.1 {status} {phrase}\r\ncontent-type: application/problem+json\r\ncontent-length: {len(body)}\r\n"
        "cache-control: no-store\r\nretry-after: 5\r\nconnection: close\r\n\r\n"
    )
    return head.encode() + body
