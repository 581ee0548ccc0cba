"""Answers of the activity, and how they are read: rows with their sentences, in the direction asked for."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from shared.contracts.catalogue import Concerns, Sentence
from shared.contracts.vocabulary import Theme
from shared.database import Connection, Record
from shared.http.bodies import View
from shared.http.log_follower import LogEntry
from shared.http.paging import read_page
from shared.refusals import NotFound
from shared.web.dutch import dutch_moment

from ..names import views as names
from . import store
from .domain import ActivityFilter, tags_of

_ALL = ActivityFilter()
_DUTCH = {"initiative": "initiatief", "municipality": "gebied", "organisation": "organisatie"}


class ActivityView(View):
    """Something that happened, told in Dutch. `id` is its place in the activity and the cursor; `about` the subject."""

    id: int
    event_id: str
    type: str
    kind_label: str
    time: datetime
    time_text: str
    text: str
    href: str
    about: str
    initiative: str | None
    areas: list[str]
    themes: list[Theme]
    organisations: list[str]


class Activities(View):
    """A page of activities; `next` is the cursor for the following page in the same direction, null on the last."""

    items: list[ActivityView]
    next: int | None


async def head(connection: Connection) -> int:
    """The position of the newest activity; 0 when there is none."""
    return await store.LOG.head(connection)


async def unknown_parts(connection: Connection, wanted: ActivityFilter) -> list[str]:
    """The parts of a filter that name what was never there: it would be an empty list for ever."""
    things = wanted.things()
    known = await names.known_of(connection, things.values()) if things else ()
    return [part for part, thing in things.items() if thing not in known]


async def require_known(connection: Connection, wanted: ActivityFilter) -> None:
    """Raise NotFound when a filter names what was never there."""
    for part in await unknown_parts(connection, wanted):
        raise NotFound(f"unknown-{part}", f"{part}: er is geen {_DUTCH[part]} {getattr(wanted, part)}.")


async def read_activities(
    connection: Connection, wanted: ActivityFilter, before: int | None, after: int | None, limit: int
) -> Activities:
    """The activities asked for: past `after`, oldest first, when given; else older than `before`, newest first."""
    if after is None:
        read = partial(store.activities_before, connection, wanted, before)
    else:
        read = partial(store.activities_after, connection, wanted, after)
    page = await read_page(read, limit)
    return Activities(items=await _items(connection, page.rows), next=page.next(lambda row: row["position"]))


async def read_entries(connection: Connection, after: int, limit: int) -> list[LogEntry]:
    """Activities past a position, for the stream."""
    rows = await store.activities_after(connection, _ALL, after, limit)
    return [_entry(item) for item in await _items(connection, rows)]


async def _items(connection: Connection, rows: Sequence[Record]) -> list[ActivityView]:
    return list(map(_item, rows, await names.read_sentences(connection, rows)))


def _item(row: Record, sentence: Sentence) -> ActivityView:
    return ActivityView(
        id=row["position"],
        event_id=row["event_id"],
        type=row["type"],
        kind_label=sentence.label,
        time=row["occurred_at"],
        time_text=dutch_moment(row["occurred_at"]),
        text=sentence.text,
        href=sentence.href,
        about=row["about"],
        initiative=row["initiative"],
        areas=row["areas"],
        themes=row["themes"],
        organisations=row["organisations"],
    )


def _entry(item: ActivityView) -> LogEntry:
    concerns = Concerns(
        item.initiative,
        other_areas=tuple(item.areas),
        themes=tuple(item.themes),
        organisations=tuple(item.organisations),
    )
    data = item.model_dump_json(by_alias=True).encode()
    return LogEntry(item.id, "activity", data, tags_of(item.type, concerns))
