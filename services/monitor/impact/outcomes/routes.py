"""Outcomes and what they cost over HTTP: translates, never decides."""

from fastapi import APIRouter, Request, Response

from shared.database import Connection
from shared.http import commands
from shared.http.command_route import CommandRoute
from shared.http.commands import Recorded
from shared.http.fields import Id, LongLimit
from shared.http.idempotency import IdempotencyKey
from shared.http.request_state import pool_of
from shared.outbox.cause import Cause
from shared.refusals import NotFound

from ...roles import ProgrammeTeam
from ...settings import MonitorSettings
from ...snapshot import snapshot
from . import handlers, register, store, views
from .bodies import OutcomeBody
from .domain import Outcome

router = APIRouter(prefix="/monitor/v1", tags=["impact"], route_class=CommandRoute)


_OUTCOMES_SHOWN = 100


@router.post("/outcomes", status_code=201, response_model=Recorded)
async def record_outcome(
    request: Request, body: OutcomeBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """Record a result with its evidence."""
    settings: MonitorSettings = request.app.state.settings

    async def record(connection: Connection, outcome: Outcome, cause: Cause) -> bool:
        return await handlers.record_outcome(connection, outcome, settings.publication_threshold, cause)

    return await commands.record_as(body.id, request, principal, key, record, body.command())


@router.get("/impact/initiatives")
async def list_costs(request: Request, after: Id | None = None, limit: LongLimit = 100) -> views.InitiativesPage:
    """Every initiative with its money, its outcomes and so the cost per outcome."""
    async with pool_of(request).acquire() as connection:
        rows = await store.initiatives(connection, None, after, limit + 1)
    items = [views.initiative_costs(row) for row in rows[:limit]]
    return views.InitiativesPage(items=items, next=items[-1].id if len(rows) > limit else None)


@router.get("/impact/initiatives/{initiative}/costs")
async def get_costs(request: Request, initiative: Id) -> views.InitiativeDetail:
    """One initiative: its money, and the lessons and results it is divided by."""
    async with pool_of(request).acquire() as connection, snapshot(connection):
        rows = await store.initiatives(connection, initiative)
        if not rows:
            raise NotFound("initiative-not-found", f"Er is geen initiatief {initiative}.")
        lessons = await store.lessons(connection, initiative)
        recorded = await store.outcomes(connection, None, initiative, None, _OUTCOMES_SHOWN)
    return views.InitiativeDetail(
        **views.initiative_costs(rows[0]).model_dump(),
        lessons_drawn=[views.DrawnLessonView(**row) for row in lessons],
        outcomes_recorded=[views.OutcomeView.model_validate(each) for each in recorded],
    )


@router.get("/outcomes")
async def list_outcomes(
    request: Request, initiative: Id | None = None, after: Id | None = None, limit: LongLimit = 100
) -> views.OutcomesPage:
    """Results with their evidence."""
    async with pool_of(request).acquire() as connection:
        await register.require_choice(connection, initiative)
        found = await store.outcomes(connection, None, initiative, after, limit + 1)
    items = [views.OutcomeView.model_validate(each) for each in found[:limit]]
    return views.OutcomesPage(items=items, next=items[-1].id if len(found) > limit else None)
