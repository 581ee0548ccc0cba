"""The exploration of instruments over HTTP: translates, never decides."""

from fastapi import APIRouter, Request, Response

from shared.http import commands
from shared.http.command_route import CommandRoute
from shared.http.commands import Recorded
from shared.http.fields import Id
from shared.http.idempotency import IdempotencyKey
from shared.http.request_state import pool_of
from shared.refusals import NotFound

from ...roles import ProgrammeTeam
from ...snapshot import snapshot
from . import handlers, store, views
from .bodies import DecisionBody, InstrumentBody, InstrumentEvidenceBody

router = APIRouter(prefix="/monitor/v1", tags=["impact"], route_class=CommandRoute)


@router.post("/impact/instruments", status_code=201, response_model=Recorded)
async def add_instrument(
    request: Request, body: InstrumentBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """Add an option to the exploration of instruments."""
    return await commands.record_as(body.id, request, principal, key, handlers.add_instrument, body.command())


@router.post("/impact/instrument-evidence", status_code=201, response_model=Recorded)
async def add_instrument_evidence(
    request: Request, body: InstrumentEvidenceBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """Add what speaks for or against an option."""
    return await commands.record_as(body.id, request, principal, key, handlers.add_evidence, body.command())


@router.post("/impact/instrument-decisions", status_code=201, response_model=Recorded)
async def decide(
    request: Request, body: DecisionBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """Record what a body decided on an option. Adopting or rejecting needs evidence."""
    return await commands.record_as(body.id, request, principal, key, handlers.decide, body.command())


@router.get("/impact/instruments")
async def list_instruments(request: Request) -> list[views.InstrumentView]:
    """The options, each with its newest decision."""
    async with pool_of(request).acquire() as connection:
        return [views.InstrumentView(**row) for row in await store.list_instruments(connection)]


@router.get("/impact/instruments/{instrument}")
async def get_instrument(request: Request, instrument: Id) -> views.InstrumentDetail:
    """An option with its evidence and decisions."""
    async with pool_of(request).acquire() as connection, snapshot(connection):
        found = await store.list_instruments(connection, instrument)
        evidence, decisions = await store.history(connection, instrument)
    if not found:
        raise NotFound("instrument-not-found", f"Er is geen instrument {instrument}.")
    return views.InstrumentDetail(
        **found[0],
        evidence_items=[views.InstrumentEvidenceView(**row) for row in evidence],
        decisions=[views.DecisionView(**row) for row in decisions],
    )
