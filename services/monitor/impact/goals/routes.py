"""Goals and where the programme works over HTTP: translates, never decides."""

from fastapi import APIRouter, Request, Response

from shared.http import commands
from shared.http.command_route import CommandRoute
from shared.http.commands import Recorded
from shared.http.fields import Day, Id
from shared.http.idempotency import IdempotencyKey
from shared.http.request_state import pool_of
from shared.refusals import NotFound

from ...roles import ProgrammeTeam
from ...snapshot import snapshot
from . import handlers, register, store, views
from .bodies import GoalBody, ProgrammeAreaBody

router = APIRouter(prefix="/monitor/v1", tags=["impact"], route_class=CommandRoute)


@router.post("/impact/goals", status_code=201, response_model=Recorded)
async def set_goal(request: Request, body: GoalBody, principal: ProgrammeTeam, key: IdempotencyKey = None) -> Response:
    """Set a goal. 201 when new, 200 when exactly this one is there."""
    return await commands.record_as(body.id, request, principal, key, handlers.set_goal, body.command())


@router.post("/impact/programme-areas", status_code=201, response_model=Recorded)
async def list_area(
    request: Request, body: ProgrammeAreaBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """Say that the programme works in a town or region."""
    return await commands.record_as(body.area, request, principal, key, handlers.list_area, body.command())


@router.get("/impact/goals")
async def list_goals(request: Request, on: Day | None = None) -> list[views.GoalView]:
    """All goals by level and question, with their verdicts."""
    async with pool_of(request).acquire() as connection, snapshot(connection):
        return [views.goal_view(*each) for each in await register.judged(connection, on or register.today())]


@router.get("/impact/goals/{goal}")
async def get_goal(request: Request, goal: Id, on: Day | None = None) -> views.GoalDetail:
    """One goal with every change of its verdict."""
    async with pool_of(request).acquire() as connection, snapshot(connection):
        found = await register.judged(connection, on or register.today(), [goal])
        history = await store.judgements(connection, goal)
    if not found:
        raise NotFound("goal-not-found", f"Er is geen doel {goal}.")
    return views.GoalDetail(
        **views.goal_view(*found[0]).model_dump(), history=[views.judgement_view(row) for row in history]
    )


@router.get("/impact/programme-areas")
async def list_programme_areas(request: Request) -> list[views.ProgrammeAreaView]:
    """The towns and regions the programme works in."""
    async with pool_of(request).acquire() as connection:
        return [views.ProgrammeAreaView(**row) for row in await store.list_programme_areas(connection)]
