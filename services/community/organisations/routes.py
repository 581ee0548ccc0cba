"""The organisations over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from shared.contracts.vocabulary import OrganisationKind
from shared.database import Connection
from shared.http import commands
from shared.http.auth import Principal, Require
from shared.http.bodies import RevisionBody, VersionsView
from shared.http.command_route import CommandRoute
from shared.http.commands import Done
from shared.http.fields import Id, Limit
from shared.http.idempotency import IdempotencyKey
from shared.http.request_state import pool_of
from shared.outbox.cause import Cause

from . import handlers, views
from .bodies import OrganisationBody, OrganisationChangeBody, OrganisationCorrectionBody
from .views import Organisations, OrganisationView

router = APIRouter(prefix="/community/v1", tags=["community"], route_class=CommandRoute)
Community = Annotated[Principal, Depends(Require("community"))]


@router.get("/organisations")
async def list_organisations(
    request: Request, kind: OrganisationKind | None = None, after: Id | None = None, limit: Limit = 50
) -> Organisations:
    """Organisations that take part, by id."""
    async with pool_of(request).acquire() as connection:
        return await views.read_organisations(connection, kind, after, limit)


@router.get("/organisations/{organisation}")
async def get_organisation(request: Request, organisation: Id) -> OrganisationView:
    """One organisation."""
    async with pool_of(request).acquire() as connection:
        return await views.read_organisation(connection, organisation)


@router.get("/organisations/{organisation}/history")
async def get_organisation_history(request: Request, organisation: Id) -> VersionsView:
    """Every version of an organisation, each with the event that made it."""
    async with pool_of(request).acquire() as connection:
        return await views.read_versions(connection, organisation)


@router.post("/organisations", status_code=201, response_model=OrganisationView)
async def register_organisation(
    request: Request, body: OrganisationBody, principal: Community, key: IdempotencyKey = None
) -> Response:
    """Register an organisation. 201 when new, 200 when exactly this one is there."""

    new = OrganisationView(id=body.id, name=body.name, kind=body.kind, version=1, withdrawn=False)

    async def handle(connection: Connection, cause: Cause) -> Done:
        if await handlers.register_organisation(connection, body.event(), cause):
            return Done(new)
        return Done(await views.read_organisation(connection, body.id), created=False)

    return await commands.run(request, principal, key, handle, new=new)


@router.post("/organisations/{organisation}/corrections", status_code=201, response_model=OrganisationView)
async def correct_organisation(
    request: Request,
    organisation: Id,
    body: OrganisationCorrectionBody,
    principal: Community,
    key: IdempotencyKey = None,
) -> Response:
    """What was registered of an organisation was wrong from the start. 200 when exactly this is there."""
    handler, read = handlers.correct_organisation, views.read_organisation
    asked = body.asked(body.state(organisation))
    return await commands.record_as(organisation, request, principal, key, handler, asked, read=read)


@router.post("/organisations/{organisation}/changes", status_code=201, response_model=OrganisationView)
async def change_organisation(
    request: Request, organisation: Id, body: OrganisationChangeBody, principal: Community, key: IdempotencyKey = None
) -> Response:
    """An organisation has another name or kind from a day on. 200 when exactly this is there."""
    handler, read = handlers.change_organisation, views.read_organisation
    asked = body.asked(body.state(organisation))
    return await commands.record_as(organisation, request, principal, key, handler, asked, read=read)


@router.post("/organisations/{organisation}/withdrawal", status_code=201, response_model=OrganisationView)
async def withdraw_organisation(
    request: Request, organisation: Id, body: RevisionBody, principal: Community, key: IdempotencyKey = None
) -> Response:
    """An organisation takes no part. What named it keeps its name; nothing new may name it."""
    handler, read = handlers.withdraw_organisation, views.read_organisation
    asked = body.asked(organisation)
    return await commands.record_as(organisation, request, principal, key, handler, asked, read=read)
