"""The register of methods over HTTP: translates, never decides."""

from fastapi import APIRouter, Request, Response

from shared import outbox
from shared.http import commands
from shared.http.bodies import RevisionBody, VersionsView
from shared.http.command_route import CommandRoute
from shared.http.commands import Recorded
from shared.http.fields import Id
from shared.http.idempotency import IdempotencyKey
from shared.http.request_state import pool_of

from ..roles import ProgrammeTeam
from . import handlers, store, views
from .bodies import MethodBody, MethodCorrectionBody

router = APIRouter(prefix="/monitor/v1", tags=["observations"], route_class=CommandRoute)


@router.post("/methods", status_code=201, response_model=Recorded)
async def register_method(
    request: Request, body: MethodBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """Register a method of measuring, for the rows of files to name."""
    return await commands.record(request, principal, key, handlers.register_method, body.event(), one_statement=True)


@router.post("/methods/{code}/corrections", status_code=201, response_model=Recorded)
async def correct_method(
    request: Request, code: Id, body: MethodCorrectionBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """A method is called otherwise, and was from the start."""
    asked = body.asked(body.state(code))
    return await commands.record_as(code, request, principal, key, handlers.correct_method, asked)


@router.post("/methods/{code}/withdrawal", status_code=201, response_model=Recorded)
async def withdraw_method(
    request: Request, code: Id, body: RevisionBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """A method by which nothing was measured may not be named any more."""
    return await commands.record_as(code, request, principal, key, handlers.withdraw_method, body.asked(code))


@router.get("/methods/{code}/history")
async def get_method_history(request: Request, code: Id) -> VersionsView:
    """Every version of a method, each with the event that made it."""
    async with pool_of(request).acquire() as connection:
        return VersionsView.of(await outbox.history(connection, await store.require_method(connection, code)))


@router.get("/methods")
async def list_methods(request: Request) -> list[views.Method]:
    """All methods that may be named, by code."""
    async with pool_of(request).acquire() as connection:
        return [views.Method(**row) for row in await store.list_methods(connection)]
