"""HTTP edge of impact monitoring: translates, never decides."""

from contextlib import AbstractAsyncContextManager
from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from shared.contracts.vocabulary import SourceKind
from shared.database import Connection
from shared.http import commands
from shared.http.auth import Principal, Require
from shared.http.command_route import CommandRoute
from shared.http.commands import Recorded
from shared.http.fields import Day, Id
from shared.http.idempotency import IdempotencyKey
from shared.http.request_state import pool_of
from shared.outbox.cause import Cause
from shared.refusals import NotFound

from ..bodies import AreaCode
from . import (
    answering,
    comparing,
    comparison_views,
    handlers,
    instruments,
    judging,
    listings,
    matrix,
    spending,
    store,
    views,
)
from . import findings as quality
from .bodies import (
    AssessmentBody,
    DecisionBody,
    GoalBody,
    InstrumentBody,
    InstrumentEvidenceBody,
    OutcomeBody,
    Period,
    ProgrammeAreaBody,
)
from .domain import Level, Question

router = APIRouter(prefix="/monitor/v1", tags=["impact"], route_class=CommandRoute)
ProgrammeTeam = Annotated[Principal, Depends(Require("programme"))]
AfterId = Annotated[str | None, Query(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Limit = Annotated[int, Query(ge=1, le=1000)]
_OUTCOMES_SHOWN = 100


def _today() -> date:
    return Cause(datetime.now(UTC), "", "").today


def _one_moment(connection: Connection) -> AbstractAsyncContextManager[object]:
    """Several reads that see the same moment, so that their answers tie."""
    return connection.transaction(isolation="repeatable_read", readonly=True)


@router.post("/impact/goals", status_code=201, response_model=Recorded)
async def set_goal(request: Request, body: GoalBody, principal: ProgrammeTeam, key: IdempotencyKey = None) -> Response:
    """Set a goal. 201 when new, 200 when exactly this one is there."""
    return await commands.record_as(body.id, request, principal, key, handlers.set_goal, body.command())


@router.post("/outcomes", status_code=201, response_model=Recorded)
async def record_outcome(
    request: Request, body: OutcomeBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """Record a result with its evidence."""
    return await commands.record_as(body.id, request, principal, key, handlers.record_outcome, body.command())


@router.post("/assessments", status_code=201, response_model=Recorded)
async def assess(
    request: Request, body: AssessmentBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """Answer a question at a level: the next version. The autonomous trend alone is no evidence of an effect."""
    return await commands.record_as(body.id, request, principal, key, handlers.assess, body.command())


@router.post("/impact/programme-areas", status_code=201, response_model=Recorded)
async def list_area(
    request: Request, body: ProgrammeAreaBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """Say that the programme works in a town or region."""
    return await commands.record_as(body.area, request, principal, key, handlers.list_area, body.command())


@router.post("/impact/instruments", status_code=201, response_model=Recorded)
async def add_instrument(
    request: Request, body: InstrumentBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """Add an option to the exploration of instruments."""
    return await commands.record_as(body.id, request, principal, key, instruments.add_instrument, body.command())


@router.post("/impact/instrument-evidence", status_code=201, response_model=Recorded)
async def add_instrument_evidence(
    request: Request, body: InstrumentEvidenceBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """Add what speaks for or against an option."""
    return await commands.record_as(body.id, request, principal, key, instruments.add_evidence, body.command())


@router.post("/impact/instrument-decisions", status_code=201, response_model=Recorded)
async def decide(
    request: Request, body: DecisionBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """Record what a body decided on an option. Adopting or rejecting needs evidence."""
    return await commands.record_as(body.id, request, principal, key, instruments.decide, body.command())


@router.get("/impact/matrix")
async def get_matrix(request: Request, on: Day | None = None) -> views.Matrix:
    """The three levels by the two questions, today or with the due dates of another day."""
    async with pool_of(request).acquire() as connection, _one_moment(connection):
        return await matrix.matrix(connection, on or _today())


@router.get("/impact/comparison")
async def get_comparison(
    request: Request,
    indicator: Id,
    period: Period,
    source: SourceKind = SourceKind.SURVEY,
    since: Period | None = None,
) -> comparison_views.Comparison:
    """Towns in the programme beside those outside it. This is no proof, and the answer says so."""
    async with pool_of(request).acquire() as connection, _one_moment(connection):
        return await comparing.comparison(connection, indicator, source, period, since)


@router.get("/impact/initiatives")
async def list_costs(request: Request, after: AfterId = None, limit: Limit = 100) -> views.InitiativesPage:
    """Every initiative with its money, its outcomes and so the cost per outcome."""
    async with pool_of(request).acquire() as connection:
        rows = await spending.initiatives(connection, None, after, limit + 1)
    items = [views.initiative_costs(row) for row in rows[:limit]]
    return views.InitiativesPage(items=items, next=items[-1].id if len(rows) > limit else None)


@router.get("/impact/initiatives/{initiative}/costs")
async def get_costs(request: Request, initiative: Id) -> views.InitiativeDetail:
    """One initiative: its money, and the lessons and results it is divided by."""
    async with pool_of(request).acquire() as connection, _one_moment(connection):
        rows = await spending.initiatives(connection, initiative)
        if not rows:
            raise NotFound("initiative-not-found", f"Er is geen initiatief {initiative}.")
        lessons = await spending.lessons(connection, initiative)
        recorded = await store.outcomes(connection, None, initiative, None, _OUTCOMES_SHOWN)
    return views.InitiativeDetail(
        **views.initiative_costs(rows[0]).model_dump(),
        lessons_drawn=[views.LessonView(**row) for row in lessons],
        outcomes_recorded=[views.OutcomeView.model_validate(each) for each in recorded],
    )


@router.get("/outcomes")
async def list_outcomes(
    request: Request, initiative: Id | None = None, after: AfterId = None, limit: Limit = 100
) -> listings.OutcomesPage:
    """Results with their evidence."""
    async with pool_of(request).acquire() as connection:
        found = await store.outcomes(connection, None, initiative, after, limit + 1)
    items = [views.OutcomeView.model_validate(each) for each in found[:limit]]
    return listings.OutcomesPage(items=items, next=items[-1].id if len(found) > limit else None)


@router.get("/impact/goals")
async def list_goals(request: Request, on: Day | None = None) -> list[views.GoalView]:
    """All goals by level and question, with their verdicts."""
    async with pool_of(request).acquire() as connection, _one_moment(connection):
        return [views.goal_view(*each) for each in await judging.judged(connection, on or _today())]


@router.get("/impact/goals/{goal}")
async def get_goal(request: Request, goal: Id, on: Day | None = None) -> views.GoalDetail:
    """One goal with every change of its verdict."""
    async with pool_of(request).acquire() as connection, _one_moment(connection):
        found = await judging.judged(connection, on or _today(), [goal])
        history = await store.judgements(connection, goal)
    if not found:
        raise NotFound("goal-not-found", f"Er is geen doel {goal}.")
    return views.GoalDetail(
        **views.goal_view(*found[0]).model_dump(), history=[views.judgement_view(row) for row in history]
    )


@router.get("/assessments")
async def list_assessments(
    request: Request, level: Level | None = None, question: Question | None = None, initiative: Id | None = None
) -> list[listings.AssessmentView]:
    """Every answer that was given, the newest version first."""
    async with pool_of(request).acquire() as connection, _one_moment(connection):
        rows = await answering.list_assessments(connection, level, question, initiative)
        evidence = await answering.evidence_of(connection, [row["id"] for row in rows])
    return [
        listings.AssessmentView(
            **row, evidence=[views.EvidenceView.model_validate(each) for each in evidence.get(row["id"], ())]
        )
        for row in rows
    ]


@router.get("/impact/programme-areas")
async def list_programme_areas(request: Request) -> list[listings.ProgrammeAreaView]:
    """The towns and regions the programme works in."""
    async with pool_of(request).acquire() as connection:
        return [listings.ProgrammeAreaView(**row) for row in await store.list_programme_areas(connection)]


@router.get("/impact/instruments")
async def list_instruments(request: Request) -> list[listings.InstrumentView]:
    """The options, each with its newest decision."""
    async with pool_of(request).acquire() as connection:
        return [listings.InstrumentView(**row) for row in await instruments.list_instruments(connection)]


@router.get("/impact/instruments/{instrument}")
async def get_instrument(request: Request, instrument: Id) -> listings.InstrumentDetail:
    """An option with its evidence and decisions."""
    async with pool_of(request).acquire() as connection, _one_moment(connection):
        found = await instruments.list_instruments(connection, instrument)
        evidence, decisions = await instruments.history(connection, instrument)
    if not found:
        raise NotFound("instrument-not-found", f"Er is geen instrument {instrument}.")
    return listings.InstrumentDetail(
        **found[0],
        evidence_items=[listings.InstrumentEvidenceView(**row) for row in evidence],
        decisions=[listings.DecisionView(**row) for row in decisions],
    )


@router.get("/quality-findings")
async def list_quality_findings(
    request: Request,
    indicator: Id | None = None,
    area: AreaCode | None = None,
    after: Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")] = None,
    limit: Limit = 100,
) -> listings.QualityFindings:
    """What a reader must know of the data."""
    async with pool_of(request).acquire() as connection:
        rows = await quality.list_findings(connection, indicator, area, after, limit + 1)
    items = [listings.QualityFindingView(**row) for row in rows[:limit]]
    return listings.QualityFindings(items=items, next=items[-1].id if len(rows) > limit else None)
