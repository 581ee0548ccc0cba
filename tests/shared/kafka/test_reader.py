"""Reading fast: the same records and positions as aiokafka's public way."""

import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.consumer.fetcher import READ_UNCOMMITTED, FetchResult, PartitionRecords
from aiokafka.consumer.subscription_state import SubscriptionState
from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords
from aiokafka.record.util import calc_crc32c

from deploy.local.broker import Broker
from shared.kafka import reader as kafka_reader
from shared.kafka.reader import Incoming, KafkaReader
from tests.journeys.platform import new_id

HERE = TopicPartition("here", 0)
Seen = tuple[int, bytes | None, bytes | None]


def seen(records: Sequence[Incoming]) -> list[Seen]:
    return [(record.offset, record.key, record.value) for record in records]


def test_the_fast_path_is_in_use() -> None:
    assert version("aiokafka") in kafka_reader.KNOWN, (
        "another aiokafka: projections read it the public way now, at half the speed. See what changed in its fetcher, "
        "add the version to shared/kafka/reader.py, and see the other tests here pass"
    )


# On the real broker.


@asynccontextmanager
async def consuming(
    servers: str, *partitions: TopicPartition, isolation_level: str = "read_uncommitted"
) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=servers,
        enable_auto_commit=False,
        auto_offset_reset="none",
        isolation_level=isolation_level,
    )
    await consumer.start()
    try:
        consumer.assign(partitions)
        yield consumer
    finally:
        await consumer.stop()


async def fill(servers: str, topic: str) -> None:
    """Batches of each kind a client can write: plain, compressed, without key or value, of transactions both ways."""
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, 1, 1)])
    finally:
        await admin.close()
    dice = random.Random(7)
    for compression in (None, "gzip", "lz4"):
        producer = AIOKafkaProducer(
            bootstrap_servers=servers, compression_type=compression, transactional_id=f"{topic}-{compression}"
        )
        await producer.start()
        try:
            for number in range(6):
                await producer.begin_transaction()
                for _ in range(dice.randint(1, 60)):
                    key, value = dice.choice(((None, b"v"), (b"k", None), (dice.randbytes(9), dice.randbytes(400))))
                    await producer.send(topic, value, key, partition=0, headers=[("h", b"1")])
                await (producer.abort_transaction() if number % 3 == 2 else producer.commit_transaction())
        finally:
            await producer.stop()


async def read_to(end: int, reader: KafkaReader, most: int) -> list[Seen]:
    got: list[Seen] = []
    while not got or got[-1][0] < end:
        batches = await reader.read(timeout_ms=10_000, most=most)
        assert batches, f"nothing came after {got[-1:]}"
        assert sum(map(len, batches.values())) <= most
        got += [each for records in batches.values() for each in seen(records)]
    return got


@pytest.mark.twin_of("shared.kafka.reader")
@pytest.mark.parametrize("known", [True, False], ids=["the fast path", "an unknown aiokafka"])
async def test_records_are_those_of_the_public_way_from_wherever_it_starts(
    broker: Broker, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    if not broker.real:
        pytest.skip(f"needs the real Kafka broker: {broker.why}")
    if not known:
        monkeypatch.setattr(kafka_reader, "KNOWN", frozenset())
    partition = TopicPartition(f"lean-{new_id()}", 0)
    await fill(broker.servers, partition.topic)
    async with consuming(broker.servers, partition) as consumer:
        consumer.seek(partition, 0)
        end = (await consumer.end_offsets([partition]))[partition]
        public: list[Seen] = []
        while (await consumer.position(partition)) < end:
            public += seen((await consumer.getmany(timeout_ms=1_000)).get(partition, []))
    last = public[-1][0]
    assert len(public) < end, "control batches take offsets too"
    async with consuming(broker.servers, partition) as consumer:
        reader = KafkaReader(consumer)
        assert reader.is_fast is known
        for start in (0, 1, 17, last // 2, last, *random.Random(1).sample(range(last), 10)):
            consumer.seek(partition, start)
            wanted = [each for each in public if each[0] >= start]
            assert await read_to(last, reader, most=1 + start % 50) == wanted
            # Now and then it goes elsewhere with a batch half read.
            consumer.seek(partition, start)
            assert (await read_to(wanted[0][0], reader, most=5))[0] == wanted[0]
        consumer.seek(partition, 0)
        assert await read_to(last, KafkaReader(consumer), most=7) == public, (
            "a second reader goes on with the first's buffer"
        )
    async with consuming(broker.servers, partition, isolation_level="read_committed") as consumer:
        assert await consumer.beginning_offsets([partition]) == {partition: 0}
        assert not KafkaReader(consumer).is_fast, "aiokafka leaves out what was aborted, and this would not"


# On batches made by hand.


def batch(first: int, last: int, *offsets: int) -> bytes:
    """A compressed batch in which only these offsets were not compacted away."""
    builder = DefaultRecordBatchBuilder(2, 3, 0, -1, -1, -1, 100_000)
    for offset in offsets:
        builder.append(offset - first, 1_700_000_000_000, b"key", b"value %d" % offset, [])
    made = bytearray(builder.build())
    made[:8] = first.to_bytes(8, "big")
    made[23:27] = (last - first).to_bytes(4, "big")
    made[17:21] = calc_crc32c(bytes(made[21:])).to_bytes(4, "big")
    return bytes(made)


COMPACTED = batch(0, 6, 0, 1, 5, 6) + batch(7, 9) + batch(10, 19, 10, 14) + batch(20, 25, 20, 21)


def fetched(data: bytes, position: int) -> FetchResult:
    """As aiokafka makes it of a response."""
    subscriptions = SubscriptionState()
    subscriptions.assign_from_user({HERE})
    assignment = subscriptions.subscription.assignment
    assignment.state_value(HERE).seek(position)
    unread = PartitionRecords(HERE, MemoryRecords(data), [], position, None, None, True, READ_UNCOMMITTED)
    return FetchResult(HERE, assignment=assignment, partition_records=unread, backoff=0)


def position_of(result: FetchResult) -> int:
    position: int = result._assignment.state_value(HERE).position
    return position


@pytest.mark.parametrize("start", [0, 1, 4, 5, 7, 10, 12, 20, 23])
@pytest.mark.parametrize("most", [1, 3, 100])
async def test_what_was_compacted_away_is_passed_over_as_aiokafka_does(start: int, most: int) -> None:
    public = fetched(COMPACTED, start)
    wanted = seen(public.getall())
    buffer = kafka_reader._Buffer()
    buffer[HERE] = result = fetched(COMPACTED, start)
    got: list[Seen] = []
    while result.has_more():
        buffer.room = most
        new = [each for records in result.getall(2) for each in seen(records)]
        assert len(new) <= most
        got += new
        assert all(offset < position_of(result) for offset, _, _ in got)
        assert all(offset >= position_of(result) for offset, _, _ in wanted[len(got) :]), "none is gone past"
    assert got == wanted
    assert position_of(result) == position_of(public) == 26


async def test_a_batch_with_a_wrong_checksum_is_refused_and_not_passed() -> None:
    broken = bytearray(batch(7, 9, 7, 8, 9))
    broken[-1] ^= 1
    buffer = kafka_reader._Buffer()
    buffer.room = 100
    buffer[HERE] = result = fetched(batch(5, 6, 5, 6) + bytes(broken), 5)
    assert [seen(records)[0][0] for records in result.getall(1)] == [5]
    with pytest.raises(CorruptRecordException, match="here-0: the checksum is wrong"):
        result.getall(1)
    assert position_of(result) == 7
