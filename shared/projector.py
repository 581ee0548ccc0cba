"""Exact projections: a run of records and the watermark move in one Postgres transaction, so an event counts once."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from .database import Connection
from .delivery import Batch, Delivered, Incoming, Poison, Unread, decode, identify

#: Folds a batch, in order, into read tables. Raises Poison for an event that can never be folded.
Apply = Callable[[Connection, Batch, datetime], Awaitable[None]]

#: Refused for what an event says, not for how Postgres feels.
PERMANENT = (Poison, asyncpg.DataError, asyncpg.IntegrityConstraintViolationError)

_LOCK = """
INSERT INTO watermark (projection, topic, partition) VALUES ($1, $2, $3)
ON CONFLICT (projection, topic, partition) DO UPDATE SET projection = excluded.projection
RETURNING next_offset
"""
_ADVANCE = """
UPDATE watermark SET next_offset = $4, event_time = coalesce($5, event_time)
WHERE projection = $1 AND topic = $2 AND partition = $3
"""
_CLAIM = """
INSERT INTO claim (projection, event_id) SELECT DISTINCT $1, id FROM unnest($2::text[]) AS id
ON CONFLICT DO NOTHING RETURNING event_id
"""
_BURY = """
INSERT INTO dead_letter (projection, topic, partition, "offset", event_id, reason, key, value, found_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""


_Event = tuple[Incoming, Delivered]
_Dead = tuple[Incoming, str]


@dataclass(frozen=True, slots=True)
class Projection:
    """A set of read tables kept from topics. Its consumer group is `<service>.<name>`."""

    name: str
    topics: tuple[str, ...]
    apply: Apply
    #: Whether it must have every event: then a type this version does not know stops it, until it is upgraded.
    every_type: bool = False


@dataclass(frozen=True, slots=True)
class Partition:
    """One partition of a topic."""

    topic: str
    number: int


class Outdated(Exception):
    """An event of a type this version does not know, for a projection that may not pass over any."""


class Gap(Exception):
    """Records between the watermark and what the log offers are missing. Nothing was folded."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a run: the next offset, what was folded or dead-lettered, and how many duplicates were dropped."""

    next_offset: int
    folded: tuple[Delivered, ...]
    duplicates: int
    dead_letters: tuple[Incoming, ...]


async def apply_run(
    connection: Connection,
    projection: Projection,
    partition: Partition,
    records: Sequence[Incoming],
    now: datetime,
) -> Applied:
    """Fold a run of consecutive records of one partition, all or nothing.

    Records below the watermark are dropped, so redelivery and a second worker are harmless. Raises Gap when the run
    starts past the watermark or skips an offset; what Postgres raises otherwise is passing trouble or a bug.
    """
    place = (projection.name, partition.topic, partition.number)
    async with connection.transaction():
        watermark: int = await connection.fetchval(_LOCK, *place)
        fresh = [record for record in records if record.offset >= watermark]
        if not fresh:
            return Applied(watermark, (), 0, ())
        _refuse_gap(place, watermark, fresh)
        events, unreadable = _decode(projection, fresh)
        folded, unfoldable = await _fold(connection, projection, events, now)
        for record, reason in [*unreadable, *unfoldable]:
            await connection.execute(
                _BURY, *place, record.offset, identify(record.value).id, reason, record.key, record.value, now
            )
        next_offset = fresh[-1].offset + 1
        await connection.execute(_ADVANCE, *place, next_offset, max((e.time for _, e in events), default=None))
    return Applied(
        next_offset=next_offset,
        folded=tuple(folded),
        duplicates=len(events) - len(folded) - len(unfoldable),
        dead_letters=tuple(record for record, _ in [*unreadable, *unfoldable]),
    )


async def read_watermark(connection: Connection, projection: str, partition: Partition) -> int:
    """The offset a projection goes on from: 0 when it never read the partition."""
    offset: int | None = await connection.fetchval(
        "SELECT next_offset FROM watermark WHERE projection = $1 AND topic = $2 AND partition = $3",
        projection,
        partition.topic,
        partition.number,
    )
    return offset or 0


def _refuse_gap(place: tuple[str, str, int], watermark: int, fresh: Sequence[Incoming]) -> None:
    for expected, record in enumerate(fresh, start=watermark):
        if record.offset != expected:
            name, topic, number = place
            raise Gap(
                f"{name}: {topic}-{number} goes on at offset {record.offset}, but {expected} was next: records are "
                f"missing from the log. Nothing was skipped. Restore the topic, or rebuild the projection."
            )


def _decode(projection: Projection, fresh: Sequence[Incoming]) -> tuple[list[_Event], list[_Dead]]:
    events: list[_Event] = []
    dead: list[_Dead] = []
    for record in fresh:
        try:
            event = decode(record.value)
        except Poison as why:
            dead.append((record, str(why)))
        else:
            if not isinstance(event, Unread):
                events.append((record, event))
            elif projection.every_type:
                raise Outdated(f"{projection.name}: {event.type} is newer than this version: upgrade it")
    return events, dead


async def _fold(
    connection: Connection, projection: Projection, events: Sequence[_Event], now: datetime
) -> tuple[list[Delivered], list[_Dead]]:
    """Claim and apply; what cannot be folded is found by halving, so its neighbours are applied."""
    if not events:
        return [], []
    try:
        async with connection.transaction():
            return await claim_and_apply(connection, projection, [event for _, event in events], now), []
    except PERMANENT as why:
        if len(events) == 1:
            return [], [(events[0][0], f"{type(why).__name__}: {why}")]
    half = len(events) // 2
    first, first_dead = await _fold(connection, projection, events[:half], now)
    second, second_dead = await _fold(connection, projection, events[half:], now)
    return first + second, first_dead + second_dead


async def claim_and_apply(
    connection: Connection, projection: Projection, events: Batch, now: datetime
) -> list[Delivered]:
    """Apply the events this projection never folded before, each once, in order; returns them."""
    rows = await connection.fetch(_CLAIM, projection.name, [event.id for event in events])
    unclaimed = {row["event_id"] for row in rows}
    fresh = []
    for event in events:
        if event.id in unclaimed:
            unclaimed.remove(event.id)
            fresh.append(event)
    if fresh:
        await projection.apply(connection, fresh, now)
    return fresh
