"""The newsletter triggers over HTTP; open to every reader."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from shared.contracts.vocabulary import TriggerReason
from shared.http.bodies import Body
from shared.http.fields import Cursor, Limit
from shared.http.paging import AFTER, BEFORE, require_one_direction
from shared.http.request_state import pool_of

from . import views
from .views import Triggers

router = APIRouter(prefix="/community/v1", tags=["activity"])


class TriggerPageQuery(Body):
    """Query: which triggers, in which direction, and how many at a time."""

    reason: TriggerReason | None = None
    before: Annotated[Cursor | None, BEFORE] = None
    after: Annotated[Cursor | None, AFTER] = None
    limit: Limit = 50


@router.get("/newsletter-triggers")
async def list_triggers(request: Request, query: Annotated[TriggerPageQuery, Query()]) -> Triggers:
    """What the newsletter may want to tell, newest first; go on with `before`. With `after` oldest first."""
    require_one_direction(query.before, query.after)
    async with pool_of(request).acquire() as connection:
        return await views.read_triggers(connection, query.reason, query.before, query.after, query.limit)
