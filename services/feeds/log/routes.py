"""The events over HTTP, page by page and as a stream. Open to every reader, also from another origin."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, Field

from shared.contracts import CONTENT_TYPE
from shared.database import Connection
from shared.http.bodies import Body
from shared.http.fields import Distinct, LongLimit, Position, Token, TypeName
from shared.http.log_follower import LastEventId, LastEventIdQuery, follower_lifespan, follower_of, resume_point
from shared.http.paging import require_known_cursor, wrong_parameter
from shared.http.request_state import pool_of
from shared.http.sse_response import EventStream
from shared.refusals import NotFound
from shared.runtime.settings import Settings
from shared.web.notices import short

from . import store, views
from .domain import KINDS, PUBLIC, EventFilter, sources
from .views import CloudEventView, Events, Sources

router = APIRouter(prefix="/feeds/v1", tags=["feeds"])
#: The stream needs it while the app serves.
lifespan = follower_lifespan(store.LOG, store.list_entries)

_ADVICE = "hij is van een andere feed. Begin opnieuw."


# Names the media type in the OpenAPI document; the answer is bytes that are JSON already.
class _CloudEventResponse(JSONResponse):
    media_type = CONTENT_TYPE


def _known_type(name: str) -> str:
    if name not in PUBLIC:
        raise ValueError(f"kies uit {', '.join(PUBLIC)}")
    return name


def _known_kind(subject: str) -> str:
    kind, slash, _ = subject.partition("/")
    if kind not in KINDS or not slash:
        raise ValueError(f"verwacht <soort>/<kenmerk> of <soort>/ met als soort een van {', '.join(KINDS)}")
    return subject


EventType = Annotated[TypeName, AfterValidator(_known_type)]
Subject = Annotated[Token, AfterValidator(_known_kind)]
Some = Distinct(50)


class EventFilterQuery(Body):
    """Query: which events. An unknown key is refused, so that a misspelt filter does not give everything."""

    type: Annotated[list[EventType], Some, Field(description="event types, any of them")] = []
    subject: Annotated[list[Subject], Some, Field(description="`<kind>/<id>`, or `<kind>/` for all of that kind")] = []
    source: Annotated[list[Token], Some, Field(description="sources, any of them")] = []
    after: Annotated[Position | None, Field(description="cursor: what comes after it")] = None

    def event_filter(self) -> EventFilter:
        """As the domain has it."""
        return EventFilter(frozenset(self.type), frozenset(self.subject), frozenset(self.source))


class EventPageQuery(EventFilterQuery):
    """Query: which events, and how many at a time."""

    limit: LongLimit = 100


class EventStreamQuery(EventFilterQuery):
    """Query: which events, and from where."""

    last_event_id: LastEventIdQuery = None


@router.get("/events", response_model=Events)
async def list_events(request: Request, query: Annotated[EventPageQuery, Query()]) -> Response:
    """Public events in the order of the feed, from the beginning unless `after` says otherwise."""
    after, wanted = int(query.after or 0), query.event_filter()
    async with pool_of(request).acquire() as connection:
        await _require_known_sources(request, connection, wanted)
        head = await views.head(connection)
        require_known_cursor(after, head, _ADVICE)
        page = await views.read_events(connection, after, head, query.limit, wanted)
    more = b"true" if page.more else b"false"
    body = b'{"items":[%s],"next":"%d","more":%s}' % (b",".join(page.values), page.next, more)
    return Response(body, media_type="application/json")


@router.get("/events/{event}", response_model=CloudEventView, response_class=_CloudEventResponse)
async def get_event(request: Request, event: Token) -> Response:
    """One event by its id."""
    async with pool_of(request).acquire() as connection:
        value = await store.get_event(connection, event)
    if value is None:
        raise NotFound("event-not-found", f"Er is geen gebeurtenis {event}.")
    return Response(value, media_type=CONTENT_TYPE)


@router.get("/stream", status_code=200, response_class=EventStream)
async def stream(
    request: Request, query: Annotated[EventStreamQuery, Query()], last_event_id: LastEventId = None
) -> EventStream:
    """Server-sent events: `id` is the cursor, `event` the type, `data` the CloudEvent.

    Goes on after the header `Last-Event-ID`, else after `lastEventId`, else after `after`, else from now on. It begins
    with the `id` of that place, before any event.
    """
    start = resume_point(last_event_id, query.last_event_id, query.after)
    wanted = query.event_filter()
    if wanted.sources:
        async with pool_of(request).acquire() as connection:
            await _require_known_sources(request, connection, wanted)
    return await follower_of(request).response(request, start, wanted, _ADVICE)


async def _require_known_sources(request: Request, connection: Connection, wanted: EventFilter) -> None:
    """Raises Problem for a source that neither says anything here nor ever did: it would find nothing, for ever."""
    settings: Settings = request.app.state.settings
    current = sources(settings.oin)
    if wanted.sources.issubset(current):
        return
    known = sorted({*current, *(row["source"] for row in await store.list_sources(connection))})
    for source in sorted(wanted.sources.difference(known)):
        raise wrong_parameter("source", "unknown-source", f"{short(source)}: kies uit {', '.join(known)}")


@router.get("/sources")
async def list_sources(request: Request) -> Sources:
    """How far each source has come: `sequence` counts per source from 1, so a reader can see what it misses.

    When the platform got another organisation number, its sources got another name and count on from where the old ones
    ended: of such a source `contiguous` stays 0, and its first event says where it begins.
    """
    async with pool_of(request).acquire() as connection:
        return Sources(items=await views.read_sources(connection))
