"""Exact projections: a batch and its watermarks move in one Postgres transaction, so an event counts once."""

from bisect import bisect_left
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import asyncpg

from ..contracts import CONTRACTS, Contract
from ..database import Connection
from ..refusals import Refused
from .decoding import Awaits, Batch, Decoder, Delivered, Incoming, Poison, UnknownType, decoder_of, identify
from .deduplication import Claims
from .halts import Gap
from .watermarks import Mark, Partition, advance, id_of_record, lock

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
class DeadLetter:
    """A record that cannot be folded as it is, and why. `awaits`: until something else is there."""

    partition: Partition
    offset: int
    key: bytes | None
    value: bytes | None
    reason: str
    awaits: bool = False


@dataclass(slots=True)
class Run:
    """Consecutive records of one partition, decoded: `next_offset` is past the last, `offsets[i]` is of `events[i]`."""

    partition: Partition
    next_offset: int
    events: list[Delivered] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)
    dead: list[DeadLetter] = field(default_factory=list)
    first_offset: int = -1
    #: The id of the log, when it is read from its start, and of the last record.
    log_id: str | None = None
    last_id: str | None = None

    def __post_init__(self) -> None:
        self.first_offset = self.next_offset

    @property
    def mark(self) -> Mark:
        """The watermark once it is folded."""
        return Mark(self.partition, self.next_offset, self.log_id, self.last_id)

    def read(self, projection: Projection, records: Iterable[Incoming]) -> None:
        """Decode and check the records that follow. A record without a value is passed over where the log is compacted,
        a dead letter elsewhere.

        Raises Gap when an offset is skipped that compaction cannot have taken.
        """
        decode, check = projection.decoder().decode, projection.check
        keep, keep_offset = self.events.append, self.offsets.append
        wanted, compacted = self.next_offset, self.partition.compacted
        for record in records:
            offset = record.offset
            if offset == 0:
                self.log_id = id_of_record(record.value)
            if offset != wanted and not (compacted and offset > wanted):
                raise _gap(projection.name, self.partition, wanted, offset)
            wanted = offset + 1
            try:
                event = decode(record.value)
                if event is not None:
                    if check is not None:
                        check(event)
                    keep(event)
                    keep_offset(offset)
            except UnknownType as type_:
                if projection.every_type:
                    reason = f"this version does not know the type {type_}: upgrade it, then replay this"
                    self.dead.append(DeadLetter(self.partition, offset, record.key, record.value, reason, True))
            except Poison as why:
                if record.value is None and compacted:
                    continue  # a tombstone takes a key out of a compacted log: it tells of nothing that happened
                awaits = isinstance(why, Awaits)
                self.dead.append(DeadLetter(self.partition, offset, record.key, record.value, str(why), awaits))
        if wanted > self.next_offset:
            self.last_id = id_of_record(record.value)
        self.next_offset = wanted

    def between(self, first: int, end: int) -> "Run":
        """The part from one offset up to another."""
        part = Run(self.partition, first)
        part.next_offset = end
        inside = slice(bisect_left(self.offsets, first), bisect_left(self.offsets, end))
        part.events, part.offsets = self.events[inside], self.offsets[inside]
        part.dead = [letter for letter in self.dead if first <= letter.offset < end]
        part.log_id = self.log_id
        part.last_id = self.last_id if end == self.next_offset else None
        return part


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a batch: where each partition goes on, what was folded or dead-lettered, how many were repeats."""

    next_offsets: Mapping[Partition, int]
    folded: Batch = ()
    duplicates: int = 0
    dead_letters: Sequence[DeadLetter] = ()


async def apply_batch(
    connection: Connection, projection: Projection, runs: Iterable[Run], now: datetime, most_dead: int | None = None
) -> Applied:
    """Fold runs, one per partition, all or nothing.

    Records below the watermark are dropped, so redelivery and a second worker are harmless. Raises Gap when a run of a
    log that is not compacted starts past its watermark or skips an offset, and TooManyDead at `most_dead` dead letters
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
        if not fresh:
            return Applied(watermarks)
        claims = Claims(projection.name)
        await claims.load(connection, [(run.partition.place, run.events) for run in fresh])
        dead = [letter for run in fresh for letter in run.dead]
        unclaimed: list[Delivered] = []
        for run in fresh:
            claimed, reused = claims.claim(run.partition.place, run.events)
            unclaimed += claimed
            dead += [_letter(event, run, _said_before(event)) for event in reused]
        folded, unfoldable = await _fold(connection, projection, unclaimed, now)
        for event, why in unfoldable:
            run = next(run for run in fresh if any(event is each for each in run.events))
            claims.release(run.partition.place, event)
            dead.append(_letter(event, run, f"{type(why).__name__}: {why}", isinstance(why, Awaits)))
        await claims.save(connection)
        await _bury(connection, projection.name, dead, now)
        if dead and most_dead:
            await _refuse_pile(connection, projection.name, fresh, dead, most_dead)
        await advance(
            connection,
            projection.name,
            [(run.mark, run.events[-1].time if run.events else None) for run in fresh],
        )
    read = sum(len(run.events) for run in fresh)
    return Applied(
        next_offsets={**watermarks, **{run.partition: run.next_offset for run in fresh}},
        folded=folded,
        duplicates=read + sum(len(run.dead) for run in fresh) - len(folded) - len(dead),
        dead_letters=dead,
    )


async def fold_letter(
    connection: Connection, projection: Projection, partition: Partition, event: Delivered, now: datetime
) -> bool:
    """Fold an event that was a dead letter, in the caller's transaction; False when it was folded before.

    Raises what makes it poison still.
    """
    await lock(connection, projection.name, [partition])
    claims = Claims(projection.name)
    await claims.load(connection, [(partition.place, [event])])
    claimed, reused = claims.claim(partition.place, [event])
    if reused:
        raise Poison(_said_before(event))
    if claimed:
        async with connection.transaction():
            if projection.check is not None:
                projection.check(event)
            await projection.apply(connection, claimed, now)
        await claims.save(connection)
    return bool(claimed)


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
        raise _gap(projection, run.partition, watermark, run.first_offset)
    if run.first_offset >= watermark:
        return run
    return run.between(watermark, run.next_offset)


def _gap(projection: str, partition: Partition, wanted: int, found: int) -> Gap:
    return Gap(
        partition,
        f"{projection}: {partition.topic}-{partition.number} goes on at offset {found}, but {wanted} was next: records "
        f"are missing from the log. Nothing was skipped. Run `repair`.",
    )


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


def _said_before(event: Delivered) -> str:
    return f"{event.source} gave number {event.number} to another event before"


def _letter(event: Delivered, run: Run, reason: str, awaits: bool = False) -> DeadLetter:
    offset = next(offset for each, offset in zip(run.events, run.offsets, strict=True) if each is event)
    return DeadLetter(run.partition, offset, event.data.key.encode(), event.raw, reason, awaits)


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
