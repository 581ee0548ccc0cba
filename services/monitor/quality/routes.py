"""Quality findings over HTTP."""

from fastapi import APIRouter, Request

from shared.http.fields import AreaCode, CursorText, Id, LongLimit
from shared.http.request_state import pool_of

from ..areas import register as areas
from ..indicators import register as indicators
from . import store, views

router = APIRouter(prefix="/monitor/v1", tags=["impact"])


@router.get("/quality-findings")
async def list_quality_findings(
    request: Request,
    indicator: Id | None = None,
    area: AreaCode | None = None,
    after: CursorText | None = None,
    limit: LongLimit = 100,
) -> views.QualityFindings:
    """What a reader must know of the data."""
    async with pool_of(request).acquire() as connection:
        await indicators.require_choice(connection, indicator)
        await areas.require_choice(connection, area)
        rows = await store.list_findings(connection, indicator, area, after, limit + 1)
    items = [views.QualityFindingView(**row) for row in rows[:limit]]
    return views.QualityFindings(items=items, next=items[-1].id if len(rows) > limit else None)
