"""Areas and their changes over HTTP: translates, never decides."""

from fastapi import APIRouter, Request, Response

from shared.contracts.vocabulary import AreaLevel
from shared.http import commands
from shared.http.command_route import CommandRoute
from shared.http.commands import Recorded
from shared.http.fields import Day
from shared.http.idempotency import IdempotencyKey
from shared.http.request_state import pool_of

from ..roles import ProgrammeTeam
from . import handlers, store, views
from .bodies import AreaBody, AreaChangeBody

router = APIRouter(prefix="/monitor/v1", tags=["monitor"], route_class=CommandRoute)


@router.post("/areas", status_code=201, response_model=Recorded)
async def register_area(
    request: Request, body: AreaBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """Register an area. 201 when new, 200 when exactly this one is there."""
    return await commands.record(request, principal, key, handlers.register_area, body.event())


@router.post("/area-changes", status_code=201, response_model=Recorded)
async def reorganise_areas(
    request: Request, body: AreaChangeBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """Add a line to the crosswalk."""
    return await commands.record(request, principal, key, handlers.reorganise_areas, body.event())


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
