"""Exact projections: a batch and its watermarks move in one Postgres transaction, so an event counts once."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from ..contracts import CONTRACTS, Contract
from ..database import Connection
from ..refusals import Refused
from .decoding import Awaits, Batch, Decoder, Delivered, Poison, decoder_of, identify
from .deduplication import Claims
from .runs import DeadLetter, Run, gap
from .watermarks import Partition, advance, lock, reached

#: Folds a batch into read tables; events of one partition stand in order. Raises Poison when one can never be folded.
Apply = Callable[[Connection, Batch, datetime], Awaitable[None]]
#: Raises Poison for an event that can never be folded, by looking at the event only: that costs its neighbours nothing.
Check = Callable[[Delivered], None]

#: Refused for what an event says, not for how Postgres feels; `Refused` is of one that would follow from it and is too
#: large. The last are what Python raises where a fold does not expect what it says: that is a bug of ours, which costs
#: this event until it is mended and not all that come after.
PERMANENT = (
    Poison,
    Refused,
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.ProgramLimitExceededError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
_REASON_LENGTH = 1000

#: The first place, at or past an offset, where so many dead letters stand in a row.
_PILE = """
SELECT min(upto) FROM (
    SELECT (array_agg("offset" ORDER BY "offset"))[$5] AS upto
    FROM (
        SELECT "offset", "offset" - row_number() OVER (ORDER BY "offset") AS stretch FROM dead_letter
        WHERE projection = $1 AND topic = $2 AND partition = $3 AND replayed_at IS NULL AND NOT awaits
              AND "offset" >= $4::bigint - $5::integer
    ) AS dead GROUP BY stretch
) AS pile WHERE upto >= $4::bigint
"""
_BURY = """
INSERT INTO dead_letter (projection, topic, partition, "offset", event_id, reason, key, value, awaits, found_at)
SELECT $1, topic, partition, "offset", event_id, reason, key, value, awaits, $2
FROM unnest($3::text[], $4::integer[], $5::bigint[], $6::text[], $7::text[], $8::bytea[], $9::bytea[], $10::boolean[])
     AS dead (topic, partition, "offset", event_id, reason, key, value, awaits)
"""


@dataclass(frozen=True, slots=True)
class Projection:
    """A set of read tables kept from topics. Its consumer group is `<service>.<name>`."""

    name: str
    topics: tuple[str, ...]
    apply: Apply
    #: The event types it reads, all of its topics by default; it passes over the others.
    reads: tuple[type[Contract], ...] | None = None
    check: Check | None = None
    #: Whether it must have every event: then one of a type this version does not know is set aside as a dead letter, to
    #: be replayed after the upgrade; else it is passed over.
    every_type: bool = False

    def decoder(self) -> Decoder:
        """Reads what this projection reads."""
        return decoder_of(self.reads or tuple(c for c in CONTRACTS.values() if c.topic in self.topics))


class TooManyDead(Exception):
    """So many records in a row are dead letters that the trouble is elsewhere. Nothing was folded.

    `upto` is the offset of the last one that is allowed.

    Seen by: the consumer, which keeps those letters and raises Halted. Ends: the batch.
    """

    def __init__(self, partition: "Partition", upto: int) -> None:
        super().__init__(f"{partition.topic}-{partition.number}: too many dead letters in a row, up to offset {upto}")
        self.partition = partition
        self.upto = upto


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a batch: where each partition goes on, what was folded or dead-lettered, how many were repeats.

    `held` partitions go on before what was read: at where the topic has grown, once the others are read up to there.
    """

    next_offsets: Mapping[Partition, int]
    folded: Batch = ()
    duplicates: int = 0
    dead_letters: Sequence[DeadLetter] = ()
    held: Sequence[Partition] = ()


async def apply_batch(
    connection: Connection, projection: Projection, runs: Iterable[Run], now: datetime, most_dead: int | None = None
) -> Applied:
    """Fold runs, one per partition, all or nothing.

    Records below the watermark are dropped, so redelivery and a second worker are harmless. Raises Gap when a run of a
    log that is not compacted starts past its watermark or skips a number, and TooManyDead at `most_dead` dead letters
    in a row; what Postgres raises otherwise is passing trouble or a bug.
    """
    by_partition = {run.partition: run for run in runs}
    async with connection.transaction():
        watermarks = await lock(connection, projection.name, sorted(by_partition))
        fresh = [
            left
            for partition, watermark in watermarks.items()
            if (left := _from(projection.name, by_partition[partition], watermark)) is not None
        ]
        fresh, held = await _hold(connection, projection.name, fresh, watermarks)
        if not fresh:
            return Applied(watermarks, held=held)
        claims = Claims(projection.name)
        await claims.load(connection, fresh)
        claimed = [claims.claim(run) for run in fresh]
        dead = [letter for each in claimed for letter in each.letters]
        folded, unfoldable = await _fold(connection, projection, [e for each in claimed for e in each.events], now)
        for event, why in unfoldable:
            run = next(run for run in fresh if any(event is each for each in run.found))
            dead.append(run.letter(event, f"{type(why).__name__}: {why}", isinstance(why, Awaits)))
        await claims.save(connection)
        await _bury(connection, projection.name, dead, now)
        if dead and most_dead:
            await _refuse_pile(connection, projection.name, fresh, dead, most_dead)
        await advance(
            connection,
            projection.name,
            [(run.mark, run.last_time) for run in fresh],
        )
    return Applied(
        next_offsets={**watermarks, **{run.partition: run.next_offset for run in fresh}},
        folded=folded,
        duplicates=sum(each.repeats for each in claimed),
        dead_letters=dead,
        held=held,
    )


async def fold_letter(connection: Connection, projection: Projection, event: Delivered, now: datetime) -> None:
    """Fold an event that was a dead letter, in the caller's transaction, which holds the letter and the watermark of
    its partition: reading went past it when it was set aside, so nobody else folds it.

    Raises what makes it poison still.
    """
    async with connection.transaction():
        if projection.check is not None:
            projection.check(event)
        await projection.apply(connection, [event], now)


async def pile_of_dead(
    connection: Connection, projection: str, partition: Partition, offset: int, most: int
) -> int | None:
    """The first offset, at or past `offset`, that is the last of `most` dead letters in a row; None without.

    Letters that were replayed do not count, nor do those that await something.
    """
    upto: int | None = await connection.fetchval(_PILE, projection, *partition.place, offset, most)
    return upto


def _from(projection: str, run: Run, watermark: int) -> Run | None:
    """What lies at or past the watermark, None when nothing does. Raises Gap."""
    if run.next_offset <= watermark:
        return None
    if run.first_offset > watermark and not run.partition.compacted:
        raise gap(projection, run.partition, watermark, run.first_offset)
    if run.first_offset >= watermark:
        return run
    return run.between(watermark, run.next_offset)


async def _hold(
    connection: Connection, projection: str, runs: Sequence[Run], watermarks: Mapping[Partition, int]
) -> tuple[list[Run], list[Partition]]:
    """Runs up to where a topic has grown and its older partitions are not read that far, and which those are: what they
    go on with may follow on what is not folded yet. Runs stand in the order of their partitions."""
    places, kept, held = dict(watermarks), list[Run](), list[Partition]()
    for run in runs:
        for offset, growth in run.growths:
            older = {Partition(run.partition.topic, number): end for number, end in enumerate(growth.ends)}
            there = {**await reached(connection, projection, older), **places}
            if any(there.get(partition, 0) < end for partition, end in older.items()):
                held.append(run.partition)
                run = run.between(run.first_offset, offset)
                break
        places[run.partition] = run.next_offset
        if run.next_offset > run.first_offset:
            kept.append(run)
    return kept, held


async def _fold(
    connection: Connection, projection: Projection, events: Sequence[Delivered], now: datetime
) -> tuple[Sequence[Delivered], list[tuple[Delivered, Exception]]]:
    """Apply; what cannot be folded is found by halving, so its neighbours are applied."""
    if not events:
        return [], []
    try:
        async with connection.transaction():
            await projection.apply(connection, events, now)
            return events, []
    except PERMANENT as why:
        if len(events) == 1:
            return [], [(events[0], why)]
    half = len(events) // 2
    first, first_dead = await _fold(connection, projection, events[:half], now)
    second, second_dead = await _fold(connection, projection, events[half:], now)
    return [*first, *second], [*first_dead, *second_dead]


async def _bury(connection: Connection, projection: str, dead: Sequence[DeadLetter], now: datetime) -> None:
    if dead:
        rows = [
            (
                *letter.partition.place,
                letter.offset,
                _stored(identify(letter.value).id),
                _stored(letter.reason[:_REASON_LENGTH]),
                letter.key,
                letter.value,
                letter.awaits,
            )
            for letter in dead
        ]
        await connection.execute(_BURY, projection, now, *map(list, zip(*rows, strict=True)))


def _stored(text: str | None) -> str | None:
    """As Postgres can keep it: what it cannot is what this may be a dead letter for."""
    return text and text.replace("\0", "\N{REPLACEMENT CHARACTER}")


async def _refuse_pile(
    connection: Connection, projection: str, runs: Iterable[Run], dead: Iterable[DeadLetter], most: int
) -> None:
    offsets: dict[Partition, list[int]] = {}
    for letter in dead:
        offsets.setdefault(letter.partition, []).append(letter.offset)
    for run in runs:
        # A pile stands in this run whole, or goes on from before it at its first record. Else there is nothing to ask.
        found = offsets.get(run.partition, ())
        if len(found) < most and run.first_offset not in found:
            continue
        upto = await pile_of_dead(connection, projection, run.partition, run.first_offset, most)
        if upto is not None:
            raise TooManyDead(run.partition, upto)
