"""Serves an app until TERM or INT; open streams do not hold it up."""

import gc
import socket
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from . import tail
from .settings import Settings


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """What the app is made of lives as long as the process: no collection need look at it again."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Streams end first: their readers resume where they were."""
        tail.close_all()
        super().handle_exit(sig, frame)


def serve(app: ASGIApp, settings: Settings) -> None:
    """Serve at the configured address."""
    _Server(
        uvicorn.Config(
            app,
            host=settings.http_host,
            port=settings.http_port,
            loop="uvloop",
            http="httptools",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=5,
        )
    ).run()
