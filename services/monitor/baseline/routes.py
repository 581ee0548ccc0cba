"""The baseline over HTTP: translates, never decides."""

from fastapi import APIRouter, Request, Response

from shared.http import commands
from shared.http.command_route import CommandRoute
from shared.http.commands import Recorded
from shared.http.idempotency import IdempotencyKey
from shared.http.request_state import pool_of

from ..roles import ProgrammeTeam
from . import handlers, store, views
from .bodies import BaselineFactBody

router = APIRouter(prefix="/monitor/v1", tags=["monitor"], route_class=CommandRoute)


@router.post("/baseline-facts", status_code=201, response_model=Recorded)
async def record_baseline(
    request: Request, body: BaselineFactBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """Record a fact of the baseline."""
    return await commands.record(request, principal, key, handlers.record_baseline, body.event(), one_statement=True)


@router.get("/baseline-facts")
async def list_baseline_facts(request: Request) -> list[views.BaselineFact]:
    """The 2016 baseline."""
    async with pool_of(request).acquire() as connection:
        return [views.BaselineFact(**row) for row in await store.list_baseline_facts(connection)]
