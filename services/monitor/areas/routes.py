"""Areas and their changes over HTTP: translates, never decides."""

from fastapi import APIRouter, Request, Response

from shared.contracts.vocabulary import AreaLevel
from shared.http import commands
from shared.http.bodies import RevisionBody, VersionsView
from shared.http.command_route import CommandRoute
from shared.http.commands import Recorded
from shared.http.fields import AreaCode, Day, Id
from shared.http.idempotency import IdempotencyKey
from shared.http.request_state import pool_of

from ..roles import ProgrammeTeam
from . import handlers, store, views
from .bodies import AreaBody, AreaChangeBody, AreaChangeCorrectionBody, AreaCorrectionBody, ChangeOfAreaBody

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


@router.get("/areas/{code}")
async def get_area(request: Request, code: AreaCode) -> views.RevisedAreaView:
    """An area as it is since its last change, with its version."""
    async with pool_of(request).acquire() as connection:
        return await views.read_area(connection, code)


@router.get("/areas/{code}/history")
async def get_area_history(request: Request, code: AreaCode) -> VersionsView:
    """Every version of an area, each with the event that made it."""
    async with pool_of(request).acquire() as connection:
        return await views.read_versions_of_area(connection, code)


@router.post("/areas/{code}/corrections", status_code=201, response_model=views.RevisedAreaView)
async def correct_area(
    request: Request, code: AreaCode, body: AreaCorrectionBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """What was known of an area was wrong. 200 when exactly this is there."""
    asked = body.asked(body.facts(code))
    return await commands.record_as(code, request, principal, key, handlers.correct_area, asked, read=views.read_area)


@router.post("/areas/{code}/changes", status_code=201, response_model=views.RevisedAreaView)
async def change_area(
    request: Request, code: AreaCode, body: ChangeOfAreaBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """An area has another name from a day on, lies in another from a 1 January on, or ends. 200 when exactly this is
    there."""
    asked = body.asked(body.facts(code))
    return await commands.record_as(code, request, principal, key, handlers.change_area, asked, read=views.read_area)


@router.post("/areas/{code}/withdrawal", status_code=201, response_model=views.RevisedAreaView)
async def withdraw_area(
    request: Request, code: AreaCode, body: RevisionBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """An area was never there, and nothing names it. A second time changes nothing."""
    asked = body.asked(code)
    return await commands.record_as(code, request, principal, key, handlers.withdraw_area, asked, read=views.read_area)


@router.get("/area-changes/{change}")
async def get_area_change(request: Request, change: Id) -> views.RevisedAreaChangeView:
    """A line of the crosswalk, with its version."""
    async with pool_of(request).acquire() as connection:
        return await views.read_area_change(connection, change)


@router.get("/area-changes/{change}/history")
async def get_area_change_history(request: Request, change: Id) -> VersionsView:
    """Every version of a line of the crosswalk, each with the event that made it."""
    async with pool_of(request).acquire() as connection:
        return await views.read_versions_of_change(connection, change)


@router.post("/area-changes/{change}/corrections", status_code=201, response_model=views.RevisedAreaChangeView)
async def correct_area_change(
    request: Request, change: Id, body: AreaChangeCorrectionBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """A line of the crosswalk was wrong. 200 when exactly this is there."""
    asked = body.asked(body.line(change))
    return await commands.record_as(
        change, request, principal, key, handlers.correct_area_change, asked, read=views.read_area_change
    )


@router.post("/area-changes/{change}/withdrawal", status_code=201, response_model=views.RevisedAreaChangeView)
async def withdraw_area_change(
    request: Request, change: Id, body: RevisionBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """There was no such merger or division. A second time changes nothing."""
    asked = body.asked(change)
    return await commands.record_as(
        change, request, principal, key, handlers.withdraw_area_change, asked, read=views.read_area_change
    )
