"""A topic grows while everything runs: each event is folded once, also when all is sent again afterwards."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from functools import partial

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic

from deploy.local.broker import Broker
from shared.contracts.community import DialogueFindingsRecorded
from shared.contracts.control import grown
from shared.contracts.slots import headers_of
from shared.database import Connection, Pool
from shared.outbox.relay import Relay
from shared.projections import consumer
from shared.projections.consumer import ProjectionConsumer
from shared.projections.decoding import Batch
from shared.projections.halts import Gap
from shared.projections.projector import Projection, apply_batch
from shared.projections.runs import Run
from shared.projections.watermarks import Partition
from shared.runtime.settings import Settings
from tests.faults.protections import fold_without_claims
from tests.journeys.platform import new_id, until
from tests.records import NOW, Record, cloud_event, findings

from .samples import say

TOPIC = f"growing-{new_id()}"


async def tally(connection: Connection, events: Batch, _: datetime) -> None:
    """One row per folded event, with no protection of its own."""
    keys = [event.data.key for event in events]
    await connection.execute("INSERT INTO tally SELECT unnest($1::text[])", keys)


def reading(topic: str) -> Projection:
    return Projection("tally", (topic,), tally, reads=(DialogueFindingsRecorded,))


@pytest.fixture
async def connection(monitor_connection: Connection) -> Connection:
    await monitor_connection.execute("CREATE TABLE tally (key text)")
    return monitor_connection


async def tallied(connection: Connection) -> list[str]:
    return [row["key"] for row in await connection.fetch("SELECT key FROM tally ORDER BY key")]


@pytest.mark.parametrize("claimed", [True, False])
async def test_growth_and_then_a_resend_fold_each_event_once(
    settings: Settings,
    broker: Broker,
    connection: Connection,
    monitor_pool: Pool,
    monkeypatch: pytest.MonkeyPatch,
    claimed: bool,
) -> None:
    """Negative control: without claims what is sent again counts twice."""
    if not broker.real:
        pytest.skip(f"needs the real Kafka broker: {broker.why}")
    if not claimed:
        monkeypatch.setattr(consumer, "apply_batch", fold_without_claims)
    here = settings.model_copy(update={"kafka_servers": broker.servers})
    topic = f"growing-{new_id()}"
    said: list[str] = []

    async def tell(count: int) -> None:
        events = [findings(f"d{len(said) + number}") for number in range(count)]
        said.extend(event.dialogue for event in events)
        async with connection.transaction():
            await say(connection, events)
            await connection.execute("UPDATE outbox SET topic = $1 WHERE topic <> $1", topic)

    async def new_partitions() -> int:
        number: int = await connection.fetchval(
            "SELECT count(*) FROM watermark WHERE partition > 1 AND next_offset > 1"
        )
        return number

    found = partial(tallied, connection)
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.servers)
    await admin.start()
    await admin.create_topics([NewTopic(topic, 2, 1)])
    tasks = [asyncio.create_task(Relay("monitor", here).run())]
    tasks += [
        asyncio.create_task(ProjectionConsumer("monitor", reading(topic), monitor_pool, here).run()) for _ in range(2)
    ]
    try:
        await tell(100)
        await until(found, lambda keys: keys == sorted(said), 60)
        await admin.create_partitions({topic: NewPartitions(8)})
        for _ in range(1000):
            await tell(20)
            if await new_partitions() > 1:
                break
            await asyncio.sleep(0.1)  # under load
        await until(found, lambda keys: keys == sorted(said), 60)
        await connection.execute("UPDATE outbox_head SET sent = 0")
        await tell(20)
        times = 1 if claimed else 2
        await until(found, lambda keys: keys.count("d0") == times and said[-1] in keys, 60)
        assert (await found() == sorted(said)) is claimed
        assert await connection.fetchval("SELECT count(*) FROM dead_letter") == 0
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        await admin.close()
    assert [type(end) for end in ended] == [asyncio.CancelledError] * 3


def numbered(partition: int, *records: tuple[int, str] | None, start: int = 0) -> Run:
    """Records of one slot; None is that of a growth from one partition of four records."""
    _, growth = grown(TOPIC, 1, "growth", NOW, 2, [4])
    made: Sequence[Record] = [
        Record(offset, growth)
        if record is None
        else Record(offset, cloud_event(findings(record[1])), headers=headers_of(1, record[0]))
        for offset, record in enumerate(records, start)
    ]
    run = Run(Partition(TOPIC, partition), start)
    run.read(reading(TOPIC), made)
    return run


async def test_a_new_partition_waits_where_it_begins_until_the_older_ones_are_read_up_to_there(
    connection: Connection,
) -> None:
    new = numbered(1, None, (5, "e"), (6, "f"))
    applied = await apply_batch(connection, reading(TOPIC), [new], NOW)
    assert (applied.held, applied.next_offsets[new.partition], applied.folded) == ([new.partition], 0, ())
    # In one batch: as far as the older one has come.
    applied = await apply_batch(connection, reading(TOPIC), [numbered(0, (1, "a"), (2, "b"), (3, "c")), new], NOW)
    assert (applied.held, [event.data.key for event in applied.folded]) == ([new.partition], ["a", "b", "c"])
    applied = await apply_batch(connection, reading(TOPIC), [numbered(0, (4, "d"), start=3), new], NOW)
    assert (list(applied.held), [event.data.key for event in applied.folded]) == ([], ["d", "e", "f"])


async def test_control_without_its_first_record_a_new_partition_follows_on_a_gap(connection: Connection) -> None:
    with pytest.raises(Gap, match="has number 5 of slot 1 at offset 0, but 1 was next"):
        await apply_batch(connection, reading(TOPIC), [numbered(1, (5, "e"), (6, "f"))], NOW)


async def test_what_was_read_before_the_growth_is_folded_when_it_is_seen_late(connection: Connection) -> None:
    """A partition that was held is cut where it waits, and what stands before is folded."""
    new = numbered(1, (1, "a"), None, (2, "b"))
    applied = await apply_batch(connection, reading(TOPIC), [new], NOW)
    assert ([event.data.key for event in applied.folded], applied.next_offsets[new.partition]) == (["a"], 1)
