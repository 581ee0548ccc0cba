"""The HTTP side that every service shares: app, health, openapi, and the base of request and answer bodies."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticKnownError
from starlette.types import ASGIApp

from . import openapi, ops, problems, web
from .database import TRANSIENT, Pool, create_pool
from .edge import Edge
from .endpoint import CommandRoute, UploadRoute
from .settings import Settings

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _written_as_day(value: object) -> object:
    # Pydantic would take 0 for 1 January 1970.
    if isinstance(value, str) and _DAY.fullmatch(value):
        return value
    raise PydanticKnownError("date_type")


#: A slug or a lowercase UUID.
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
#: One line of text without control characters.
OneLine = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
#: Text with line breaks, without other control characters.
Text = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]+$")]

#: A calendar day as text, `2026-11-24`.
Day = Annotated[date, BeforeValidator(_written_as_day)]

#: More of an app's life than its pool: runs while the app serves.
Extra = Callable[[FastAPI, Pool], AbstractAsyncContextManager[None]]


class Body(BaseModel):
    """A request body: camelCase, strict types, no unknown fields."""

    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=False, validate_by_alias=True, extra="forbid", frozen=True
    )


class View(BaseModel):
    """An answer body: camelCase."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True, frozen=True, from_attributes=True)


class _Service(FastAPI):
    def openapi(self) -> dict[str, Any]:
        """The document, made once."""
        if not self.openapi_schema:
            self.openapi_schema = openapi.fit(super().openapi())
        return self.openapi_schema

    def build_middleware_stack(self) -> ASGIApp:
        """Edge goes outside everything, so that a crash is measured too."""
        uploads = {
            (method, route.path)
            for route in self.routes
            if isinstance(route, UploadRoute)
            for method in route.methods or ()
        }
        return Edge(super().build_middleware_stack(), self.state.service, uploads)


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
) -> FastAPI:
    """A service's app at its full paths under `/<service>`. `app.state` has `settings`, `service` and `pool`.

    Routes are tried one by one: commands first unless `reads_first`, then in the order of `routers`.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        pool = await create_pool(service, settings)
        app.state.pool = pool
        try:
            async with extra(app, pool):
                yield
        finally:
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
        # Edge measures and logs; this would look at every request whether it must.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.settings = settings
    app.state.service = service
    # What else must be well for the service to be ready: each says what is wrong, or None.
    app.state.checks = []
    problems.install(app)
    routes = [route for router in (*routers, _operations(service)) for route in router.routes]
    # Not by include_router: that keeps each router apart and matches its routes twice.
    app.router.routes += sorted(routes, key=lambda route: isinstance(route, CommandRoute) == reads_first)
    app.mount(f"/{service}/static", StaticFiles(directory=web.STATIC), name="static")
    return app


def pool_of(request: Request) -> Pool:
    """The service's pool."""
    pool: Pool = request.app.state.pool
    return pool


def _operations(service: str) -> APIRouter:
    router = APIRouter(prefix=f"/{service}", include_in_schema=False)

    @router.get("/healthz")
    async def healthz() -> JSONResponse:
        return JSONResponse({"alive": True})

    @router.get("/readyz")
    async def readyz(request: Request) -> Response:
        try:
            async with asyncio.timeout(5), pool_of(request).acquire() as connection:
                await connection.fetchval("SELECT count(*) FROM migration")
        except TRANSIENT as error:
            return ops.ready([f"Postgres: {error!r}"])
        return ops.ready([problem for check in request.app.state.checks if (problem := check())])

    @router.get("/metrics")
    async def metrics() -> Response:
        return ops.metrics_page()

    return router
