"""Quality findings over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from shared.http.fields import Id
from shared.http.request_state import pool_of

from ..areas.bodies import AreaCode
from . import store, views

router = APIRouter(prefix="/monitor/v1", tags=["impact"])


@router.get("/quality-findings")
async def list_quality_findings(
    request: Request,
    indicator: Id | None = None,
    area: AreaCode | None = None,
    after: Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> views.QualityFindings:
    """What a reader must know of the data."""
    async with pool_of(request).acquire() as connection:
        rows = await store.list_findings(connection, indicator, area, after, limit + 1)
    items = [views.QualityFindingView(**row) for row in rows[:limit]]
    return views.QualityFindings(items=items, next=items[-1].id if len(rows) > limit else None)
