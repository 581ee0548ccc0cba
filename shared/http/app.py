"""The app of a service: its routes, health, OpenAPI document, static files and pool."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles
from starlette.types import ASGIApp

from ..database import TRANSIENT, Pool, create_pool
from ..observability import health_server
from ..observability.heartbeat import beating
from ..processes import health
from ..runtime.settings import Settings
from ..web import pages
from . import openapi, problems
from .command_route import CommandRoute
from .middleware import RequestMiddleware
from .protection.bodies import Bodies
from .protection.guard import protect
from .request_state import pool_of
from .routing.answers import Answers
from .routing.cors import OpenReads
from .routing.entrance import Entrance
from .routing.kinds import OPERATIONS
from .routing.query import guard

#: More of an app's life than its pool: runs while the app serves.
Extra = Callable[[FastAPI, Pool], AbstractAsyncContextManager[None]]


class _Service(FastAPI):
    def openapi(self) -> dict[str, Any]:
        """The document, made once."""
        if not self.openapi_schema:
            self.openapi_schema = openapi.fit(super().openapi())
        return self.openapi_schema

    def build_middleware_stack(self) -> ASGIApp:
        """Measured is everything, a crash too; what holds of every answer is put around that."""
        open_reads = OpenReads(self.routes)
        self.router.middleware_stack = Entrance(self.router.app, self.routes, open_reads)
        measured = RequestMiddleware(super().build_middleware_stack(), self.state.service, self.state.settings)
        return Answers(measured, open_reads)


@asynccontextmanager
async def _nothing(_: FastAPI, __: Pool) -> AsyncIterator[None]:
    yield


def create_app(
    service: str,
    title: str,
    settings: Settings,
    routers: Sequence[APIRouter],
    extra: Extra = _nothing,
    *,
    reads_first: bool = False,
    more_processes: Sequence[str] = (),
) -> FastAPI:
    """A service's app at its full paths under `/<service>`. `app.state` has `settings`, `service` and `pool`.

    Routes are tried one by one: commands first unless `reads_first`, then in the order of `routers`. `more_processes`
    must be well too for the service to be healthy, beside those that every service has.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        pool = await create_pool(service, settings)
        app.state.pool = pool
        measuring = asyncio.create_task(health.measure(pool, service, settings.stuck_after_seconds, more_processes))
        try:
            async with extra(app, pool), beating(service, "api", settings, lambda: _problems(app)):
                yield
        finally:
            measuring.cancel()
            await asyncio.gather(measuring, return_exceptions=True)
            pool.terminate()

    app = _Service(
        title=title,
        version="1.0.0",
        openapi_url=f"/{service}/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        # The middleware measures and logs; this would look at every request whether it must.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.settings = settings
    app.state.service = service
    app.state.bodies = Bodies(settings.bodies_bytes)
    # What else must be well for the service to be ready: each says what is wrong, or None.
    app.state.checks = []
    problems.install(app)
    routes = [route for router in (*routers, _operations(service, more_processes)) for route in router.routes]
    # Not by include_router: that keeps each router apart and matches its routes twice.
    app.router.routes += sorted(routes, key=lambda route: isinstance(route, CommandRoute) == reads_first)
    for route in app.routes:
        if isinstance(route, APIRoute):
            protect(route)
    guard(app.routes)
    app.mount(f"/{service}/static", StaticFiles(directory=pages.STATIC), name="static")
    return app


def _problems(app: FastAPI) -> list[str]:
    return [problem for check in app.state.checks if (problem := check())]


def _operations(service: str, more_processes: Sequence[str]) -> APIRouter:
    router = APIRouter(prefix=f"/{service}", include_in_schema=False, tags=[OPERATIONS])

    @router.get("/healthz")
    async def healthz() -> JSONResponse:
        return JSONResponse({"alive": True})

    @router.get("/readyz")
    async def readyz(request: Request) -> Response:
        try:
            async with asyncio.timeout(5), pool_of(request).acquire() as connection:
                await connection.fetchval("SELECT count(*) FROM migration")
        except TRANSIENT as error:
            return health_server.ready([f"Postgres: {error!r}"])
        return health_server.ready(_problems(request.app))

    @router.get("/health")
    async def of_the_service(request: Request) -> Response:
        """Of all processes of the service: for alerts and operators. A proxy asks readyz."""
        stuck = request.app.state.settings.stuck_after_seconds
        return health_server.healthy(await health.problems(pool_of(request), service, stuck, more_processes))

    @router.get("/metrics")
    async def metrics() -> Response:
        return health_server.metrics_page()

    return router
