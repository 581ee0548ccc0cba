"""The log in Postgres: the only caller of log.sql."""

from collections.abc import Sequence
from pathlib import Path

from shared.database import Connection, OrderedLog, Record, queries
from shared.http.log_follower import LogEntry
from shared.projections.decoding import Batch

from .domain import EventFilter, tags_of

LOG = OrderedLog("event", "feed_head", "feed")

_Q = queries(Path(__file__).with_name("log.sql"))


async def append(connection: Connection, events: Batch) -> None:
    """Store events at the end of the log, in order; others that append wait until this transaction ends."""
    await insert(connection, await LOG.advance(connection, len(events)), events)
    await LOG.wake(connection)


async def insert(connection: Connection, positions: Sequence[int], events: Batch) -> None:
    """Store events, each at its position, and count them."""
    sources = [event.source for event in events]
    sequences = [event.sequence for event in events]
    await connection.execute(
        _Q.insert_events,
        list(positions),
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


async def count_inserted(connection: Connection, positions: Sequence[int]) -> None:
    """Count events that were stored otherwise."""
    sources = await connection.fetchval(_Q.count_inserted, positions)
    await connection.execute(_Q.close_gaps, sources)


async def list_events(
    connection: Connection, after: int, upto: int, wanted: EventFilter, limit: int
) -> Sequence[Record]:
    """The events asked for past `after`, none past `upto`, in order."""
    if not wanted:
        return await connection.fetch(_Q.list_all, after, upto, limit)
    return await connection.fetch(
        _Q.list_filtered,
        after,
        upto,
        limit,
        wanted.whole_types(),
        wanted.single_subjects(),
        wanted.allowed_types(),
        list(wanted.sources) or None,
    )


async def list_entries(connection: Connection, after: int, limit: int) -> list[LogEntry]:
    """Events past a position, for the stream."""
    return [
        LogEntry(
            row["position"],
            row["type"],
            # Line breaks can only stand between JSON tokens; here they would end the field.
            row["value"].replace(b"\r", b" ").replace(b"\n", b" "),
            tags_of(row["source"], row["type"], row["subject"]),
        )
        for row in await connection.fetch(_Q.list_entries, after, limit)
    ]


async def get_event(connection: Connection, id_: str) -> bytes | None:
    """One event as published."""
    value: bytes | None = await connection.fetchval(_Q.get_event, id_)
    return value


async def list_sources(connection: Connection) -> Sequence[Record]:
    """How far each source has come."""
    return await connection.fetch(_Q.list_sources)
