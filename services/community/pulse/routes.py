"""The pulse over HTTP; open to every reader."""

from fastapi import APIRouter, Request

from shared.http.request_state import pool_of

from .views import PulseView, read_pulse

router = APIRouter(prefix="/community/v1", tags=["pulse"])


@router.get("/pulse")
async def read_the_pulse(request: Request) -> PulseView:
    """What is lively in the programme these days: themes, areas and initiatives by how often there was news of them.

    Approximate, and of the present: for what must be exact there are the activity and the feeds.
    """
    async with pool_of(request).acquire() as connection:
        return await read_pulse(request, connection)
