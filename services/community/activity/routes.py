"""The activity over HTTP, page by page and as a stream; open to every reader."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import AfterValidator, Field

from shared.contracts.vocabulary import Theme
from shared.http.bodies import Body
from shared.http.fields import AreaCode, Cursor, Id, Limit, TypeName
from shared.http.log_follower import LastEventId, LastEventIdQuery, follower_lifespan, follower_of, resume_point
from shared.http.paging import AFTER, BEFORE, require_one_direction
from shared.http.request_state import pool_of
from shared.http.sse_response import EventStream

from . import store, views
from .domain import TYPES, ActivityFilter
from .views import Activities

router = APIRouter(prefix="/community/v1", tags=["activity"])
#: The stream needs it while the app serves.
lifespan = follower_lifespan(store.LOG, views.read_entries)


def _known_type(name: str) -> str:
    if name not in TYPES:
        raise ValueError(f"kies uit {', '.join(TYPES)}")
    return name


class ActivityFilterQuery(Body):
    """Query: which activities. An unknown key is refused, so that a misspelt filter does not give everything."""

    initiative: Id | None = None
    municipality: Annotated[AreaCode | None, Field(description="the code of a municipality, region or province")] = None
    theme: Theme | None = None
    organisation: Id | None = None
    type: Annotated[TypeName, AfterValidator(_known_type)] | None = None
    after: Annotated[Cursor | None, AFTER] = None

    def activity_filter(self) -> ActivityFilter:
        """As the domain has it."""
        return ActivityFilter(self.initiative, self.municipality, self.theme, self.organisation, self.type)


class ActivityStreamQuery(ActivityFilterQuery):
    """Query: which activities, and from where."""

    last_event_id: LastEventIdQuery = None


class ActivityPageQuery(ActivityFilterQuery):
    """Query: which activities, in which direction, and how many at a time."""

    before: Annotated[Cursor | None, BEFORE] = None
    limit: Limit = 50


@router.get("/activities")
async def list_activities(request: Request, query: Annotated[ActivityPageQuery, Query()]) -> Activities:
    """What happened, newest first; go on with `before`. With `after` oldest first, to catch up."""
    require_one_direction(query.before, query.after)
    wanted = query.activity_filter()
    async with pool_of(request).acquire() as connection:
        await views.require_known(connection, wanted)
        return await views.read_activities(connection, wanted, query.before, query.after, query.limit)


@router.get("/activities/stream", status_code=200, response_class=EventStream)
async def stream_activities(
    request: Request, query: Annotated[ActivityStreamQuery, Query()], last_event_id: LastEventId = None
) -> EventStream:
    """Server-sent events: `id` is the cursor, `event` is `activity`, `data` one activity as in the list.

    Goes on after the header `Last-Event-ID`, else after `lastEventId`, else after `after`, else from now on. It begins
    with the `id` of that place, before any activity.
    """
    start, wanted = resume_point(last_event_id, query.last_event_id, query.after), query.activity_filter()
    async with pool_of(request).acquire() as connection:
        await views.require_known(connection, wanted)
    return await follower_of(request).response(request, start, wanted, "begin opnieuw.")
