"""Batches that are filled by hand: the same records, in the same partitions and order, as by plain sends."""

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from shared.contracts import TOPICS
from shared.contracts.community import DialogueFindingsRecorded
from shared.contracts.monitor import AreaRegistered
from shared.contracts.slots import headers_of
from shared.database import Connection
from shared.outbox import numbering
from shared.outbox.publisher import Publisher
from shared.runtime.settings import Settings
from tests.records import findings

from .samples import area, say

Sent = tuple[bytes | None, bytes | None, tuple[tuple[str, bytes], ...]]
PARTITIONS = [
    TopicPartition(contract.topic, number)
    for contract in (AreaRegistered, DialogueFindingsRecorded)
    for number in range(TOPICS[contract.topic].partitions)
]


async def sent_since(consumer: AIOKafkaConsumer, start: dict[TopicPartition, int]) -> list[list[Sent]]:
    """What came since in each partition."""
    found: list[list[Sent]] = []
    for partition, end in (await consumer.end_offsets(PARTITIONS)).items():
        consumer.seek(partition, start[partition])
        records: list[Sent] = []
        while len(records) < end - start[partition]:
            got = await consumer.getmany(partition, timeout_ms=1000)
            records += [(each.key, each.value, each.headers) for each in got.get(partition, [])]
        found.append(records)
    return found


@pytest.mark.twin_of("shared.outbox.publisher")
async def test_batches_carry_what_plain_sends_carry(at_broker: Settings, monitor_connection: Connection) -> None:
    """More than fits in one batch, and keys in every partition."""
    events = [event for n in range(40) for event in (area(f"a{n}", "x" * 50_000), findings(f"d{n}"))]
    await say(monitor_connection, events)
    rows = await monitor_connection.fetch(numbering.NUMBER, len(events), [place.topic for place in PARTITIONS])
    publisher = Publisher("monitor", at_broker)
    plain = AIOKafkaProducer(bootstrap_servers=at_broker.kafka_servers, enable_idempotence=True)
    consumer = AIOKafkaConsumer(bootstrap_servers=at_broker.kafka_servers, enable_auto_commit=False)
    for client in (publisher, plain, consumer):
        await client.start()
    try:
        consumer.assign(PARTITIONS)
        start = await consumer.end_offsets(PARTITIONS)
        publisher.partitions = await publisher.grown({place.topic for place in PARTITIONS})
        await publisher.send(await publisher.prepare(rows))
        by_batches = await sent_since(consumer, start)
        start = await consumer.end_offsets(PARTITIONS)
        for row in rows:
            headers = headers_of(row["slot"], row["number"])
            await plain.send(row["topic"], publisher._encode(row), row["key"].encode(), headers=headers)
        await plain.flush()
        assert await sent_since(consumer, start) == by_batches
    finally:
        for client in (publisher, plain, consumer):
            await client.stop()
    assert sum(map(len, by_batches)) == len(events)
    assert all(by_batches)


async def test_what_goes_to_the_log_is_a_fraction_of_what_was_said(
    at_broker: Settings, monitor_connection: Connection
) -> None:
    await say(monitor_connection, [area(f"a{n}") for n in range(200)])
    publisher = Publisher("monitor", at_broker)
    await publisher.start()
    try:
        publisher.partitions = await publisher.grown([AreaRegistered.topic])
        rows = await monitor_connection.fetch(numbering.NUMBER, 200, [AreaRegistered.topic])
        batch = await publisher.prepare(rows)
        sent: int = sum(len(filled.builder._build()) for queue in batch.queues.values() for filled in queue)
    finally:
        await publisher.stop()
    said: int = sum(len(publisher._encode(row)) for row in rows)
    assert sent * 4 < said
