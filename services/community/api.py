"""HTTP edge of the community service: translates, never decides. Activity and triggers are in feed_api.py."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from shared.contracts.vocabulary import OrganisationKind
from shared.database import Connection
from shared.http import commands
from shared.http.auth import Principal, Require
from shared.http.command_route import CommandRoute
from shared.http.commands import Done
from shared.http.fields import Id
from shared.http.idempotency import IdempotencyKey
from shared.http.request_state import pool_of
from shared.outbox.cause import Cause
from shared.refusals import NotFound
from shared.runtime.settings import Settings

from . import handlers, store, views
from .bodies import AreaCode, DialogueBody, HeldBody, OrganisationBody, WithdrawalBody
from .domain import Status
from .views import Dialogues, DialogueView, Organisations, OrganisationView

router = APIRouter(prefix="/community/v1", tags=["community"], route_class=CommandRoute)
Community = Annotated[Principal, Depends(Require("community"))]
Limit = Annotated[int, Query(ge=1, le=200)]


def _threshold(request: Request) -> int:
    settings: Settings = request.app.state.settings
    return settings.publication_threshold


async def _organisation(connection: Connection, organisation: str) -> OrganisationView:
    row = await store.get_organisation(connection, organisation)
    if row is None:
        raise NotFound("organisation-not-found", f"Er is geen organisatie {organisation}.")
    return OrganisationView(**row)


async def _dialogue(connection: Connection, dialogue: str, threshold: int) -> DialogueView:
    row = await store.get_dialogue(connection, dialogue)
    if row is None:
        raise NotFound("dialogue-not-found", f"Er is geen dialoog {dialogue}.")
    return views.dialogue(row, threshold)


@router.get("/organisations")
async def list_organisations(
    request: Request, kind: OrganisationKind | None = None, after: Id | None = None, limit: Limit = 50
) -> Organisations:
    """Organisations by id."""
    async with pool_of(request).acquire() as connection:
        rows = await store.list_organisations(connection, kind, after, limit + 1)
    return Organisations(
        items=[OrganisationView(**row) for row in rows[:limit]],
        next=rows[limit - 1]["id"] if len(rows) > limit else None,
    )


@router.get("/organisations/{organisation}")
async def get_organisation(request: Request, organisation: Id) -> OrganisationView:
    """One organisation."""
    async with pool_of(request).acquire() as connection:
        return await _organisation(connection, organisation)


@router.post("/organisations", status_code=201, response_model=OrganisationView)
async def register_organisation(
    request: Request, body: OrganisationBody, principal: Community, key: IdempotencyKey = None
) -> Response:
    """Register an organisation. 201 when new, 200 when exactly this one is there."""

    new = OrganisationView(id=body.id, name=body.name, kind=body.kind)

    async def handle(connection: Connection, cause: Cause) -> Done:
        if await handlers.register_organisation(connection, body.event(), cause):
            return Done(new)
        return Done(await _organisation(connection, body.id), created=False)

    return await commands.run(request, principal, key, handle, new=new)


@router.get("/dialogues")
async def list_dialogues(
    request: Request,
    municipality: AreaCode | None = None,
    initiative: Id | None = None,
    status: Status | None = None,
    after: Id | None = None,
    limit: Limit = 50,
) -> Dialogues:
    """Dialogues by id, without scores and counts per group."""
    async with pool_of(request).acquire() as connection:
        rows = await store.list_dialogues(connection, municipality, initiative, status, after, limit + 1)
    return Dialogues(
        items=[views.dialogue(row, _threshold(request)) for row in rows[:limit]],
        next=rows[limit - 1]["id"] if len(rows) > limit else None,
    )


@router.get("/dialogues/{dialogue}")
async def get_dialogue(request: Request, dialogue: Id) -> DialogueView:
    """One dialogue, without scores and counts per group."""
    async with pool_of(request).acquire() as connection:
        return await _dialogue(connection, dialogue, _threshold(request))


@router.post("/dialogues", status_code=201, response_model=DialogueView)
async def plan_dialogue(
    request: Request, body: DialogueBody, principal: Community, key: IdempotencyKey = None
) -> Response:
    """Plan a dialogue. 201 when new, 200 when exactly this one was planned."""
    event = body.event()
    new = views.planned(event)

    async def handle(connection: Connection, cause: Cause) -> Done:
        if await handlers.plan(connection, event, cause):
            return Done(new)
        return Done(await _dialogue(connection, body.id, _threshold(request)), created=False)

    return await commands.run(request, principal, key, handle, new=new)


@router.post("/dialogues/{dialogue}/held", status_code=201, response_model=DialogueView)
async def hold_dialogue(
    request: Request, dialogue: Id, body: HeldBody, principal: Community, key: IdempotencyKey = None
) -> Response:
    """Record how a dialogue was held. The scores go to the monitor only."""
    threshold = _threshold(request)

    async def handle(connection: Connection, cause: Cause) -> Done:
        created = await handlers.hold(connection, dialogue, body.command(), threshold, cause)
        return Done(await _dialogue(connection, dialogue, threshold), created)

    return await commands.run(request, principal, key, handle)


@router.post("/dialogues/{dialogue}/withdrawal", status_code=201, response_model=DialogueView)
async def withdraw_dialogue(
    request: Request, dialogue: Id, body: WithdrawalBody, principal: Community, key: IdempotencyKey = None
) -> Response:
    """Withdraw a dialogue: it no longer counts, anywhere. A second time changes nothing."""

    async def handle(connection: Connection, cause: Cause) -> Done:
        created = await handlers.withdraw(connection, dialogue, body.reason, cause)
        return Done(await _dialogue(connection, dialogue, _threshold(request)), created)

    return await commands.run(request, principal, key, handle)
