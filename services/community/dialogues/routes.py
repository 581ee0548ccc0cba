"""The dialogues over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from shared import directory
from shared.contracts.vocabulary import SourceKind
from shared.database import Connection
from shared.http import commands
from shared.http.auth import Principal, Require
from shared.http.command_route import CommandRoute
from shared.http.commands import Done
from shared.http.fields import AreaCode, Id, Limit
from shared.http.idempotency import IdempotencyKey
from shared.http.request_state import pool_of
from shared.outbox.cause import Cause
from shared.runtime.settings import Settings

from . import handlers, views
from .bodies import DialogueBody, HeldBody, WithdrawalBody
from .domain import DialogueFilter, Status
from .views import Dialogues, DialogueView

router = APIRouter(prefix="/community/v1", tags=["community"], route_class=CommandRoute)
Community = Annotated[Principal, Depends(Require("community"))]


def _threshold(request: Request) -> int:
    settings: Settings = request.app.state.settings
    return settings.threshold(SourceKind.DIALOGUE)


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
        await directory.require_choice(connection, "municipality", municipality)
        await directory.require_choice(connection, "initiative", initiative)
        wanted = DialogueFilter(municipality, initiative, status)
        return await views.read_dialogues(connection, wanted, after, limit, _threshold(request))


@router.get("/dialogues/{dialogue}")
async def get_dialogue(request: Request, dialogue: Id) -> DialogueView:
    """One dialogue, without scores and counts per group."""
    async with pool_of(request).acquire() as connection:
        return await views.read_dialogue(connection, dialogue, _threshold(request))


@router.post("/dialogues", status_code=201, response_model=DialogueView)
async def plan_dialogue(
    request: Request, body: DialogueBody, principal: Community, key: IdempotencyKey = None
) -> Response:
    """Plan a dialogue. 201 when new, 200 when exactly this one was planned."""
    event = body.event()
    new = views.of_event(event)

    async def handle(connection: Connection, cause: Cause) -> Done:
        if await handlers.plan(connection, event, cause):
            return Done(new)
        return Done(await views.read_dialogue(connection, body.id, _threshold(request)), created=False)

    return await commands.run(request, principal, key, handle, new=new)


@router.post("/dialogues/{dialogue}/held", status_code=201, response_model=DialogueView)
async def hold_dialogue(
    request: Request, dialogue: Id, body: HeldBody, principal: Community, key: IdempotencyKey = None
) -> Response:
    """Record how a dialogue was held. The scores go to the monitor only.

    Once: a second time is a 409 whatever it says. A repeat is recognised by its Idempotency-Key.
    """
    threshold = _threshold(request)

    async def handle(connection: Connection, cause: Cause) -> Done:
        await handlers.hold(connection, dialogue, body.command(), threshold, cause)
        return Done(await views.read_dialogue(connection, dialogue, threshold))

    return await commands.run(request, principal, key, handle)


@router.post("/dialogues/{dialogue}/withdrawal", status_code=201, response_model=DialogueView)
async def withdraw_dialogue(
    request: Request, dialogue: Id, body: WithdrawalBody, principal: Community, key: IdempotencyKey = None
) -> Response:
    """Withdraw a dialogue: it no longer counts, anywhere. A second time changes nothing."""

    async def handle(connection: Connection, cause: Cause) -> Done:
        created = await handlers.withdraw(connection, dialogue, body.reason, cause)
        return Done(await views.read_dialogue(connection, dialogue, _threshold(request)), created)

    return await commands.run(request, principal, key, handle)
