"""Postgres of the feeds service: the only caller of queries.sql."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.database import Connection, Record, queries
from shared.http.log_follower import LogEntry
from shared.projections.decoding import Batch

from .domain import Selection, tags_of

#: What `wake_readers` notifies.
CHANNEL = "feed"

_Q = queries(Path(__file__).with_name("queries.sql"))


@dataclass(frozen=True, slots=True)
class Page:
    """Events as published, the position to go on after, and whether there is more now."""

    values: list[bytes]
    next: int
    more: bool


async def append(connection: Connection, events: Batch) -> None:
    """Store events at the end of the feed, in order; others that append wait until this transaction ends."""
    last: int = await connection.fetchval(_Q.advance_head, len(events))
    sources = [event.source for event in events]
    sequences = [event.sequence for event in events]
    await connection.execute(
        _Q.insert_events,
        last - len(events),
        [event.id for event in events],
        sources,
        sequences,
        [event.type for event in events],
        [event.data.subject for event in events],
        [event.time for event in events],
        [event.raw for event in events],
    )
    await connection.execute(_Q.count_sources, sources, sequences)
    await connection.execute(_Q.close_gaps, list(set(sources)))
    await connection.execute(_Q.wake_readers)


async def head(connection: Connection) -> int:
    """The position of the newest event; 0 when there is none."""
    position: int = await connection.fetchval(_Q.head)
    return position


async def page(connection: Connection, after: int, upto: int, limit: int, selection: Selection) -> Page:
    """The selected events past `after`, none past `upto`. Without more, everything up to `upto` was examined."""
    if selection:
        rows: Sequence[Record] = await connection.fetch(
            _Q.page_selected,
            after,
            upto,
            limit + 1,
            selection.whole_types(),
            selection.single_subjects(),
            selection.allowed_types(),
            list(selection.sources) or None,
        )
    else:
        rows = await connection.fetch(_Q.page_all, after, upto, limit + 1)
    more = len(rows) > limit
    return Page([row["value"] for row in rows[:limit]], rows[limit - 1]["position"] if more else upto, more)


async def read_tail(connection: Connection, after: int, limit: int) -> list[LogEntry]:
    """Events past a position, for the stream."""
    return [
        LogEntry(
            row["position"],
            row["type"],
            # Line breaks can only stand between JSON tokens; here they would end the field.
            row["value"].replace(b"\r", b" ").replace(b"\n", b" "),
            tags_of(row["source"], row["type"], row["subject"]),
        )
        for row in await connection.fetch(_Q.tail, after, limit)
    ]


async def get_event(connection: Connection, id_: str) -> bytes | None:
    """One event as published."""
    value: bytes | None = await connection.fetchval(_Q.get_event, id_)
    return value


async def list_sources(connection: Connection) -> Sequence[Record]:
    """How far each source has come."""
    return await connection.fetch(_Q.list_sources)
