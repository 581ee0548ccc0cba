"""HTTP routes of commitments: translate, never decide."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from shared.database import Connection, one_moment
from shared.http import commands
from shared.http.auth import Principal, Require
from shared.http.command_route import CommandRoute
from shared.http.commands import Done
from shared.http.fields import Id, Limit
from shared.http.idempotency import IdempotencyKey
from shared.http.request_state import pool_of
from shared.outbox.cause import Cause

from ..budget import reader as budget
from . import handlers, reader, views
from .bodies import CommitmentBody, DisbursementBody

router = APIRouter(prefix="/finance/v1", tags=["finance"], route_class=CommandRoute)
Finance = Annotated[Principal, Depends(Require("finance"))]


@router.post("/budget-lines/{line}/commitments", status_code=201, response_model=views.CommitmentDetail)
async def make_commitment(
    request: Request, line: Id, body: CommitmentBody, principal: Finance, key: IdempotencyKey = None
) -> Response:
    """Promise money of a line to an organisation. 201 when new, 200 when exactly this one is there."""

    async def handle(connection: Connection, cause: Cause) -> Done:
        created = await handlers.make_commitment(connection, body.command(line), cause)
        return Done(await _detail(connection, body.id), created)

    return await commands.run(request, principal, key, handle)


@router.post("/commitments/{commitment}/disbursements", status_code=201, response_model=views.CommitmentDetail)
async def disburse(
    request: Request, commitment: Id, body: DisbursementBody, principal: Finance, key: IdempotencyKey = None
) -> Response:
    """Pay under a commitment. Answers the commitment; 201 when new, 200 when exactly this one is there."""

    async def handle(connection: Connection, cause: Cause) -> Done:
        created = await handlers.disburse(connection, body.command(commitment), cause)
        return Done(await _detail(connection, commitment), created)

    return await commands.run(request, principal, key, handle)


@router.get("/budget-lines/{line}/commitments")
async def list_commitments(
    request: Request,
    line: Id,
    after: Id | None = None,
    limit: Limit = 50,
) -> views.Commitments:
    """Commitments of a line by id."""
    async with pool_of(request).acquire() as connection:
        await budget.require_line(connection, line)
        found = await reader.commitments_of(connection, line, after, limit + 1)
    items = [views.commitment_view(commitment) for commitment in found[:limit]]
    return views.Commitments(items=items, next=items[-1].id if len(found) > limit else None)


@router.get("/commitments/{commitment}")
async def get_commitment(request: Request, commitment: Id) -> views.CommitmentDetail:
    """One commitment with what was paid under it."""
    async with pool_of(request).acquire() as connection, one_moment(connection):
        return await _detail(connection, commitment)


async def _detail(connection: Connection, commitment: str) -> views.CommitmentDetail:
    found = await reader.require_commitment(connection, commitment)
    return views.commitment_detail(found, await reader.disbursements_of(connection, commitment))
