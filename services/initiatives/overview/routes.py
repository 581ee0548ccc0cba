"""HTTP routes of an initiative as a whole."""

from fastapi import APIRouter, Request

from shared.http.fields import Id
from shared.http.request_state import pool_of

from ..lessons import reader as lessons
from ..register import reader as register
from .views import History

router = APIRouter(prefix="/initiatives/v1", tags=["initiatives"])


@router.get("/initiatives/{initiative}/history")
async def get_history(request: Request, initiative: Id) -> History:
    """The phases and lessons of an initiative."""
    async with pool_of(request).acquire() as connection:
        await register.require_initiative(connection, initiative)
        return History(
            phases=await register.phases_of(connection, initiative),
            lessons=await lessons.lessons_of(connection, initiative),
        )
