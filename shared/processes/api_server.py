"""Serves an app until TERM or INT; open streams do not hold it up."""

import gc
import socket
from types import FrameType

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ..http import log_follower
from ..runtime.settings import Settings

#: New objects before Python looks for cycles among them; its own choice, 700, took a quarter of the time of a stream.
_GARBAGE = 50_000


class _Protocol(HttpToolsProtocol):
    def on_message_begin(self) -> None:
        """An app may drop the connection without waiting for its reader: ASGI has no word for that."""
        super().on_message_begin()
        self.scope["state"]["abort"] = self.transport.abort


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """What the app is made of lives as long as the process: no collection need look at it again."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Streams end first: their readers resume where they were."""
        log_follower.close_all()
        super().handle_exit(sig, frame)


def create_server(app: ASGIApp, settings: Settings) -> uvicorn.Server:
    """A server for the configured address."""
    return _Server(
        uvicorn.Config(
            app,
            host=settings.http_host,
            port=settings.http_port,
            loop="uvloop",
            http=_Protocol,
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=5,
        )
    )


def serve(app: ASGIApp, settings: Settings) -> None:
    """Serve at the configured address."""
    # A thousand open streams are much to look through, and each event makes a thousand wakers that live for a moment.
    gc.set_threshold(_GARBAGE)
    create_server(app, settings).run()
