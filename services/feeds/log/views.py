"""Answers of the log, and how they are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from shared.database import Connection
from shared.http.bodies import View
from shared.http.paging import read_page

from . import store
from .domain import EventFilter


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
    """A source: how many of its events are here, the highest sequence, and up to which none is missing, counted from 1:
    0 for a source that goes on where one of another organisation number ended."""

    source: str
    events: int
    highest: int
    contiguous: int


class Sources(View):
    """Every source in the feed."""

    items: list[SourceView]


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events as published, the position to go on after, and whether there is more now."""

    values: Sequence[bytes]
    next: int
    more: bool


async def head(connection: Connection) -> int:
    """The position of the newest event; 0 when there is none."""
    return await store.LOG.head(connection)


async def read_events(connection: Connection, after: int, upto: int, limit: int, wanted: EventFilter) -> EventPage:
    """The events asked for past `after`, none past `upto`. Without more, everything up to `upto` was examined."""
    page = await read_page(partial(store.list_events, connection, after, upto, wanted), limit)
    end = page.next(lambda row: int(row["position"]))
    return EventPage([row["value"] for row in page.rows], upto if end is None else end, page.more)


async def read_sources(connection: Connection) -> list[SourceView]:
    """How far each source has come."""
    return [SourceView(**row) for row in await store.list_sources(connection)]
