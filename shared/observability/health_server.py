"""The small HTTP server of a relay or worker: /healthz, /readyz and /metrics, in the same event loop on purpose."""

import contextlib
from collections.abc import Iterator

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..runtime.settings import Settings
from .heartbeat import Problems


class _Server(uvicorn.Server):
    """Leaves signals to the process that hosts it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def install_signal_handlers(self) -> None:
        """Not ours to install."""


def ready(problems: list[str]) -> Response:
    """200 when there are no problems, else 503 with them."""
    return JSONResponse({"ready": not problems, "problems": problems}, status_code=503 if problems else 200)


def healthy(problems: list[str]) -> Response:
    """200 when the service keeps up, else 503 with what is wrong, by the name of each process."""
    return JSONResponse({"healthy": not problems, "problems": problems}, status_code=503 if problems else 200)


def metrics_page() -> Response:
    """The process's metrics in Prometheus text format."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def serve(settings: Settings, problems: Problems) -> None:
    """Answer until cancelled. A hung loop does not answer: that is the point."""

    async def healthz(_: Request) -> Response:
        return JSONResponse({"alive": True})

    async def readyz(_: Request) -> Response:
        return ready(problems())

    async def metrics(_: Request) -> Response:
        return metrics_page()

    app = Starlette(routes=[Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)])
    await _Server(
        uvicorn.Config(
            app,
            host=settings.http_host,
            port=settings.ops_port,
            log_config=None,
            access_log=False,
            lifespan="off",
        )
    ).serve()
