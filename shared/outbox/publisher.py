"""Fast path, for the benchmark row `relay`: outbox rows go to Kafka in batches that are filled here. The plain way is
aiokafka's `send` for each row.

The same row always gives the same bytes, in the partition of its key, in the order given.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid4, uuid5

import msgspec
from aiokafka import TopicPartition
from aiokafka.errors import (
    InvalidTimestampError,
    MessageSizeTooLargeError,
    PolicyViolationError,
    RecordListTooLargeError,
)
from aiokafka.producer.message_accumulator import BatchBuilder

from .. import contracts
from ..contracts.control import HEARTBEATS, grown, heartbeat, set_aside, voided
from ..contracts.slots import headers_of
from ..database import Record
from ..kafka import clients
from ..observability import metrics
from ..runtime.settings import Settings
from .partitioner import partition_of

#: Below a topic's `max.message.bytes`, which bounds what one partition gets at once. aiokafka's default is 16 KB.
_BATCH_BYTES = 524_288
#: A batch that is not acknowledged within this is sent again, by another turn.
_ANSWER_SECONDS = 20.0
#: Rows encoded at once: then Kafka's and Postgres' answers get a turn.
_TURN = 100

#: What Kafka says of a record that it will never take as it is.
_REFUSALS = (MessageSizeTooLargeError, RecordListTooLargeError, InvalidTimestampError, PolicyViolationError)

_encoder = msgspec.json.Encoder()


class Unsendable(Exception):
    """Kafka will not take one of these rows, whenever it is sent again. None of them is in the log.

    Seen by: the relay, which sends them one by one and sets aside the one that is refused. Ends: the relay's turn.
    """

    def __init__(self, rows: Sequence[Record], reason: str) -> None:
        super().__init__(reason)
        self.rows = rows
        self.reason = reason


class Filled(NamedTuple):
    """A batch of one partition, and the rows in it."""

    builder: BatchBuilder
    rows: list[Record]


@dataclass(frozen=True, slots=True)
class SendBatch:
    """Rows ready to be sent: the first and last of each stream, how many for each topic, what goes to each partition in
    turn."""

    first: dict[str, int] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)
    topics: Counter[str] = field(default_factory=Counter)
    queues: dict[tuple[str, int], list[Filled]] = field(default_factory=dict)


class Publisher:
    """One service's producer. Idempotent: within its life a retry of the client adds nothing and swaps nothing."""

    def __init__(self, service: str, settings: Settings) -> None:
        self._service = service
        self._settings = settings
        self._producer = clients.producer(
            settings.kafka_servers,
            client_id=f"veerkracht-{service}-relay",
            enable_idempotence=True,
            acks="all",
            max_batch_size=_BATCH_BYTES,
            # Events are much alike: it leaves a tenth, for 1 µs each. gzip takes 14, and lz4 leaves twice as much.
            compression_type="zstd",
        )
        #: Over how many partitions the slots of each topic are spread: those of the log, once `grow` has told it.
        self.partitions: dict[str, int] = {}
        #: Whether each row goes by itself, to find the one that is refused.
        self.one_by_one = False

    async def start(self) -> None:
        """Connect. Raises KafkaError."""
        await self._producer.start()

    async def stop(self) -> None:
        """Wait for what is under way, then disconnect."""
        await self._producer.stop()

    async def topics(self) -> list[str]:
        """Those that there are. Raises KafkaError."""
        return sorted((await self._producer.client.fetch_all_metadata()).topics())

    async def beat(self, now: datetime) -> None:
        """Say that we are here, by the way that events go. Raises KafkaError, or TimeoutError."""
        key, value = heartbeat(self._service, str(uuid4()), now)
        async with asyncio.timeout(_ANSWER_SECONDS):
            await self._producer.send_and_wait(HEARTBEATS, value, key=key, partition=0, headers=contracts.HEADERS)

    async def grown(self, topics: Iterable[str]) -> dict[str, int]:
        """Those that have more partitions than their slots are spread over, with how many."""
        there = {topic: len(await self._producer.partitions_for(topic)) for topic in topics}
        return {topic: count for topic, count in there.items() if count > self.partitions.get(topic, 0)}

    async def tell_growth(self, topic: str, partitions: int, now: datetime) -> None:
        """Let each new partition begin with where the older ones end. Nothing may be under way. Raises KafkaError."""
        before = self.partitions[topic]
        ends = await self._ends(topic, range(before))
        for number in range(before, partitions):
            # The same growth told again is the same event.
            id_ = str(uuid5(NAMESPACE_URL, f"{topic}-{number} grown to {partitions}: {ends}"))
            key, value = grown(topic, number, id_, now, partitions, ends)
            await self._producer.send_and_wait(topic, value, key, partition=number, headers=contracts.HEADERS)

    async def void(self, topic: str, slot: int, number: int, now: datetime) -> None:
        """Let a record stand for a number that no event has. Raises KafkaError."""
        id_ = str(uuid5(NAMESPACE_URL, f"{topic} {slot} {number}"))
        key, value = voided(topic, slot, number, id_, now)
        partition = partition_of(slot, self.partitions[topic])
        await self._producer.send_and_wait(topic, value, key=key, partition=partition, headers=headers_of(slot, number))

    async def _ends(self, topic: str, numbers: Iterable[int]) -> list[int]:
        consumer = clients.consumer(self._settings.kafka_servers)
        await consumer.start()
        try:
            places = [TopicPartition(topic, number) for number in numbers]
            ends = await consumer.end_offsets(places)
        finally:
            await consumer.stop()
        return [ends[place] for place in places]

    async def prepare(self, rows: Sequence[Record]) -> SendBatch:
        """Encode rows, of topics whose partitions are known; one that is `void` by what stands for it. Nothing is sent
        yet."""
        batch = SendBatch(
            {row["stream"]: row["sequence"] for row in reversed(rows)}, {row["stream"]: row["sequence"] for row in rows}
        )
        for start in range(0, len(rows), _TURN):
            for row in rows[start : start + _TURN]:
                topic = row["topic"]
                batch.topics[topic] += 1
                # As a plain send() of this client and of Kafka's own would choose.
                queue = batch.queues.setdefault((topic, partition_of(row["slot"], self.partitions[topic])), [])
                key, value = self._void(row) if row["void"] else (row["key"].encode(), self._encode(row))
                headers = headers_of(row["slot"], row["number"])
                if self.one_by_one or not queue or not self._fits(queue[-1].builder, key, value, headers):
                    queue.append(Filled(self._producer.create_batch(), []))
                    self._fits(queue[-1].builder, key, value, headers)
                queue[-1].rows.append(row)
            await asyncio.sleep(0)
        return batch

    async def send(self, batch: SendBatch) -> SendBatch:
        """Returns it when Kafka has acknowledged all. Raises KafkaError, TimeoutError, or Unsendable when it never
        will."""
        async with asyncio.timeout(_ANSWER_SECONDS):
            await asyncio.gather(*(self._send_in_turn(*where, queue) for where, queue in batch.queues.items()))
        for topic, count in batch.topics.items():
            metrics.EVENTS_PUBLISHED.labels(self._service, topic).inc(count)
        return batch

    async def _send_in_turn(self, topic: str, partition: int, queue: Sequence[Filled]) -> None:
        for builder, rows in queue:
            try:
                await (await self._producer.send_batch(builder, topic, partition=partition))
            except _REFUSALS as error:
                raise Unsendable(rows, f"Kafka refuses it for {topic}-{partition}: {error!r}") from error

    @staticmethod
    def _fits(builder: BatchBuilder, key: bytes, value: bytes, headers: list[tuple[str, bytes]]) -> bool:
        """Append to a batch; an empty one takes any size."""
        return builder.append(timestamp=None, key=key, value=value, headers=headers) is not None

    def _void(self, row: Record) -> tuple[bytes, bytes]:
        return set_aside(row["topic"], row["id"], row["time"], row["sequence"])

    def _encode(self, row: Record) -> bytes:
        return _encoder.encode(
            contracts.CloudEvent(
                id=row["id"],
                source=contracts.source(self._settings.oin, row["stream"]),
                type=row["type"],
                subject=row["subject"],
                time=row["time"],
                dataschema=self._settings.public_url + contracts.schema_path(row["type"]),
                partitionkey=row["key"],
                sequence=str(row["sequence"]),
                correlationid=row["correlation_id"],
                causationid=row["causation_id"] or msgspec.UNSET,
                traceparent=row["traceparent"],
                data=msgspec.Raw(row["data"]),
            )
        )
