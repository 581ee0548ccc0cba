"""HTTP edge of the activity and the newsletter triggers; open to every reader."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import AfterValidator, Field

from shared.contracts.vocabulary import Theme, TriggerReason
from shared.database import Pool
from shared.http import log_follower
from shared.http.bodies import Body
from shared.http.fields import Id
from shared.http.log_follower import LogFollower
from shared.http.problems import Problem
from shared.http.request_state import pool_of
from shared.runtime.settings import Settings

from . import feed, store
from .activities import TYPES, Selection
from .bodies import AreaCode
from .views import Activities, Triggers

router = APIRouter(prefix="/community/v1", tags=["activity"])


def _known_type(name: str) -> str:
    if name not in TYPES:
        raise ValueError(f"kies uit {', '.join(TYPES)}")
    return name


Cursor = Annotated[int | None, Field(ge=0, le=2**62)]
Limit = Annotated[int, Field(ge=1, le=200)]
_BEFORE = Field(description="cursor: newest first, older than this")
_AFTER = Field(description="cursor: oldest first, past this; for catching up")


class SelectionQuery(Body):
    """Query: which activities. An unknown key is refused, so that a misspelt filter does not give everything."""

    initiative: Id | None = None
    municipality: Annotated[AreaCode | None, Field(description="the code of a municipality, region or province")] = None
    theme: Theme | None = None
    organisation: Id | None = None
    type: Annotated[str, AfterValidator(_known_type)] | None = None
    after: Annotated[Cursor, _AFTER] = None

    def selection(self) -> Selection:
        """As the reader has it."""
        return Selection(self.initiative, self.municipality, self.theme, self.organisation, self.type)


class PageQuery(SelectionQuery):
    """Query: which activities, in which direction, and how many at a time."""

    before: Annotated[Cursor, _BEFORE] = None
    limit: Limit = 50


class TriggerQuery(Body):
    """Query: which triggers, in which direction, and how many at a time."""

    reason: TriggerReason | None = None
    before: Annotated[Cursor, _BEFORE] = None
    after: Annotated[Cursor, _AFTER] = None
    limit: Limit = 50


def _refuse(parameter: str, code: str, detail: str) -> Problem:
    return Problem(400, code, detail, [{"parameter": parameter, "in": "query", "detail": detail}])


def _one_direction(before: int | None, after: int | None) -> None:
    if before is not None and after is not None:
        raise _refuse("after", "two-directions", "Kies before (nieuwste eerst) of after (oudste eerst), niet allebei.")


@router.get("/activities")
async def list_activities(request: Request, query: Annotated[PageQuery, Query()]) -> Activities:
    """What happened, newest first; go on with `before`. With `after` oldest first, to catch up."""
    _one_direction(query.before, query.after)
    async with pool_of(request).acquire() as connection:
        return await feed.read_activities(connection, query.selection(), query.before, query.after, query.limit)


@router.get("/activities/stream", response_class=StreamingResponse)
async def stream_activities(request: Request, query: Annotated[SelectionQuery, Query()]) -> StreamingResponse:
    """Server-sent events: `id` is the cursor, `event` is `activity`, `data` one activity as in the list.

    Goes on after `Last-Event-ID`, else after `after`, else from now on.
    """
    start = log_follower.resume_point(request.headers.get("last-event-id"), query.after or 0)
    async with pool_of(request).acquire() as connection:
        head = await store.head(connection)
    if start > head:
        # The cursor of another or a restored feed would silently skip what comes.
        raise _refuse(
            "after", "cursor-ahead", f"Deze cursor ligt voorbij het einde van de feed ({head}): begin opnieuw."
        )
    follow: LogFollower = request.app.state.tail
    return follow.response(request, query.after, query.selection())


@router.get("/newsletter-triggers")
async def list_triggers(request: Request, query: Annotated[TriggerQuery, Query()]) -> Triggers:
    """What the newsletter may want to tell, newest first; go on with `before`. With `after` oldest first."""
    _one_direction(query.before, query.after)
    async with pool_of(request).acquire() as connection:
        return await feed.read_triggers(connection, query.reason, query.before, query.after, query.limit)


@asynccontextmanager
async def tailing(app: FastAPI, pool: Pool) -> AsyncIterator[None]:
    """Follow the activity while the app serves."""
    settings: Settings = app.state.settings
    async with pool.acquire() as connection:
        head = await store.head(connection)
    app.state.tail = LogFollower("community", settings, pool, store.CHANNEL, feed.read_tail)
    app.state.checks.append(app.state.tail.problem)
    async with app.state.tail.running(head):
        yield
