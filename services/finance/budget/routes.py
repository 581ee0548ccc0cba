"""HTTP routes of the budget: translate, never decide."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from shared.database import one_moment
from shared.http import commands
from shared.http.auth import Principal, Require
from shared.http.command_route import CommandRoute
from shared.http.commands import Recorded
from shared.http.fields import Id
from shared.http.idempotency import IdempotencyKey
from shared.http.request_state import pool_of

from . import handlers, reader, views
from .bodies import BudgetLineBody, CapacityShareBody

router = APIRouter(prefix="/finance/v1", tags=["finance"], route_class=CommandRoute)
Finance = Annotated[Principal, Depends(Require("finance"))]


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


@router.get("/budget-lines")
async def list_lines(request: Request) -> list[views.BudgetLineView]:
    """All lines, in the order of the budget."""
    async with pool_of(request).acquire() as connection:
        return [views.line_view(line) for line in await reader.all_lines(connection)]


@router.get("/budget-lines/{line}")
async def get_line(request: Request, line: Id) -> views.BudgetLineView:
    """One line."""
    async with pool_of(request).acquire() as connection:
        return views.line_view(await reader.require_line(connection, line))


@router.get("/capacity-shares")
async def list_shares(request: Request) -> list[views.CapacityShareView]:
    """The parts of the performances' amounts that are capacity: inside the lines, never to be added."""
    async with pool_of(request).acquire() as connection:
        return [views.share_view(share) for share in await reader.all_shares(connection)]


@router.get("/summary")
async def get_summary(request: Request) -> views.Summary:
    """The budget as a whole, per period and per performance."""
    async with pool_of(request).acquire() as connection, one_moment(connection):
        return views.summary(await reader.all_lines(connection), await reader.all_shares(connection))
