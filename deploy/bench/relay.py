"""The relay beside a bare idempotent producer that sends the same bytes: `python -m deploy.bench.relay`.

Ours reads, numbers, encodes, sends and marks the outbox of a real service; the other has its records in memory.
"""

import asyncio
import gc
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from uuid import UUID

import asyncpg
import msgspec
import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from prometheus_client import REGISTRY

from deploy.local.broker import Broker, start_broker
from deploy.local.postgres import start_postgres
from deploy.local.processes import end, spawn, tail
from shared import contracts, outbox
from shared.contracts.community import DialoguePlanned
from shared.contracts.vocabulary import Theme
from shared.database import connect
from shared.database.migration import migrate
from shared.observability.tracing import continue_trace
from shared.outbox import Draft
from shared.outbox.cause import Cause
from shared.outbox.relay import Relay
from shared.processes import topics
from shared.runtime.settings import Settings

from .section import Missing, Section, Target

_SERVICE = "community"
_TOPIC = DialoguePlanned.topic
_PARTITIONS = [TopicPartition(_TOPIC, number) for number in range(contracts.TOPICS[_TOPIC].partitions)]
_EVENTS = 100_000
_ROUNDS = 5
_ROOT = Path(__file__).parents[2]
_UNMARKED = "SELECT EXISTS (SELECT FROM outbox_head WHERE sent < last)"
_REFILL = """
INSERT INTO outbox (id, stream, topic, key, type, subject, time, correlation_id, causation_id, traceparent, data, slot)
SELECT id, stream, topic, key, type, subject, time, correlation_id, causation_id, traceparent, data, slot
FROM filled ORDER BY position
"""


class Drain(msgspec.Struct, frozen=True):
    """What a contestant says of itself: from its first connection until all is acknowledged, and ours marked."""

    seconds: float
    cpu: float


class _Clock:
    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def stop(self) -> Drain:
        return Drain(time.perf_counter() - self._wall, time.process_time() - self._cpu)


async def _ours(settings: Settings, events: int) -> Drain:
    connection = await connect(_SERVICE, settings)
    labels = {"service": _SERVICE, "topic": _TOPIC}
    clock = _Clock()
    relaying = asyncio.create_task(Relay(_SERVICE, settings).run())
    while (REGISTRY.get_sample_value("veerkracht_events_published_total", labels) or 0) < events:
        if relaying.done():
            await relaying
        await asyncio.sleep(0.02)
    while await connection.fetchval(_UNMARKED):  # noqa: ASYNC110 another process's table
        await asyncio.sleep(0.005)
    drain = clock.stop()
    await connection.close()
    relaying.cancel()
    await asyncio.gather(relaying, return_exceptions=True)
    return drain


async def _bare(settings: Settings, events: int, batch_bytes: int) -> Drain:
    records = await _records(settings.kafka_servers, events)
    gc.freeze()
    clock = _Clock()
    async with AIOKafkaProducer(
        bootstrap_servers=settings.kafka_servers,
        enable_idempotence=True,
        acks="all",
        max_batch_size=batch_bytes,
        compression_type="zstd",
    ) as producer:
        acks = [
            await producer.send(record.topic, record.value, key=record.key, headers=list(record.headers))
            for record in records
        ]
        await asyncio.gather(*acks)
        return clock.stop()


async def _records(servers: str, events: int) -> Sequence[ConsumerRecord]:
    """The first records of the topic: what the relay sent."""
    async with AIOKafkaConsumer(bootstrap_servers=servers, auto_offset_reset="earliest") as consumer:
        consumer.assign(_PARTITIONS)
        found: list[ConsumerRecord] = []
        while len(found) < events:
            for records in (await consumer.getmany(timeout_ms=1000)).values():
                # At 0 stands the identity of the log.
                found += [record for record in records if record.offset]
        return found[:events]


async def _end_of_log(servers: str) -> int:
    async with AIOKafkaConsumer(bootstrap_servers=servers) as consumer:
        return sum((await consumer.end_offsets(_PARTITIONS)).values())


async def _fill(settings: Settings, events: int) -> None:
    """The outbox as commands would have left it: one planned dialogue each."""
    random = Random(4)  # noqa: S311 a workload
    connection = await connect(_SERVICE, settings)
    try:
        for start in range(0, events, 1000):
            now = datetime.now(UTC)
            drafts = [
                Draft(
                    DialoguePlanned(
                        dialogue=str(UUID(int=random.getrandbits(128), version=4)),
                        municipality=f"GM{random.randrange(1, 63):04}",
                        neighbourhood="Annawijk",
                        organiser="pon",
                        initiative="sociale-stad",
                        themes=(random.choice(list(Theme)),),
                        planned_on=now.date(),
                    ),
                    Cause(now, f"{random.getrandbits(128):032x}", continue_trace(None)),
                )
                for _ in range(min(1000, events - start))
            ]
            await outbox.append(connection, drafts)
    finally:
        await connection.close()


class _Runner:
    def __init__(self, state: Path, admin_url: str, broker: Broker, settings: Settings, events: int, core: int) -> None:
        self._state, self._admin_url, self._broker = state, admin_url, broker
        self._settings, self._events, self._core = settings, events, core

    async def round(self, contestant: str, *more: str) -> Drain:
        """One process, from an outbox of which nothing was sent. Raises RuntimeError when it was not exact."""
        await self._refill()
        before = await _end_of_log(self._broker.servers)
        log = self._state / "logs" / f"{contestant}-{time.monotonic_ns()}.log"
        pinned = ["taskset", "-c", str(self._core), sys.executable]
        process = await spawn(
            [*pinned, "-m", "deploy.bench.relay", contestant, str(self._events), *more],
            log,
            cwd=_ROOT,
            env={
                **os.environ,
                "VEERKRACHT_DATABASE_URL": self._settings.database_url,
                "VEERKRACHT_KAFKA_SERVERS": self._settings.kafka_servers,
            },
        )
        try:
            status = await process.wait()
        finally:
            await end(process)
        written = await _end_of_log(self._broker.servers) - before
        if status or written != self._events:
            raise RuntimeError(f"{contestant}: status {status}, {written} of {self._events} written:\n{tail(log)}")
        return msgspec.json.decode(tail(log, 1), type=Drain)

    async def keep(self) -> None:
        """Remember the outbox as it is."""
        connection = await asyncpg.connect(self._admin_url)
        await connection.execute(f"CREATE TABLE {_SERVICE}.filled AS TABLE {_SERVICE}.outbox")
        await connection.close()

    async def _refill(self) -> None:
        connection = await asyncpg.connect(self._admin_url)
        await connection.execute(f"SET search_path TO {_SERVICE}")
        await connection.execute("TRUNCATE outbox, outbox_fresh, outbox_batch, outbox_head, outbox_slot")
        await connection.execute(_REFILL)
        await connection.execute("VACUUM ANALYZE outbox")
        await connection.execute("CHECKPOINT")
        await connection.close()


async def measure(events: int, rounds: int) -> Section:
    """Interleaved rounds; servers on one core, the contestant on the other."""
    first, *others = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {first})
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder)
        broker = await start_broker(state, lambda _: None)
        try:
            if not broker.real:
                raise Missing(f"a real Kafka: {broker.why}")
            postgres = await start_postgres(state)
            try:
                await migrate(postgres.admin_url, _SERVICE)
                await topics.ensure(broker.servers)
                settings = Settings(database_url=postgres.url, kafka_servers=broker.servers)
                await _fill(settings, events)
                runner = _Runner(state, postgres.admin_url, broker, settings, events, (others or [first])[0])
                await runner.keep()
                drains: dict[str, list[Drain]] = {"relay": [], "bare": [], "bare, larger batches": []}
                for _ in range(rounds):
                    drains["relay"].append(await runner.round("relay"))
                    drains["bare"].append(await runner.round("bare", "16384"))
                    drains["bare, larger batches"].append(await runner.round("bare", "262144"))
            finally:
                await postgres.stop()
        finally:
            await broker.stop()
            os.sched_setaffinity(0, {first, *others})
    return _section(events, rounds, drains)


def _section(events: int, rounds: int, drains: dict[str, list[Drain]]) -> Section:
    rate = {name: events / statistics.median(one.seconds for one in all_) for name, all_ in drains.items()}
    cpu = {name: statistics.median(one.cpu for one in all_) * 1e6 / events for name, all_ in drains.items()}
    best = max(rate[name] for name in rate if name != "relay")
    return Section(
        "Relay: from outbox to Kafka",
        ("contestant", "events/s", "of the fastest bare", "CPU s per million events"),
        [(name, rate[name], rate[name] / best, cpu[name]) for name in rate],
        [
            f"{events} planned dialogues of their own key; medians of {rounds} interleaved rounds, a new process each.",
            "bare: AIOKafkaProducer, idempotent, acks=all, records in memory, every send() awaited, then one gather;"
            " with aiokafka's batches of 16 KB and with 256 KB. The relay reads, numbers, encodes, sends and marks.",
            "Servers on one core, the contestant on the other; Postgres is durable. Each round wrote all events once.",
        ],
        [Target("relay: events/s of a bare idempotent producer, at least half", rate["relay"] / best, 0.5)],
    )


def run(scale: float) -> Section:
    """The section of the report."""
    return asyncio.run(measure(max(1000, int(_EVENTS * scale)), _ROUNDS))


def main() -> None:
    """A contestant's process, or the whole benchmark at the scale given."""
    match sys.argv[1:]:
        case ["relay", events]:
            drain = uvloop.run(_ours(Settings.load(), int(events)))
        case ["bare", events, batch_bytes]:
            drain = uvloop.run(_bare(Settings.load(), int(events), int(batch_bytes)))
        case rest:
            section = run(float(rest[0]) if rest else 1.0)
            print(section.title, section.columns, *section.rows, *section.notes, *section.targets, sep="\n")
            return
    print(msgspec.json.encode(drain).decode())


if __name__ == "__main__":
    main()
