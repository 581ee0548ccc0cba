"""HTTP edge of the monitor: translates, never decides."""

from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response

from shared import commands, operations
from shared.auth import Principal, Require
from shared.commands import IdempotencyKey, Recorded
from shared.contracts.vocabulary import AggregateKind, AreaLevel, SourceKind, Theme
from shared.endpoint import CommandRoute
from shared.http import Day, pool_of
from shared.http import create_app as create_service_app
from shared.settings import Settings

from . import differences_api, editions_api, explanation_api, handlers, pages, reading, store, views
from .bodies import AreaBody, AreaChangeBody, BaselineFactBody, IndicatorBody, LearningKeyBody
from .impact import api as impact
from .projections import projections
from .reading import Filters

router = APIRouter(prefix="/monitor/v1", tags=["monitor"], route_class=CommandRoute)
Programme = Annotated[Principal, Depends(Require("programme"))]
Word = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9-]{1,64}$")]


@router.post("/areas", status_code=201, response_model=Recorded)
async def register_area(request: Request, body: AreaBody, principal: Programme, key: IdempotencyKey = None) -> Response:
    """Register an area. 201 when new, 200 when exactly this one is there."""
    return await commands.record(request, principal, key, handlers.register_area, body.event(), one_statement=True)


@router.post("/area-changes", status_code=201, response_model=Recorded)
async def reorganise_areas(
    request: Request, body: AreaChangeBody, principal: Programme, key: IdempotencyKey = None
) -> Response:
    """Add a line to the crosswalk."""
    return await commands.record(request, principal, key, handlers.reorganise_areas, body.event(), one_statement=True)


@router.post("/indicators", status_code=201, response_model=Recorded)
async def register_indicator(
    request: Request, body: IndicatorBody, principal: Programme, key: IdempotencyKey = None
) -> Response:
    """Define an indicator."""
    return await commands.record(request, principal, key, handlers.register_indicator, body.event(), one_statement=True)


@router.post("/learning-keys", status_code=201, response_model=Recorded)
async def publish_learning_key(
    request: Request, body: LearningKeyBody, principal: Programme, key: IdempotencyKey = None
) -> Response:
    """Publish the next version of the learning key."""
    return await commands.record(request, principal, key, handlers.publish_learning_key, body.event())


@router.post("/baseline-facts", status_code=201, response_model=Recorded)
async def record_baseline(
    request: Request, body: BaselineFactBody, principal: Programme, key: IdempotencyKey = None
) -> Response:
    """Record a fact of the baseline."""
    return await commands.record(request, principal, key, handlers.record_baseline, body.event(), one_statement=True)


@router.get("/areas")
async def list_areas(request: Request, level: AreaLevel | None = None, on: Day | None = None) -> list[views.Area]:
    """Areas of a level; `on` gives those that existed on a date."""
    async with pool_of(request).acquire() as connection:
        return [views.Area(**row) for row in await store.list_areas(connection, level, on)]


@router.get("/area-changes")
async def list_area_changes(request: Request) -> list[views.AreaChange]:
    """The dated crosswalk of municipalities."""
    async with pool_of(request).acquire() as connection:
        return [views.AreaChange(**row) for row in await store.list_area_changes(connection)]


@router.get("/indicators")
async def list_indicators(request: Request) -> list[views.Indicator]:
    """All indicators."""
    async with pool_of(request).acquire() as connection:
        return [views.Indicator(**row) for row in await store.list_indicators(connection)]


@router.get("/learning-keys")
async def list_learning_keys(request: Request) -> list[views.LearningKeyView]:
    """All versions of the learning key."""
    async with pool_of(request).acquire() as connection:
        keys = await store.learning_keys(connection)
    return [
        views.LearningKeyView(
            version=key.version,
            valid_from=key.valid_from,
            mapping={topic.value: indicator for topic, (indicator, _) in key.mapping.items()},
        )
        for key in keys
    ]


@router.get("/baseline-facts")
async def list_baseline_facts(request: Request) -> list[views.BaselineFact]:
    """The 2016 baseline."""
    async with pool_of(request).acquire() as connection:
        return [views.BaselineFact(**row) for row in await store.list_baseline_facts(connection)]


@router.get("/aggregates")
async def list_aggregates(
    request: Request,
    kind: AggregateKind | None = None,
    code: Word = None,
    theme: Theme | None = None,
    level: AreaLevel | None = None,
    area: Word = None,
    period: Annotated[str | None, Query(pattern=r"^\d{4}(-(\d{2}|Q[1-4]))?$")] = None,
    source: SourceKind | None = None,
    after: Annotated[str | None, Query(pattern=r"^[A-Za-z0-9.-]{1,200}$")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> views.Aggregates:
    """Public figures, per indicator or theme, area, period and kind of source."""
    filters = Filters(kind, code, theme, level, area, period, source)
    async with pool_of(request).acquire() as connection:
        cells = await reading.list_cells(connection, filters, views.read_cursor(after), limit + 1)
    items = [views.aggregate(cell, tally) for cell, tally in cells[:limit]]
    return views.Aggregates(items=items, next=items[-1].id if len(cells) > limit else None)


def create_app(settings: Settings) -> FastAPI:
    """The service's app."""
    routers = [
        router,
        editions_api.router,
        differences_api.router,
        explanation_api.router,
        impact.router,
        operations.router("monitor", projections(settings)),
        pages.router,
    ]
    return create_service_app("monitor", "Veerkracht: monitor", settings, routers)
