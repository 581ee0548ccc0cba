"""Serves an app until TERM or INT; open streams do not hold it up."""

import asyncio
import gc
import socket
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from ..http import log_follower
from ..runtime.hanging import end_when_hung
from ..runtime.settings import Settings
from .http_protocol import Config, Protocol

#: New objects before Python looks for cycles among them; its own choice, 700, took a quarter of the time of a stream.
_GARBAGE = 50_000
#: uvicorn ticks ten times a second.
_TICKS = 10


class _Server(uvicorn.Server):
    def __init__(self, config: Config, settings: Settings) -> None:
        super().__init__(config)
        self._settings = settings
        self._watched: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """What the app is made of lives as long as the process: no collection need look at it again."""
        await super().startup(sockets)
        self._watched = asyncio.create_task(end_when_hung(self._settings.hung_after_seconds))
        gc.collect()
        gc.freeze()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """It ends in its own time."""
        if self._watched is not None:
            self._watched.cancel()
        await super().shutdown(sockets)

    async def on_tick(self, counter: int) -> bool:
        """Once a second: look at each connection."""
        if counter % _TICKS == 0:
            now = asyncio.get_running_loop().time()
            for connection in list(self.server_state.connections):
                if isinstance(connection, Protocol):
                    connection.look(now)
        return await super().on_tick(counter)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Streams end first: their readers resume where they were."""
        log_follower.close_all()
        super().handle_exit(sig, frame)


def create_server(app: ASGIApp, settings: Settings) -> uvicorn.Server:
    """A server for the configured address."""
    return _Server(Config(app, settings), settings)


def serve(app: ASGIApp, settings: Settings) -> None:
    """Serve at the configured address."""
    # A thousand open streams are much to look through, and each event makes a thousand wakers that live for a moment.
    gc.set_threshold(_GARBAGE)
    create_server(app, settings).run()
