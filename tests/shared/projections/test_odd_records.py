"""Every projection of every service, every topic it reads, every kind of odd record: it is ignored or set aside, what
comes after it is folded, and the worker lives."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module

import pytest
from aiokafka import AIOKafkaProducer

from deploy.local import SERVICES
from deploy.local.broker import Broker
from shared.database import Connection, Pool, create_pool
from shared.processes import topics
from shared.projections import dead_letters
from shared.projections.consumer import ProjectionConsumer
from shared.projections.projector import Projection
from shared.projections.watermarks import Partition
from shared.refusals import Conflict
from shared.runtime.settings import Settings
from tests.journeys.platform import until

from .odd_records import Fate, Maker, Sent
from .places import ends_of, start_at

#: What the examples refer to, and the monitor refuses what is not there.
_PLACES = """
INSERT INTO area VALUES ('PV30', 'Noord-Brabant', 'province', NULL, '2016-01-01', NULL),
    ('zuidoost-brabant', 'Zuidoost-Brabant', 'region', 'PV30', '2016-01-01', NULL),
    ('GM0794', 'Helmond', 'municipality', 'zuidoost-brabant', '2016-01-01', NULL);
"""
Offset = tuple[str, int]
UNNUMBERED = "the record has no number in a slot"


@dataclass(frozen=True)
class Worker:
    """A projection with its service's pool."""

    service: str
    projection: Projection
    pool: Pool

    def __str__(self) -> str:
        return f"{self.service}.{self.projection.name}"

    async def marks(self) -> dict[Partition, int]:
        """How far it is."""
        async with self.pool.acquire() as connection:
            rows = await connection.fetch(
                "SELECT topic, partition, next_offset FROM watermark WHERE projection = $1", self.projection.name
            )
        return {Partition(row["topic"], row["partition"]): row["next_offset"] for row in rows}

    async def letters(self) -> dict[Offset, tuple[int, str]]:
        """Id and reason of each dead letter."""
        async with self.pool.acquire() as connection:
            rows = await connection.fetch(
                'SELECT id, topic, "offset", reason FROM dead_letter WHERE projection = $1', self.projection.name
            )
        return {(row["topic"], row["offset"]): (row["id"], row["reason"]) for row in rows}


@pytest.fixture
async def workers(settings: Settings) -> AsyncIterator[list[Worker]]:
    """Every projection of every service."""
    found: list[Worker] = []
    async with AsyncExitStack() as opened:
        for service in SERVICES:
            module = import_module(f"services.{service}.app")
            pool = await create_pool(service, settings)
            opened.callback(pool.terminate)
            found += [Worker(service, each, pool) for each in module.projections(module.SETTINGS())]
        async with found[[one.service for one in found].index("monitor")].pool.acquire() as connection:
            await connection.execute(_PLACES)
        yield found


@asynccontextmanager
async def at_work(workers: Sequence[Worker], settings: Settings) -> AsyncIterator[list[asyncio.Task[None]]]:
    """All of them, at the same time."""
    tasks = [
        asyncio.create_task(ProjectionConsumer(one.service, one.projection, one.pool, settings).run())
        for one in workers
    ]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def send(producer: AIOKafkaProducer, records: Sequence[Sent]) -> dict[Offset, Sent]:
    """Put them into the first partition of their topics; answers where each came."""
    acks = [
        await producer.send(sent.topic, sent.value, key=sent.key, partition=0, headers=sent.headers) for sent in records
    ]
    return {(sent.topic, (await ack).offset): sent for sent, ack in zip(records, acks, strict=True)}


async def all_read(workers: Sequence[Worker], tasks: Sequence[asyncio.Task[None]], sent: dict[Offset, Sent]) -> None:
    """Wait until every projection is past all of it, and none has ended."""
    ends: dict[str, int] = {}
    for topic, offset in sent:
        ends[topic] = max(ends.get(topic, 0), offset + 1)

    async def behind() -> list[str]:
        for task in tasks:
            if task.done():
                task.result()
        marks = {str(one): await one.marks() for one in workers}
        return [
            f"{one} in {topic}"
            for one in workers
            for topic in one.projection.topics
            if topic in ends and marks[str(one)].get(Partition(topic, 0), 0) < ends[topic]
        ]

    await until(behind, lambda found: not found, 60)


async def replayed(worker: Worker, letter: int) -> bool | str:
    """What comes of folding a dead letter again."""
    async with worker.pool.acquire() as connection:
        return await _replay(connection, worker.projection, letter)


async def _replay(connection: Connection, projection: Projection, letter: int) -> bool | str:
    try:
        async with connection.transaction():
            return await dead_letters.replay(connection, [projection], letter, datetime.now(UTC))
    except Conflict as refusal:
        return refusal.code


async def test_no_record_stops_a_worker(settings: Settings, broker: Broker, workers: list[Worker]) -> None:
    if not broker.real:
        pytest.skip(f"needs the real Kafka broker: {broker.why}")
    await topics.ensure(broker.servers)
    here = settings.model_copy(update={"kafka_servers": broker.servers})
    producer = AIOKafkaProducer(bootstrap_servers=broker.servers)
    await producer.start()
    try:
        maker = Maker()
        ends = await ends_of(broker.servers)
        for worker in workers:
            async with worker.pool.acquire() as connection:
                await start_at(connection, worker.projection, ends)
        async with at_work(workers, here) as tasks:
            sent = await send(producer, list(maker.everything()))
            await all_read(workers, tasks, sent)
            wrong, kept = [], {}
            for worker in workers:
                letters = kept[str(worker)] = await worker.letters()
                for place, record in sent.items():
                    if record.topic in worker.projection.topics:
                        aside = record.fate(worker.projection) is Fate.SET_ASIDE
                        if aside is not (place in letters):
                            wrong.append(
                                f"{worker}: {record.contract.type}, {record.odd}, on {record.topic}: "
                                f"{letters.get(place, (0, 'no dead letter'))[1]}"
                            )
            assert wrong == []

            # What is still poison is refused again, and nothing stops. What only had no number is folded now.
            for worker in workers:
                some = list(kept[str(worker)].values())[:40]
                answers = {await replayed(worker, id_) for id_, reason in some if reason != UNNUMBERED}
                assert answers == {"still-poison"}, worker
                assert {await replayed(worker, id_) for id_, reason in some if reason == UNNUMBERED} <= {True}
            last = await send(producer, [maker.of(record.contract, record.topic) for record in set_of_types(sent)])
            await all_read(workers, tasks, last)
            assert [one for one in workers if (await one.letters()).keys() & last.keys()] == []
    finally:
        await producer.stop()


def set_of_types(sent: dict[Offset, Sent]) -> list[Sent]:
    """One of each type, on the topic it belongs to."""
    return list({one.contract: one for one in sent.values() if one.topic == one.contract.topic}.values())
