"""HTTP edge of the feeds service: translates, never decides. Open to every reader, also from another origin."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import AfterValidator, Field, StringConstraints

from shared.contracts import CONTENT_TYPE, schema_path
from shared.database import Pool
from shared.http import log_follower
from shared.http.bodies import Body, View
from shared.http.fields import OneLine
from shared.http.log_follower import LogFollower
from shared.http.problems import Problem
from shared.http.request_state import pool_of
from shared.refusals import NotFound
from shared.runtime.settings import Settings

from . import documents, store
from .domain import KINDS, PUBLIC, Selection, summary

router = APIRouter(prefix="/feeds/v1", tags=["feeds"])
_OPEN = {"Access-Control-Allow-Origin": "*"}


# These name the media types in the OpenAPI document; answers are bytes that are JSON already.
class _CloudEventResponse(JSONResponse):
    media_type = CONTENT_TYPE


class _SchemaResponse(JSONResponse):
    media_type = "application/schema+json"


class _AsyncApiResponse(JSONResponse):
    media_type = "application/vnd.aai.asyncapi+json"


def _known_type(name: str) -> str:
    if name not in PUBLIC:
        raise ValueError(f"kies uit {', '.join(PUBLIC)}")
    return name


def _known_kind(subject: str) -> str:
    kind, slash, _ = subject.partition("/")
    if kind not in KINDS or not slash:
        raise ValueError(f"verwacht <soort>/<kenmerk> of <soort>/ met als soort een van {', '.join(KINDS)}")
    return subject


EventType = Annotated[str, AfterValidator(_known_type)]
Subject = Annotated[OneLine, AfterValidator(_known_kind)]
Cursor = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,18}$")]
Some = Field(max_length=50)


class Selecting(Body):
    """Query: which events. An unknown key is refused, so that a misspelt filter does not give everything."""

    type: Annotated[list[EventType], Some, Field(description="event types, any of them")] = []
    subject: Annotated[list[Subject], Some, Field(description="`<kind>/<id>`, or `<kind>/` for all of that kind")] = []
    source: Annotated[list[OneLine], Some, Field(description="sources, any of them")] = []
    after: Annotated[Cursor | None, Field(description="cursor: what comes after it")] = None

    def selection(self) -> Selection:
        """As the domain has it."""
        return Selection(frozenset(self.type), frozenset(self.subject), frozenset(self.source))


class PageQuery(Selecting):
    """Query: which events, and how many at a time."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 100


class CloudEventView(View):
    """A CloudEvent as published; its data follows the schema of its type."""

    specversion: str
    id: str
    source: str
    type: str
    subject: str
    time: datetime
    datacontenttype: str
    dataschema: str
    partitionkey: str
    sequence: str
    sequencetype: str
    correlationid: str
    causationid: str | None = None
    traceparent: str
    data: dict[str, object]


class Events(View):
    """Events in feed order. Go on with `next`, also when nothing was found; `more` says whether that gives more now."""

    items: list[CloudEventView]
    next: str
    more: bool


class SourceView(View):
    """A source: how many of its events are here, the highest sequence, and up to which none is missing."""

    source: str
    events: int
    highest: int
    contiguous: int


class Sources(View):
    """Every source in the feed."""

    items: list[SourceView]


class TypeView(View):
    """An event type, the Kafka topic it is on, the kind in its subject and where its schema is."""

    type: str
    topic: str
    kind: str
    description: str
    schema_url: str


class Types(View):
    """Every public event type."""

    items: list[TypeView]


def _refuse_ahead(after: int, head: int) -> None:
    """A cursor of another or a restored feed would silently skip what comes until the feed has caught up with it."""
    if after > head:
        detail = f"Deze cursor ligt voorbij het einde van de feed ({head}): hij is van een andere feed. Begin opnieuw."
        raise Problem(400, "cursor-ahead", detail, [{"parameter": "after", "in": "query", "detail": detail}])


@router.get("/events", response_model=Events)
async def list_events(request: Request, query: Annotated[PageQuery, Query()]) -> Response:
    """Public events in the order of the feed, from the beginning unless `after` says otherwise."""
    after = int(query.after or 0)
    async with pool_of(request).acquire() as connection:
        head = await store.head(connection)
        _refuse_ahead(after, head)
        page = await store.page(connection, after, head, query.limit, query.selection())
    more = b"true" if page.more else b"false"
    body = b'{"items":[%s],"next":"%d","more":%s}' % (b",".join(page.values), page.next, more)
    return Response(body, media_type="application/json", headers=_OPEN)


@router.get("/events/{event}", response_model=CloudEventView, response_class=_CloudEventResponse)
async def get_event(request: Request, event: OneLine) -> Response:
    """One event by its id."""
    async with pool_of(request).acquire() as connection:
        value = await store.get_event(connection, event)
    if value is None:
        raise NotFound("event-not-found", f"Er is geen gebeurtenis {event}.")
    return Response(value, media_type=CONTENT_TYPE, headers=_OPEN)


@router.get("/stream", response_class=StreamingResponse)
async def stream(request: Request, query: Annotated[Selecting, Query()]) -> StreamingResponse:
    """Server-sent events: `id` is the cursor, `event` the type, `data` the CloudEvent.

    Goes on after `Last-Event-ID`, else after `after`, else from now on.
    """
    start = log_follower.resume_point(request.headers.get("last-event-id"), int(query.after or 0))
    async with pool_of(request).acquire() as connection:
        _refuse_ahead(start, await store.head(connection))
    follow: LogFollower = request.app.state.tail
    response = follow.response(request, int(query.after) if query.after else None, query.selection())
    response.headers.update(_OPEN)
    return response


@router.get("/sources")
async def list_sources(request: Request) -> Sources:
    """How far each source has come: `sequence` counts per source from 1, so a reader can see what it misses."""
    async with pool_of(request).acquire() as connection:
        rows = await store.list_sources(connection)
    return Sources(items=[SourceView(**row) for row in rows])


@router.get("/types")
async def list_types() -> Types:
    """The event types that can be read."""
    return Types(
        items=[
            TypeView(
                type=name,
                topic=contract.topic,
                kind=contract.kind,
                description=summary(contract),
                schema_url=schema_path(name),
            )
            for name, contract in PUBLIC.items()
        ]
    )


@router.get("/schemas/{type}.json", response_model=None, response_class=_SchemaResponse)
async def get_schema(request: Request, type: str) -> Response:
    """The JSON Schema of an event type's data."""
    if type not in PUBLIC:
        raise NotFound("unknown-event-type", f"Er is geen openbaar soort gebeurtenis {type}.")
    settings: Settings = request.app.state.settings
    body = documents.schema(PUBLIC[type], settings.public_url)
    return Response(body, media_type=_SchemaResponse.media_type, headers=_OPEN)


@router.get("/asyncapi.json", response_model=None, response_class=_AsyncApiResponse)
async def get_asyncapi() -> Response:
    """The AsyncAPI document of the public topics."""
    return Response(documents.ASYNCAPI, media_type=_AsyncApiResponse.media_type, headers=_OPEN)


@asynccontextmanager
async def tailing(app: FastAPI, pool: Pool) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    async with pool.acquire() as connection:
        head = await store.head(connection)
    app.state.tail = LogFollower("feeds", settings, pool, store.CHANNEL, store.read_tail)
    app.state.checks.append(app.state.tail.problem)
    async with app.state.tail.running(head):
        yield
