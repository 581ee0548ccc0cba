"""Activity and newsletter triggers as they are read: rows with their sentences, in the direction asked for."""

from collections.abc import Sequence

from shared.database import Connection, Record
from shared.http.log_follower import LogEntry

from . import store, views
from .activities import Activity, Selection, tags_of
from .sentences import Told, mentions, tell

_ALL = Selection()


async def read_activities(
    connection: Connection, selection: Selection, before: int | None, after: int | None, limit: int
) -> views.Activities:
    """Selected activities: past `after`, oldest first, when given; else older than `before`, newest first."""
    if after is None:
        rows = await store.activities_before(connection, selection, before, limit + 1)
    else:
        rows = await store.activities_after(connection, selection, after, limit + 1)
    items = [views.activity(row, told) for row, told in await _told(connection, rows[:limit])]
    return views.Activities(items=items, next=items[-1].id if len(rows) > limit else None)


async def read_triggers(
    connection: Connection, reason: str | None, before: int | None, after: int | None, limit: int
) -> views.Triggers:
    """Newsletter triggers: past `after`, oldest first, when given; else older than `before`, newest first."""
    if after is None:
        rows = await store.triggers_before(connection, reason, before, limit + 1)
    else:
        rows = await store.triggers_after(connection, reason, after, limit + 1)
    items = [views.trigger(row, told) for row, told in await _told(connection, rows[:limit])]
    return views.Triggers(items=items, next=items[-1].position if len(rows) > limit else None)


async def read_tail(connection: Connection, after: int, limit: int) -> list[LogEntry]:
    """Activities past a position, for the stream."""
    rows = await store.activities_after(connection, _ALL, after, limit)
    return [_entry(views.activity(row, told)) for row, told in await _told(connection, rows)]


async def _told(connection: Connection, rows: Sequence[Record]) -> list[tuple[Record, Told]]:
    events = [store.event_of(row) for row in rows]
    names = await store.names(connection, frozenset[str]().union(*map(mentions, events)))
    return [(row, tell(event, names)) for row, event in zip(rows, events, strict=True)]


def _entry(item: views.ActivityView) -> LogEntry:
    activity = Activity(item.initiative, tuple(item.areas), tuple(item.themes), tuple(item.organisations))
    data = item.model_dump_json(by_alias=True).encode()
    return LogEntry(item.id, "activity", data, tags_of(item.type, activity))
