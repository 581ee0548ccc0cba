"""The register of methods over HTTP: translates, never decides."""

from fastapi import APIRouter, Request, Response

from shared.http import commands
from shared.http.command_route import CommandRoute
from shared.http.commands import Recorded
from shared.http.idempotency import IdempotencyKey
from shared.http.request_state import pool_of

from ..roles import ProgrammeTeam
from . import handlers, store, views
from .bodies import MethodBody

router = APIRouter(prefix="/monitor/v1", tags=["observations"], route_class=CommandRoute)


@router.post("/methods", status_code=201, response_model=Recorded)
async def register_method(
    request: Request, body: MethodBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """Register a method of measuring, for the rows of files to name."""
    return await commands.record(request, principal, key, handlers.register_method, body.event(), one_statement=True)


@router.get("/methods")
async def list_methods(request: Request) -> list[views.Method]:
    """All methods by code."""
    async with pool_of(request).acquire() as connection:
        return [views.Method(**row) for row in await store.list_methods(connection)]
