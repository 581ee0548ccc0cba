"""Fast path, for the benchmark row `ours`: records come from aiokafka a list at a time, as its C code unpacks them.

The plain way is aiokafka's public one, at twice the cost: it copies each record into an object of its own and takes it
through two iterators. Here the buffer of one consumer is replaced by one that does neither; requests, positions,
seeking and rebalancing stay aiokafka's. It leans on names inside aiokafka, so it is for the versions below only: with
another all goes the public way, as right but slower.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from itertools import chain
from typing import Protocol

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import CorruptRecordException

#: Read before they were added here: what this module touches is as it should be.
KNOWN = frozenset({"0.14.0"})

#: Lists taken at a time: a producer's batches may be small.
_LISTS = 16


class Incoming(Protocol):
    """What a Kafka record must offer."""

    @property
    def offset(self) -> int:
        """Its place in the partition."""

    @property
    def key(self) -> bytes | None:
        """The aggregate's id."""

    @property
    def value(self) -> bytes | None:
        """The CloudEvent."""

    @property
    def headers(self) -> Sequence[tuple[str, bytes | None]]:
        """Its headers, by name."""


class _RecordBatch(Protocol):
    is_control_batch: bool
    next_offset: int

    def validate_crc(self) -> bool: ...
    def __iter__(self) -> Iterator[Incoming]: ...


class _RecordBatches(Protocol):
    def has_next(self) -> bool: ...
    def next_batch(self) -> _RecordBatch: ...


class _Unread(Protocol):
    """aiokafka's PartitionRecords: what one fetch brought of one partition."""

    next_fetch_offset: int
    _records: _RecordBatches
    _records_iterator: Iterator[object]


class KafkaReader:
    """What a started consumer reads. Once there is one, the consumer's own getmany() and getone() are not for use."""

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer = consumer
        self._buffer = _buffer_of(consumer)

    @property
    def is_fast(self) -> bool:
        """Whether it can do without aiokafka's public way."""
        return self._buffer is not None

    async def read(self, timeout_ms: int, most: int) -> Mapping[TopicPartition, Sequence[Incoming]]:
        """At most so many records, in the order of their partitions; waits so long for the first. Raises KafkaError."""
        if self._buffer is None:
            public: Mapping[TopicPartition, Sequence[Incoming]] = await self._consumer.getmany(
                timeout_ms=timeout_ms, max_records=most
            )
            return public
        self._buffer.room = most
        fetched: Mapping[TopicPartition, Sequence[Sequence[Incoming]]] = await self._consumer.getmany(
            timeout_ms=timeout_ms, max_records=_LISTS
        )
        return {place: list(chain.from_iterable(lists)) for place, lists in fetched.items() if any(lists)}


class _Buffer(OrderedDict[TopicPartition, object]):
    """What is fetched and not yet taken: a list of records wherever aiokafka has a record.

    `room` is for how many records more there is room; without, the lists are empty.
    """

    room = 0

    def __setitem__(self, partition: TopicPartition, fetched: object) -> None:
        # An error has none.
        unread: _Unread | None = getattr(fetched, "_partition_records", None)
        if unread is not None:
            unread._records_iterator = self._lists(partition, unread)
        super().__setitem__(partition, fetched)

    def _lists(self, partition: TopicPartition, unread: _Unread) -> Iterator[Sequence[Incoming]]:
        while unread._records.has_next():
            batch = unread._records.next_batch()
            if not batch.validate_crc():
                raise CorruptRecordException(f"{partition.topic}-{partition.partition}: the checksum is wrong")
            # A control batch tells of a transaction and holds no records of ours.
            if not batch.is_control_batch:
                records = list(batch)
                if records and records[0].offset < unread.next_fetch_offset:
                    # A batch comes whole, wherever in it reading goes on.
                    records = [record for record in records if record.offset >= unread.next_fetch_offset]
                while records:
                    taken, records = records[: self.room], records[self.room :]
                    if taken:
                        self.room -= len(taken)
                        unread.next_fetch_offset = taken[-1].offset + 1
                    yield taken
            # What was last in it may have been compacted away.
            unread.next_fetch_offset = batch.next_offset


def _buffer_of(consumer: AIOKafkaConsumer) -> _Buffer | None:
    """The buffer of this consumer from now on; None when it has to be aiokafka's own."""
    if version("aiokafka") not in KNOWN:
        return None
    fetcher = consumer._fetcher
    if isinstance(fetcher._records, _Buffer):
        return fetcher._records
    if consumer._isolation_level != "read_uncommitted" or consumer._key_deserializer or consumer._value_deserializer:
        return None
    # What was fetched before is fetched again: reading has not gone past it.
    fetcher._records = buffer = _Buffer()
    return buffer
