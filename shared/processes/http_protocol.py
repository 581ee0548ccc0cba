"""One connection of a client: how many there may be, and how long it may keep us waiting.

uvicorn waits for headers, a body and a reader for as long as they take, and takes as many connections as there are.
Here one clock looks at all of them each second: a timer for each would cost every request.
"""

import asyncio
from collections import Counter
from enum import Enum, auto
from http import HTTPStatus

import httptools
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from ..http import problems
from ..http.problems import Problem
from ..http.protection.addresses import Addresses, networks
from ..http.routing.cors import OPEN
from ..observability import metrics
from ..observability.tracing import continue_trace, correlation
from ..runtime.settings import Settings

#: Bytes of the line and headers of a request; what comes with them in one go is not counted apart.
_MOST_HEAD = 65_536
#: Bytes a second that a body comes with at least.
_PACE = 10_000
#: Requests of one connection that wait for the one before them.
_MOST_WAITING = 16
#: A longer address is not taken apart.
_MOST_URL = 65_535
#: Seconds in which a refused client can read why, and how many may be kept for that: they count for nothing.
_LINGERS = 2.0
_MOST_LINGERING = 256
#: Of all connections so many parts in eight are for anyone; the rest is for the proxies and for who asks from here.
_ANYONES_EIGHTHS = 7
_HERE = ("127.0.0.1", "::1")


class Config(uvicorn.Config):
    """uvicorn's, with what holds for each connection. Has `settings`, `addresses`, and how many are `open` for each
    address and `lingering`."""

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
        self.lingering = 0


class _Awaits(Enum):
    """What must come next from the client."""

    HEAD = auto()
    BODY = auto()
    NOTHING = auto()


class _TooManyWait(Exception):
    """More requests came than may wait. Seen by: the parser, which stops. Ends: nothing that came before."""


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
        #: What is being answered: `cycle` is of what came last.
        self._answers: RequestResponseCycle | None = None
        #: Nothing more is read from this client.
        self._deaf = False
        self._lingers_since: float | None = None
        self.url = b""

    # --- as asyncio and the parser call them

    def connection_made(self, transport: object) -> None:
        """Count it, and refuse one too many."""
        super().connection_made(transport)  # type: ignore[arg-type]  # as asyncio has it, not as uvicorn says
        self._await(_Awaits.HEAD)
        peer = self.client[0] if self.client else ""
        counts_as, is_proxy = self.config.addresses.of_peer(peer)
        most = self._settings.connections
        if not (is_proxy or peer in _HERE):
            most = most * _ANYONES_EIGHTHS // 8
        if len(self.connections) - self.config.lingering > most:
            self._refuse("many", 503, "too-many-connections", "Er zijn nu te veel verbindingen. Probeer het zo weer.")
        elif not is_proxy:
            self._peer = counts_as
            self.config.open[counts_as] += 1
            if self.config.open[counts_as] > self._settings.connections_per_address:
                detail = "Er zijn te veel verbindingen vanaf uw adres. Sluit er een paar, of probeer het zo weer."
                self._refuse("many", 429, "too-many-connections", detail)

    def connection_lost(self, exc: Exception | None) -> None:
        """Count it off, and tell whoever answers, also when more requests came behind."""
        self._count_off()
        if self._lingers_since is not None:
            self._lingers_since = None
            self.config.lingering -= 1
        self._leave()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Note that something came, and read it: uvicorn says what it cannot read in English."""
        if self._deaf or self.transport.is_closing():
            return
        if self._awaits is _Awaits.NOTHING:
            # The first of a next request.
            self._await(_Awaits.HEAD)
        self._came += len(data)
        self._last = self.loop.time()
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            # It is answered as if it did not ask: there is nothing else than HTTP here.
            pass
        except httptools.HttpParserError as error:
            self._refuse_unreadable(error)
        if self._awaits is _Awaits.HEAD and self._came > _MOST_HEAD and not self._deaf:
            self._refuse("headers", 431, "headers-too-large", f"De koppen zijn groter dan {_MOST_HEAD} bytes.")

    def on_message_begin(self) -> None:
        """An app may drop the connection without waiting for its reader: ASGI has no word for that."""
        if len(self.pipeline) >= _MOST_WAITING:
            raise _TooManyWait
        super().on_message_begin()
        self.scope["state"]["abort"] = self.transport.abort

    def on_headers_complete(self) -> None:
        """The app begins; the body, if there is one, comes meanwhile."""
        super().on_headers_complete()
        if not self.pipeline:
            self._answers = self.cycle
        self._await(_Awaits.BODY)

    def on_message_complete(self) -> None:
        """All of a request is here."""
        self._awaits = _Awaits.NOTHING
        super().on_message_complete()
        if self.cycle.response_complete and not self.transport.is_closing():
            # Answered before: uvicorn's own clock for the next request stopped when this came.
            self._await(_Awaits.HEAD)

    def on_response_complete(self) -> None:
        """What came first of what waits is next."""
        if self.pipeline:
            self._answers = self.pipeline[-1][0]
        super().on_response_complete()

    def shutdown(self) -> None:
        """The server ends: who was refused has had its answer."""
        if self._lingers_since is not None:
            self.transport.close()
        else:
            super().shutdown()

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
        if self._lingers_since is not None:
            if now - self._lingers_since > _LINGERS:
                self.transport.close()
        elif self._blocked_since is not None and now - self._blocked_since > self._settings.send_seconds:
            self._count("reader")
            self.transport.abort()
        elif self._awaits is _Awaits.HEAD and now - self._since > self._settings.headers_seconds:
            if self._came:
                self._refuse("headers", 408, "too-slow", "De koppen kwamen te langzaam.")
            else:
                self._count("headers")
                self._leave()
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

    def _refuse_unreadable(self, error: httptools.HttpParserError) -> None:
        if self._at_work is not None and (self.cycle is not self._at_work or self._awaits is not _Awaits.BODY):
            # What came before it is answered still; the client sends the rest anew over another connection.
            self._deaf = True
            self._awaits = _Awaits.NOTHING
            self.cycle.keep_alive = False
        elif isinstance(error, httptools.HttpParserInvalidMethodError):
            self._refuse("unreadable", 501, "unknown-method", "Deze methode is hier niet bekend.")
        elif len(self.url) > _MOST_URL:
            self._refuse("unreadable", 414, "address-too-long", f"Het adres is langer dan {_MOST_URL} tekens.")
        else:
            detail = "Dit is geen HTTP dat te lezen is: kijk naar tekens in het adres en de koppen, en naar de lengte."
            self._refuse("unreadable", 400, "no-http", detail)

    def _refuse(self, reason: str, status: int, code: str, detail: str) -> None:
        """Answer by itself, unless it was answered or another is being, and end. The app hears that its client left."""
        self._count(reason)
        self._count_off()
        at_work = self._at_work
        if at_work is not None:
            answers = at_work is self.cycle and not at_work.response_started
        else:
            # The rest of a body whose answer was given before it came.
            answers = self._awaits is not _Awaits.BODY
        is_read = at_work is None or at_work.scope["method"] in ("GET", "HEAD")
        self._leave()
        if not answers or self.config.lingering >= _MOST_LINGERING:
            if answers:
                self.transport.write(_answer(Problem(status, code, detail, headers=_AGAIN), is_read))
            self.transport.close()
            return
        self._lingers_since = self.loop.time()
        self.config.lingering += 1
        self.transport.write(_answer(Problem(status, code, detail, headers=_AGAIN), is_read))
        # Closed with something unread, its reader would lose the answer.
        self.flow.resume_reading()
        self.transport.write_eof()

    @property
    def _at_work(self) -> RequestResponseCycle | None:
        return None if self._answers is None or self._answers.response_complete else self._answers

    def _leave(self) -> None:
        """Read nothing more; what is at work hears that its client left, what waits is not begun."""
        self._deaf = True
        self._unset_keepalive_if_required()
        self.pipeline.clear()
        if (at_work := self._at_work) is not None:
            at_work.disconnected = True
            at_work.waiting_for_100_continue = False
            at_work.message_event.set()

    def _count_off(self) -> None:
        if self._peer:
            self.config.open[self._peer] -= 1
            if not self.config.open[self._peer]:
                del self.config.open[self._peer]
            self._peer = ""

    def _count(self, reason: str) -> None:
        metrics.CONNECTIONS_CLOSED.labels(reason).inc()


_AGAIN = {"Retry-After": "5", "Cache-Control": "no-store", "Connection": "close"}


def _answer(problem: Problem, is_read: bool) -> bytes:
    """As the app would say it."""
    told = problems.response(problem)
    correlation_id = correlation("", continue_trace(""))
    headers = [*told.raw_headers, (b"x-correlation-id", correlation_id.encode()), *(OPEN if is_read else [])]
    head = b"HTTP/1.1 %d %s\r\n" % (problem.status, HTTPStatus(problem.status).phrase.encode())
    return head + b"".join(b"%s: %s\r\n" % header for header in headers) + b"\r\n" + bytes(told.body)
