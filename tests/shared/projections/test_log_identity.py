"""The log has an identity: in another one, or an older copy, a projection halts until it is mended."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from itertools import count
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.local.broker import Broker
from shared.contracts.community import DialogueFindingsRecorded
from shared.contracts.control import opened
from shared.contracts.slots import headers_of
from shared.database import Connection, Pool
from shared.processes import health
from shared.projections.consumer import ProjectionConsumer
from shared.projections.decoding import Batch
from shared.projections.halts import lift
from shared.projections.log_identity import Seen, compare, difference
from shared.projections.log_watch import LogWatch
from shared.projections.projector import Projection
from shared.projections.watermarks import Mark, Partition, read_marks
from shared.runtime.settings import Settings
from tests.journeys.platform import until
from tests.records import NOW, cloud_event, findings

HERE = Partition("community.dialogue-findings", 0)
FOLDED = Mark(HERE, 40, "this log", "e39")
SAME = Seen(0, 40, "this log", "e39")


def test_the_same_log_is_the_same_also_when_it_went_on() -> None:
    assert difference(FOLDED, SAME) is None
    assert difference(FOLDED, replace(SAME, end=90)) is None


def test_a_log_that_was_not_begun_can_be_any() -> None:
    assert difference(Mark(HERE, 0), None) is None
    assert difference(Mark(HERE, 0), replace(SAME, end=0)) is None


@pytest.mark.parametrize(
    ("seen", "why"),
    [
        (None, "not there any more"),
        (replace(SAME, log_id="another"), "its first record is another"),
        (Seen(0, 0, None, None), "another log"),
        (replace(SAME, begin=7, log_id=None), "begins at offset 7"),
        (replace(SAME, end=39, before=None), "ends at offset 39"),
        (replace(SAME, end=90, before="e40"), "at offset 39 stands e40, but e39 was folded there"),
    ],
    ids=["dropped", "made again", "made again and empty", "records gone", "older", "older and written to again"],
)
def test_another_log_an_older_one_and_one_that_was_written_to_again_are_seen(seen: Seen | None, why: str) -> None:
    assert why in (difference(FOLDED, seen) or "")


def test_of_a_compacted_log_what_stood_before_the_watermark_may_be_gone() -> None:
    assert difference(FOLDED, replace(SAME, before=None)) is None


async def tally(connection: Connection, events: Batch, _: datetime) -> None:
    """One row per folded event."""
    await connection.executemany("INSERT INTO tally VALUES ($1)", [(event.id,) for event in events])


class Log:
    """A topic of one partition, made and filled by hand."""

    def __init__(self, servers: str) -> None:
        self.servers = servers
        self.topic = f"test.{uuid4().hex}"
        self.partition = Partition(self.topic, 0)
        #: Of one slot; a relay counts on, whatever becomes of the log.
        self._numbers = count(1)
        self.projection = Projection(
            f"tally-{uuid4().hex[:8]}", (self.topic,), tally, reads=(DialogueFindingsRecorded,)
        )

    async def make(self, *events: str) -> None:
        """Make it, with an identity and these events."""
        async with admin_of(self.servers) as admin:
            await admin.create_topics([NewTopic(self.topic, 1, 1)])
        async with AIOKafkaProducer(bootstrap_servers=self.servers) as producer:
            key, value = opened(self.topic, 0, str(uuid4()), NOW)
            await producer.send_and_wait(self.topic, value, key=key, partition=0)
            for event in events:
                value, headers = cloud_event(findings(event), event), headers_of(0, next(self._numbers))
                await producer.send_and_wait(self.topic, value, key=b"k", partition=0, headers=headers)

    async def remove(self) -> None:
        """All that was in it is gone."""
        async with admin_of(self.servers) as admin:
            await admin.delete_topics([self.topic])

            async def there() -> bool:
                return self.topic in await admin.list_topics()

            await until(there, lambda found: not found)


@asynccontextmanager
async def admin_of(servers: str) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()


@asynccontextmanager
async def working(log: Log, pool: Pool, settings: Settings) -> AsyncIterator[ProjectionConsumer]:
    """A worker with its watch; neither may end by itself."""
    consumer = ProjectionConsumer("monitor", log.projection, pool, settings)
    tasks = [asyncio.create_task(one.run()) for one in (consumer, LogWatch([consumer], pool, settings))]
    try:
        yield consumer
    finally:
        assert not any(task.done() for task in tasks), tasks
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
def log(broker: Broker) -> Log:
    if not broker.real:
        pytest.skip(f"needs the real Kafka broker: {broker.why}")
    return Log(broker.servers)


@pytest.fixture
def here(settings: Settings, broker: Broker) -> Settings:
    return settings.model_copy(update={"kafka_servers": broker.servers, "log_check_seconds": 0.5})


async def problem_of(worker: ProjectionConsumer) -> str:
    return worker.problem() or ""


async def folded(connection: Connection) -> list[str]:
    return [row["id"] for row in await connection.fetch("SELECT id FROM tally ORDER BY id")]


async def test_a_topic_made_again_halts_what_reads_it_through_restarts_until_it_is_lifted(
    log: Log, here: Settings, monitor_connection: Connection, monitor_pool: Pool
) -> None:
    await monitor_connection.execute("CREATE TABLE tally (id text)")

    async def halted() -> list[str]:
        found = await health.problems(monitor_pool, "monitor", 10)
        return [problem for problem in found if "is halted" in problem]

    await log.make("e1", "e2")
    async with working(log, monitor_pool, here) as worker:
        await until(lambda: folded(monitor_connection), ["e1", "e2"].__eq__)
        assert await halted() == []
        await log.remove()
        # More than there was: by offset alone nothing is to be seen.
        await log.make("e3", "e4", "e5")
        (said,) = await until(halted, lambda found: found != [], 30)
        assert log.topic in said and "monitor-stream" in said and "repair" in said
        assert await until(lambda: problem_of(worker), lambda problem: "is halted" in problem)
    async with working(log, monitor_pool, here) as worker:
        assert await until(lambda: problem_of(worker), lambda problem: "is halted" in problem)
        assert await folded(monitor_connection) == ["e1", "e2"]
        await monitor_connection.execute("DELETE FROM watermark WHERE projection = $1", log.projection.name)
        await lift(monitor_connection, log.projection.name, log.partition)
        await until(lambda: folded(monitor_connection), ["e1", "e2", "e3", "e4", "e5"].__eq__)
        assert await halted() == []


async def test_an_older_copy_of_the_log_is_seen_in_kafka_itself(
    log: Log, monitor_connection: Connection, monitor_pool: Pool, here: Settings
) -> None:
    await monitor_connection.execute("CREATE TABLE tally (id text)")
    await log.make("e1", "e2")
    async with working(log, monitor_pool, here):
        await until(lambda: folded(monitor_connection), ["e1", "e2"].__eq__)
    (mark,) = await read_marks(monitor_connection, log.projection.name)
    assert (mark.next_offset, mark.event_id) == (3, "e2")
    assert await compare(log.servers, "tally", [mark]) == []
    for forged in (replace(mark, next_offset=4), replace(mark, event_id="e7"), replace(mark, log_id="another")):
        (found,) = await compare(log.servers, "tally", [forged])
        assert found.partition == log.partition
