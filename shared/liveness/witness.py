"""Looks from outside at whether a service's part of the log moves: by a client of Kafka that no consumer uses.

It hears the heartbeats that the relays send by the way that events go, and compares the end of every partition that
must be read with the watermarks in Postgres, whichever worker has it, or none.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol

import stamina
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from ..contracts.control import HEARTBEATS, heard
from ..database import TRANSIENT, Pool
from ..kafka import clients
from ..observability import metrics
from ..projections.watermarks import Partition, read_marks
from ..runtime.settings import Settings
from ..runtime.shutdown import stop
from .liveness import Stuck

#: So many are missed before it is trouble.
_MISSES = 3
#: A round takes no longer, or it begins anew with another client.
_ROUND_SECONDS = 20.0
#: A partition of ours that does not move for so long, though its consumer knows of no trouble, ends the process.
END_SECONDS = 90.0


class Reading(Protocol):
    """What it looks at: the consumer of a projection."""

    @property
    def name(self) -> str:
        """That of the projection."""

    @property
    def topics(self) -> Sequence[str]:
        """What it reads."""

    @property
    def positions(self) -> Mapping[TopicPartition, int]:
        """The partitions that it was given."""

    @property
    def waits(self) -> Collection[TopicPartition]:
        """Those of them that wait for other partitions to be read."""

    def problem(self) -> str | None:
        """What it says itself."""


class Standstills:
    """Which partitions stand still though the log goes on past their watermark, and since when."""

    def __init__(self) -> None:
        self._since: dict[tuple[str, Partition], tuple[int, float]] = {}

    def saw(self, projection: str, marks: Mapping[Partition, int], ends: Mapping[Partition, int], now: float) -> None:
        """Where a projection and the log are now."""
        for partition, end in ends.items():
            at = marks.get(partition, 0)
            if at >= end:
                self._since.pop((projection, partition), None)
            elif self._since.get((projection, partition), (None, 0.0))[0] != at:
                self._since[projection, partition] = at, now

    def longest(self, projection: str, now: float) -> tuple[float, Partition | None]:
        """For how long which partition of a projection stands; 0.0 and None when all move."""
        since = [(then, where) for (whose, where), (_, then) in self._since.items() if whose == projection]
        if not since:
            return 0.0, None
        then, where = min(since)
        return now - then, where


class Witness:
    """A stream worker's task."""

    name = "witness"

    def __init__(self, service: str, consumers: Sequence[Reading], pool: Pool, settings: Settings) -> None:
        self._service = service
        self._consumers = consumers
        self._pool = pool
        self._settings = settings
        self._standing = Standstills()
        #: When each relay was last heard, and ours at the latest when we began.
        self._heard: dict[str, float] = {}
        self._limit = max(_MISSES * settings.heartbeat_seconds, float(settings.stuck_after_seconds))

    def problem(self) -> str | None:
        """What is wrong, or None: a partition that stands, of a projection that says nothing itself."""
        found = [
            f"{each.name}: nobody moves {where.topic}-{where.number} for {seconds:.0f} s, though the log goes on"
            for each in self._consumers
            for seconds, where in [self._standing.longest(each.name, _now())]
            if where is not None and seconds > self._limit and each.problem() is None
        ]
        return "; ".join(found) or None

    def missing(self) -> list[str]:
        """Whom it does not hear though it must: for the health of the service, not for the readiness of this worker."""
        since = self._heard.get(self._service)
        if since is None or (silent := _now() - since) <= self._limit:
            return []
        return [f"no heartbeat of {self._service}-relay for {silent:.0f} s"]

    async def run(self) -> None:
        """Until cancelled. Raises Stuck."""
        self._heard.setdefault(self._service, _now())
        async for attempt in stamina.retry_context(
            on=(KafkaError, *TRANSIENT), attempts=None, timeout=None, wait_initial=0.2, wait_max=5.0
        ):
            with attempt:
                await self._watch()

    async def _watch(self) -> None:
        consumer = clients.consumer(self._settings.kafka_servers, auto_offset_reset="latest")
        admin = clients.admin(self._settings.kafka_servers)
        try:
            await consumer.start()
            await admin.start()
            consumer.assign([TopicPartition(HEARTBEATS, 0)])
            looked = 0.0
            while True:
                async with asyncio.timeout(_ROUND_SECONDS):
                    await self._listen(consumer)
                    if _now() - looked >= self._settings.heartbeat_seconds:
                        looked = _now()
                        await self._look(consumer, admin)
        finally:
            await stop(consumer.stop())
            await stop(admin.close())

    async def _listen(self, consumer: AIOKafkaConsumer) -> None:
        """For one heartbeat, or as long as one may take."""
        records = await consumer.getmany(timeout_ms=round(self._settings.heartbeat_seconds * 1000))
        for record in (record for found in records.values() for record in found):
            if (whose := heard(record.value)) is not None:
                relay, sent = whose
                self._heard[relay] = _now()
                metrics.HEARTBEAT_TRIP.labels(relay).set(metrics.age(sent, datetime.now(UTC)))
        for relay, when in self._heard.items():
            metrics.HEARTBEAT_AGE.labels(self._service, relay).set(_now() - when)

    async def _look(self, consumer: AIOKafkaConsumer, admin: AIOKafkaAdminClient) -> None:
        topics = sorted({topic for each in self._consumers for topic in each.topics})
        described = await admin.describe_topics(topics)
        places = [TopicPartition(topic["topic"], n) for topic in described for n in range(len(topic["partitions"]))]
        ends = {Partition(*place): end for place, end in (await consumer.end_offsets(places)).items()}
        for each in self._consumers:
            async with self._pool.acquire() as connection:
                marks = {mark.partition: mark.next_offset for mark in await read_marks(connection, each.name)}
            own = {
                partition: marks.get(partition, 0) if TopicPartition(*partition.place) in each.waits else end
                for partition, end in ends.items()
                if partition.topic in each.topics
            }
            self._standing.saw(each.name, marks, own, _now())
            seconds, where = self._standing.longest(each.name, _now())
            metrics.PARTITION_STANDS.labels(self._service, each.name).set(seconds)
            ours = where is not None and TopicPartition(*where.place) in each.positions
            if seconds > END_SECONDS and ours and each.problem() is None:
                raise Stuck(
                    f"{each.name} reads {where} and knows of no trouble, but it stands still for {seconds:.0f} s"
                )


def _now() -> float:
    return asyncio.get_running_loop().time()
