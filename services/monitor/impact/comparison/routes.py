"""The comparison of towns over HTTP."""

from fastapi import APIRouter, Request

from shared.contracts.vocabulary import SourceKind
from shared.http.fields import Id, Period
from shared.http.request_state import pool_of

from ...snapshot import snapshot
from . import comparison, views

router = APIRouter(prefix="/monitor/v1", tags=["impact"])


@router.get("/impact/comparison")
async def get_comparison(
    request: Request,
    indicator: Id,
    period: Period,
    source: SourceKind = SourceKind.SURVEY,
    since: Period | None = None,
) -> views.Comparison:
    """Towns in the programme beside those outside it. This is no proof, and the answer says so."""
    async with pool_of(request).acquire() as connection, snapshot(connection):
        return await comparison.comparison(connection, indicator, source, period, since)
