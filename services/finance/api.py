"""HTTP edge of the finance service: translates, never decides."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from shared.database import Connection
from shared.http import commands
from shared.http.auth import Principal, Require
from shared.http.command_route import CommandRoute
from shared.http.commands import Done, Recorded
from shared.http.fields import Id
from shared.http.idempotency import IdempotencyKey
from shared.http.request_state import pool_of
from shared.outbox.cause import Cause
from shared.refusals import NotFound

from . import handlers, store, views
from .bodies import BudgetLineBody, CapacityShareBody, CommitmentBody, DisbursementBody, FindingBody

router = APIRouter(prefix="/finance/v1", tags=["finance"], route_class=CommandRoute)
Finance = Annotated[Principal, Depends(Require("finance"))]


async def _read_line(connection: Connection, line: str) -> views.BudgetLineView:
    found = await store.get_line(connection, line)
    if found is None:
        raise NotFound("budget-line-not-found", f"Er is geen begrotingsregel {line}.")
    return views.line(found)


async def _read_commitment(connection: Connection, commitment: str) -> views.CommitmentDetail:
    found = await store.get_commitment(connection, commitment)
    if found is None:
        raise NotFound("commitment-not-found", f"Er is geen verplichting {commitment}.")
    return views.detail(found, await store.disbursements_of(connection, commitment))


@router.post("/budget-lines", status_code=201, response_model=Recorded)
async def adopt_line(
    request: Request, body: BudgetLineBody, principal: Finance, key: IdempotencyKey = None
) -> Response:
    """Adopt a line of the budget. 201 when new, 200 when exactly this one is there."""
    return await commands.record(request, principal, key, handlers.adopt_line, body.event())


@router.post("/capacity-shares", status_code=201, response_model=Recorded)
async def state_share(
    request: Request, body: CapacityShareBody, principal: Finance, key: IdempotencyKey = None
) -> Response:
    """State which part of a performance's amount is capacity of ZET or Zorgbelang."""
    return await commands.record(request, principal, key, handlers.state_share, body.event())


@router.post("/findings", status_code=201, response_model=Recorded)
async def publish_finding(
    request: Request, body: FindingBody, principal: Finance, key: IdempotencyKey = None
) -> Response:
    """Publish something in the budget that does not tie."""
    return await commands.record(request, principal, key, handlers.publish_finding, body.event(), one_statement=True)


@router.post("/budget-lines/{line}/commitments", status_code=201, response_model=views.CommitmentDetail)
async def make_commitment(
    request: Request, line: Id, body: CommitmentBody, principal: Finance, key: IdempotencyKey = None
) -> Response:
    """Promise money of a line to an organisation. 201 when new, 200 when exactly this one is there."""

    async def handle(connection: Connection, cause: Cause) -> Done:
        created = await handlers.make_commitment(connection, body.command(line), cause)
        return Done(await _read_commitment(connection, body.id), created)

    return await commands.run(request, principal, key, handle)


@router.post("/commitments/{commitment}/disbursements", status_code=201, response_model=views.CommitmentDetail)
async def disburse(
    request: Request, commitment: Id, body: DisbursementBody, principal: Finance, key: IdempotencyKey = None
) -> Response:
    """Pay under a commitment. Answers the commitment; 201 when new, 200 when exactly this one is there."""

    async def handle(connection: Connection, cause: Cause) -> Done:
        created = await handlers.disburse(connection, body.command(commitment), cause)
        return Done(await _read_commitment(connection, commitment), created)

    return await commands.run(request, principal, key, handle)


@router.get("/budget-lines")
async def list_lines(request: Request) -> list[views.BudgetLineView]:
    """All lines, in the order of the budget."""
    async with pool_of(request).acquire() as connection:
        return [views.line(line) for line in await store.list_lines(connection)]


@router.get("/budget-lines/{line}")
async def get_line(request: Request, line: Id) -> views.BudgetLineView:
    """One line."""
    async with pool_of(request).acquire() as connection:
        return await _read_line(connection, line)


@router.get("/budget-lines/{line}/commitments")
async def list_commitments(
    request: Request,
    line: Id,
    after: Id | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> views.Commitments:
    """Commitments of a line by id."""
    async with pool_of(request).acquire() as connection:
        await _read_line(connection, line)
        found = await store.list_commitments(connection, line, after, limit + 1)
    items = [views.commitment(commitment) for commitment in found[:limit]]
    return views.Commitments(items=items, next=items[-1].id if len(found) > limit else None)


@router.get("/commitments/{commitment}")
async def get_commitment(request: Request, commitment: Id) -> views.CommitmentDetail:
    """One commitment with what was paid under it."""
    async with pool_of(request).acquire() as connection, store.one_moment(connection):
        return await _read_commitment(connection, commitment)


@router.get("/capacity-shares")
async def list_shares(request: Request) -> list[views.CapacityShareView]:
    """The parts of the performances' amounts that are capacity: inside the lines, never to be added."""
    async with pool_of(request).acquire() as connection:
        return [views.CapacityShareView(**row) for row in await store.list_shares(connection)]


@router.get("/findings")
async def list_findings(request: Request) -> list[views.FindingView]:
    """What in the budget does not tie, those with amounts first."""
    async with pool_of(request).acquire() as connection:
        return [views.FindingView(**row) for row in await store.list_findings(connection)]


@router.get("/summary")
async def get_summary(request: Request) -> views.Summary:
    """The budget as a whole, per period and per performance."""
    async with pool_of(request).acquire() as connection, store.one_moment(connection):
        return views.summary(await store.list_lines(connection), await store.list_shares(connection))
