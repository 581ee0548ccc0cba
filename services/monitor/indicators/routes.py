"""Indicators and their versions over HTTP: translates, never decides."""

from fastapi import APIRouter, Request, Response

from shared.http import commands
from shared.http.command_route import CommandRoute
from shared.http.commands import Recorded
from shared.http.fields import Id
from shared.http.idempotency import IdempotencyKey
from shared.http.request_state import pool_of

from ..roles import ProgrammeTeam
from . import handlers, store, views
from .bodies import IndicatorBody, IndicatorVersionBody

router = APIRouter(prefix="/monitor/v1", tags=["monitor"], route_class=CommandRoute)


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
