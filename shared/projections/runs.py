"""What was read of a partition, record by record: events to fold, what cannot be folded, what is passed over."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaConsumer, TopicPartition

from ..contracts.control import Growth, growth_in
from ..contracts.slots import slot_numbers
from ..kafka.reader import Incoming
from .decoding import Awaits, Delivered, Poison, UnknownType
from .halts import Gap
from .watermarks import Mark, Partition, id_of_record

if TYPE_CHECKING:
    from .projector import Projection

#: How often it is looked at whether a partition that waits for others can go on.
_WAIT_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record that cannot be folded as it is, and why. `awaits`: until something else is there."""

    partition: Partition
    offset: int
    key: bytes | None
    value: bytes | None
    reason: str
    awaits: bool = False


#: An event, what is no event, or None for one that is passed over.
Found = Delivered | DeadLetter | None


@dataclass(slots=True)
class Run:
    """Consecutive records of one partition, decoded: `next_offset` is past the last.

    Of the n-th record that is an event or cannot be one, `offsets` has the offset, `numbers` the number in its slot as
    its header has it, and `found` what it is: None for an event that is passed over.
    """

    partition: Partition
    next_offset: int
    offsets: list[int] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    #: Where the topic has grown: not to be passed before its other partitions are read up to there.
    growths: list[tuple[int, Growth]] = field(default_factory=list)
    first_offset: int = -1
    #: The id of the log, when it is read from its start, and of the last record.
    log_id: str | None = None
    last_id: str | None = None

    def __post_init__(self) -> None:
        self.first_offset = self.next_offset

    @property
    def events(self) -> list[Delivered]:
        """The events that are read."""
        return [one for one in self.found if one is not None and not isinstance(one, DeadLetter)]

    @property
    def dead(self) -> list[DeadLetter]:
        """The records that cannot be read."""
        return [one for one in self.found if isinstance(one, DeadLetter)]

    @property
    def mark(self) -> Mark:
        """The watermark once it is folded."""
        return Mark(self.partition, self.next_offset, self.log_id, self.last_id)

    @property
    def last_time(self) -> datetime | None:
        """When the last event was logged."""
        return next((one.time for one in reversed(self.found) if isinstance(one, Delivered)), None)

    def read(self, projection: "Projection", records: Sequence[Incoming]) -> None:
        """Decode and check the records that follow. A record without a value is passed over where the log is compacted,
        a dead letter elsewhere.

        Raises Gap when an offset is skipped that compaction cannot have taken.
        """
        decode, check = projection.decoder().decode, projection.check
        keep, keep_offset, keep_number = self.found.append, self.offsets.append, self.numbers.append
        wanted, compacted = self.next_offset, self.partition.compacted
        for record, number in zip(records, slot_numbers([each.headers for each in records]), strict=True):
            offset = record.offset
            if offset == 0:
                self.log_id = id_of_record(record.value)
            if offset != wanted and not (compacted and offset > wanted):
                raise gap(projection.name, self.partition, wanted, offset)
            wanted = offset + 1
            found: Found
            try:
                found = decode(record.value)
                if found is None:
                    if not number and (growth := growth_in(record.value)) is not None:
                        self.growths.append((offset, growth))
                elif not number:
                    raise Poison("the record has no number in a slot")
                elif check is not None:
                    check(found)
            except UnknownType as type_:
                found = None
                if projection.every_type:
                    reason = f"this version does not know the type {type_}: upgrade it, then replay this"
                    found = DeadLetter(self.partition, offset, record.key, record.value, reason, True)
            except Poison as why:
                found = None
                # A tombstone takes a key out of a compacted log: it tells of nothing that happened.
                if record.value is not None or not compacted:
                    awaits = isinstance(why, Awaits)
                    found = DeadLetter(self.partition, offset, record.key, record.value, str(why), awaits)
            if number or found is not None:
                keep(found)
                keep_offset(offset)
                keep_number(number)
        if wanted > self.next_offset:
            self.last_id = id_of_record(record.value)
        self.next_offset = wanted

    def between(self, first: int, end: int) -> "Run":
        """The part from one offset up to another."""
        part = Run(self.partition, first)
        part.next_offset = end
        inside = slice(bisect_left(self.offsets, first), bisect_left(self.offsets, end))
        part.offsets, part.numbers, part.found = self.offsets[inside], self.numbers[inside], self.found[inside]
        part.growths = [growth for growth in self.growths if first <= growth[0] < end]
        part.log_id = self.log_id
        part.last_id = self.last_id if end == self.next_offset else None
        return part

    def letter(self, event: Delivered, reason: str, awaits: bool = False) -> DeadLetter:
        """The dead letter of an event in it."""
        offset = next(offset for each, offset in zip(self.found, self.offsets, strict=True) if each is event)
        return DeadLetter(self.partition, offset, event.data.key.encode(), event.raw, reason, awaits)


class GrowthWaits:
    """The partitions of a consumer that wait where their topic has grown, until the older ones are read up to there."""

    def __init__(self) -> None:
        self._since: dict[TopicPartition, float] = {}

    @property
    def partitions(self) -> Collection[TopicPartition]:
        """Those that wait now."""
        return self._since.keys()

    def begin(
        self,
        consumer: AIOKafkaConsumer,
        held: Iterable[Partition],
        positions: Mapping[TopicPartition, int],
        now: float,
    ) -> None:
        """Go back to where these wait: what was read past it is read again."""
        for each in held:
            if (partition := TopicPartition(*each.place)) in positions:
                consumer.seek(partition, positions[partition])
                consumer.pause(partition)
                self._since[partition] = now

    def without(self, consumer: AIOKafkaConsumer, runs: list[Run], now: float) -> list[Run]:
        """Runs without what was read past a place where a partition waits. Those that waited a while are read again."""
        if not self._since:
            return runs
        left = [run for run in runs if TopicPartition(*run.partition.place) not in self._since]
        for partition in [one for one, since in self._since.items() if now - since > _WAIT_SECONDS]:
            del self._since[partition]
            consumer.resume(partition)
        return left


def gap(projection: str, partition: Partition, wanted: int, found: int) -> Gap:
    """Offsets are missing."""
    return Gap(
        partition,
        f"{projection}: {partition.topic}-{partition.number} goes on at offset {found}, but {wanted} was next: records "
        f"are missing from the log. Nothing was skipped. Run `repair`.",
    )


def outside(projection: str, partition: Partition, error: Exception) -> Gap:
    """The watermark is not in the log."""
    return Gap(
        partition,
        f"{projection}: the watermark lies outside the log ({error}): records not folded are gone. Nothing was "
        f"skipped. Run `repair`.",
    )
