"""HTTP routes of the findings: translate, never decide."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from shared.http import commands
from shared.http.auth import Principal, Require
from shared.http.command_route import CommandRoute
from shared.http.commands import Recorded
from shared.http.idempotency import IdempotencyKey
from shared.http.request_state import pool_of

from . import handlers, reader
from .bodies import BudgetFindingBody
from .views import BudgetFindingView

router = APIRouter(prefix="/finance/v1", tags=["finance"], route_class=CommandRoute)
Finance = Annotated[Principal, Depends(Require("finance"))]


@router.post("/findings", status_code=201, response_model=Recorded)
async def publish_finding(
    request: Request, body: BudgetFindingBody, principal: Finance, key: IdempotencyKey = None
) -> Response:
    """Publish something in the budget that does not tie."""
    return await commands.record(request, principal, key, handlers.publish_finding, body.event(), one_statement=True)


@router.get("/findings")
async def list_findings(request: Request) -> list[BudgetFindingView]:
    """What in the budget does not tie, those with amounts first."""
    async with pool_of(request).acquire() as connection:
        return await reader.all_findings(connection)
