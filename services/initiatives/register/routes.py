"""HTTP routes of the register: translate, never decide."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from shared.contracts.vocabulary import Phase, Theme
from shared.database import Connection
from shared.http import commands
from shared.http.auth import Principal, Require
from shared.http.command_route import CommandRoute
from shared.http.commands import Done
from shared.http.fields import Id, Limit
from shared.http.idempotency import IdempotencyKey
from shared.http.request_state import pool_of
from shared.outbox.cause import Cause

from . import handlers, reader
from .bodies import InitiativeBody, PhaseBody
from .views import Initiatives, InitiativeView

router = APIRouter(prefix="/initiatives/v1", tags=["initiatives"], route_class=CommandRoute)
Programme = Annotated[Principal, Depends(Require("programme"))]


@router.get("/initiatives")
async def list_initiatives(
    request: Request,
    phase: Phase | None = None,
    theme: Theme | None = None,
    after: Id | None = None,
    limit: Limit = 50,
) -> Initiatives:
    """Initiatives by id."""
    async with pool_of(request).acquire() as connection:
        found = await reader.initiatives_by_id(connection, phase, theme, after, limit + 1)
    return Initiatives(items=found[:limit], next=found[limit - 1].id if len(found) > limit else None)


@router.get("/initiatives/{initiative}")
async def get_initiative(request: Request, initiative: Id) -> InitiativeView:
    """One initiative."""
    async with pool_of(request).acquire() as connection:
        return await reader.require_initiative(connection, initiative)


@router.post("/initiatives", status_code=201, response_model=InitiativeView)
async def register(
    request: Request, body: InitiativeBody, principal: Programme, key: IdempotencyKey = None
) -> Response:
    """Register an initiative. 201 when new, 200 when exactly this one is there."""

    async def handle(connection: Connection, cause: Cause) -> Done:
        created = await handlers.register(connection, body.event(), cause)
        return Done(await reader.require_initiative(connection, body.id), created)

    return await commands.run(request, principal, key, handle)


@router.post("/initiatives/{initiative}/phases", status_code=201, response_model=InitiativeView)
async def change_phase(
    request: Request, initiative: Id, body: PhaseBody, principal: Programme, key: IdempotencyKey = None
) -> Response:
    """Record that an initiative reached a phase."""

    async def handle(connection: Connection, cause: Cause) -> Done:
        created = await handlers.change_phase(connection, initiative, body.command(), cause)
        return Done(await reader.require_initiative(connection, initiative), created)

    return await commands.run(request, principal, key, handle)
