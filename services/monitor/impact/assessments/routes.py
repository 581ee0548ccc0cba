"""Assessments over HTTP: translates, never decides."""

from fastapi import APIRouter, Request, Response

from shared.http import commands
from shared.http.command_route import CommandRoute
from shared.http.commands import Recorded
from shared.http.fields import Id
from shared.http.idempotency import IdempotencyKey
from shared.http.request_state import pool_of

from ...roles import ProgrammeTeam
from ...snapshot import snapshot
from ..goals.domain import Level, Question
from ..outcomes import register as outcomes
from . import handlers, store, views
from .bodies import AssessmentBody

router = APIRouter(prefix="/monitor/v1", tags=["impact"], route_class=CommandRoute)


@router.post("/assessments", status_code=201, response_model=Recorded)
async def assess(
    request: Request, body: AssessmentBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """Answer a question at a level: the next version. The autonomous trend alone is no evidence of an effect."""
    return await commands.record_as(body.id, request, principal, key, handlers.assess, body.command())


@router.get("/assessments")
async def list_assessments(
    request: Request, level: Level | None = None, question: Question | None = None, initiative: Id | None = None
) -> list[views.AssessmentView]:
    """Every answer that was given, the newest version first."""
    async with pool_of(request).acquire() as connection, snapshot(connection):
        await outcomes.require_choice(connection, initiative)
        rows = await store.list_assessments(connection, level, question, initiative)
        evidence = await store.evidence_of(connection, [row["id"] for row in rows])
    return [
        views.AssessmentView(
            **row, evidence=[views.EvidenceView.model_validate(each) for each in evidence.get(row["id"], ())]
        )
        for row in rows
    ]
