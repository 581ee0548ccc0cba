"""HTTP edge of the monitor: translates, never decides."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from shared.contracts.vocabulary import AreaLevel
from shared.database import Connection
from shared.http import commands
from shared.http.auth import Principal, Require
from shared.http.command_route import CommandRoute
from shared.http.commands import Done, Recorded
from shared.http.fields import Day, Id
from shared.http.idempotency import IdempotencyKey
from shared.http.request_state import pool_of
from shared.outbox.cause import Cause

from . import handlers, store, views
from .bodies import (
    AreaBody,
    AreaChangeBody,
    BaselineFactBody,
    IndicatorBody,
    IndicatorVersionBody,
    LearningKeyBody,
)
from .telling import thresholds_of

router = APIRouter(prefix="/monitor/v1", tags=["monitor"], route_class=CommandRoute)
ProgrammeTeam = Annotated[Principal, Depends(Require("programme"))]


@router.post("/areas", status_code=201, response_model=Recorded)
async def register_area(
    request: Request, body: AreaBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """Register an area. 201 when new, 200 when exactly this one is there."""
    return await commands.record(request, principal, key, handlers.register_area, body.event(), one_statement=True)


@router.post("/area-changes", status_code=201, response_model=Recorded)
async def reorganise_areas(
    request: Request, body: AreaChangeBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """Add a line to the crosswalk."""
    return await commands.record(request, principal, key, handlers.reorganise_areas, body.event(), one_statement=True)


@router.post("/indicators", status_code=201, response_model=Recorded)
async def register_indicator(
    request: Request, body: IndicatorBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """Define an indicator."""
    return await commands.record(request, principal, key, handlers.register_indicator, body.event(), one_statement=True)


@router.post("/indicators/{code}/versions", status_code=201, response_model=Recorded)
async def publish_indicator_version(
    request: Request, code: Id, body: IndicatorVersionBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """Publish the next version of an indicator."""
    return await commands.record(request, principal, key, handlers.publish_indicator_version, body.event(code))


@router.post("/learning-keys", status_code=201, response_model=views.LearningKeyRecorded)
async def publish_learning_key(
    request: Request, body: LearningKeyBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """Publish the next version of the learning key. Dialogues held from its first day on count by it, all at once."""
    event, thresholds = body.event(), thresholds_of(request.app.state.settings)

    async def publish(connection: Connection, cause: Cause) -> Done:
        changed = await handlers.publish_learning_key(connection, event, cause, thresholds)
        return Done(views.learning_key_recorded(event.key, changed), changed is not None)

    return await commands.run(request, principal, key, publish)


@router.post("/baseline-facts", status_code=201, response_model=Recorded)
async def record_baseline(
    request: Request, body: BaselineFactBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """Record a fact of the baseline."""
    return await commands.record(request, principal, key, handlers.record_baseline, body.event(), one_statement=True)


@router.get("/areas")
async def list_areas(request: Request, level: AreaLevel | None = None, on: Day | None = None) -> list[views.AreaView]:
    """Areas of a level; `on` gives those that existed on a date."""
    async with pool_of(request).acquire() as connection:
        return [views.AreaView(**row) for row in await store.list_areas(connection, level, on)]


@router.get("/area-changes")
async def list_area_changes(request: Request) -> list[views.AreaChangeView]:
    """The dated crosswalk of municipalities."""
    async with pool_of(request).acquire() as connection:
        return [views.AreaChangeView(**row) for row in await store.list_area_changes(connection)]


@router.get("/indicators")
async def list_indicators(request: Request) -> list[views.IndicatorView]:
    """All indicators."""
    async with pool_of(request).acquire() as connection:
        indicators = await store.list_indicators(connection)
        versions: dict[str, list[views.IndicatorVersionView]] = {}
        for code, *values in await store.list_indicator_versions(connection):
            version = dict(zip(views.IndicatorVersionView.model_fields, values, strict=True))
            versions.setdefault(code, []).append(views.IndicatorVersionView(**version))
    return [views.IndicatorView(**row, versions=versions.get(row["code"], [])) for row in indicators]


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
