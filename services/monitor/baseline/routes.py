"""The baseline over HTTP: translates, never decides."""

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
from .bodies import BaselineCorrectionBody, BaselineFactBody

router = APIRouter(prefix="/monitor/v1", tags=["monitor"], route_class=CommandRoute)


@router.post("/baseline-facts", status_code=201, response_model=Recorded)
async def record_baseline(
    request: Request, body: BaselineFactBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """Record a fact of the baseline."""
    return await commands.record(request, principal, key, handlers.record_baseline, body.event(), one_statement=True)


@router.post("/baseline-facts/{fact}/corrections", status_code=201, response_model=Recorded)
async def correct_baseline(
    request: Request, fact: Id, body: BaselineCorrectionBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """A fact of the baseline is what its source states."""
    asked = body.asked(body.state(fact))
    return await commands.record_as(fact, request, principal, key, handlers.correct_baseline, asked)


@router.post("/baseline-facts/{fact}/withdrawal", status_code=201, response_model=Recorded)
async def withdraw_baseline(
    request: Request, fact: Id, body: RevisionBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """A fact of the baseline is none. Editions keep what they were cut with."""
    return await commands.record_as(fact, request, principal, key, handlers.withdraw_baseline, body.asked(fact))


@router.get("/baseline-facts/{fact}/history")
async def get_baseline_history(request: Request, fact: Id) -> VersionsView:
    """Every version of a fact of the baseline, each with the event that made it."""
    async with pool_of(request).acquire() as connection:
        return VersionsView.of(await outbox.history(connection, await store.require_baseline_fact(connection, fact)))


@router.get("/baseline-facts")
async def list_baseline_facts(request: Request) -> list[views.BaselineFact]:
    """The 2016 baseline."""
    async with pool_of(request).acquire() as connection:
        return [views.BaselineFact(**row) for row in await store.list_baseline_facts(connection)]
