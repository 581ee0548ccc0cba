"""The matrix over HTTP."""

from fastapi import APIRouter, Request

from shared.http.fields import Day
from shared.http.request_state import pool_of

from ...snapshot import snapshot
from ..goals.register import today
from . import matrix, views

router = APIRouter(prefix="/monitor/v1", tags=["impact"])


@router.get("/impact/matrix")
async def get_matrix(request: Request, on: Day | None = None) -> views.Matrix:
    """The three levels by the two questions, today or with the due dates of another day."""
    async with pool_of(request).acquire() as connection, snapshot(connection):
        return await matrix.matrix(connection, on or today())
