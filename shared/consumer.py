"""Reads a projection's topics from Kafka at the Postgres watermark and folds run by run."""

import asyncio
import contextlib
from collections.abc import Iterable
from datetime import UTC, datetime

import stamina
import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError, NoOffsetForPartitionError
from aiokafka.structs import ConsumerRecord

from . import metrics
from .database import TRANSIENT, Pool
from .delivery import identify
from .projector import Applied, Partition, Projection, apply_run, read_watermark
from .settings import Settings
from .trace import trace_id

_log = structlog.get_logger(__name__)
_Records = list[ConsumerRecord[bytes | None, bytes | None]]


class Halted(Exception):
    """A projection stopped itself: going on would divert a whole topic to dead letters."""


class ProjectionConsumer:
    """One member of the consumer group `<service>.<projection>`."""

    def __init__(self, service: str, projection: Projection, pool: Pool, settings: Settings) -> None:
        self._service = service
        self._projection = projection
        self._pool = pool
        self._settings = settings
        self._assigned: dict[TopicPartition, int] = {}
        self._behind_since: float | None = None
        self._hinted_at = 0.0
        self._dead_in_a_row = 0
        self._joined = False
        # Shown from the start: an alert on its increase must see the first one.
        metrics.DEAD_LETTERS.labels(service, projection.name)

    def problem(self) -> str | None:
        """What is wrong, or None: red when there are events past the watermark and it has not moved for a while."""
        if not self._joined:
            return f"{self._projection.name} has not joined its consumer group"
        since = self._behind_since
        still = asyncio.get_running_loop().time() - since if since is not None else 0.0
        if still > self._settings.stuck_after_seconds:
            return f"{self._projection.name} has events to fold and did not move for {still:.0f} s"
        return None

    async def run(self) -> None:
        """Fold until cancelled. Raises Gap, Halted, or what is neither passing trouble nor poison."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._settings.kafka_servers,
            group_id=f"{self._service}.{self._projection.name}",
            client_id=f"veerkracht-{self._service}-{self._projection.name}",
            enable_auto_commit=False,
            # A watermark outside the log must halt loudly, never jump.
            auto_offset_reset="none",
            session_timeout_ms=10_000,
            heartbeat_interval_ms=3_000,
            max_poll_interval_ms=300_000,
        )
        consumer.subscribe(list(self._projection.topics), listener=_SeekToWatermark(self, consumer))
        async for attempt in stamina.retry_context(
            on=KafkaError, attempts=None, timeout=None, wait_initial=0.2, wait_max=5.0
        ):
            with attempt:
                await consumer.start()
        try:
            while True:
                try:
                    batches = await consumer.getmany(timeout_ms=500, max_records=self._settings.batch_size)
                except NoOffsetForPartitionError:
                    continue  # asked for before the listener had placed the partition at its watermark
                if batches and self._behind_since is None:
                    self._behind_since = asyncio.get_running_loop().time()
                for partition, records in batches.items():
                    # Not placed yet: read from another offset. Placing it reads them again.
                    if partition in self._assigned:
                        await self._fold(partition, records)
                await self._report(consumer, moved=bool(batches))
        finally:
            await consumer.stop()

    async def place(self, consumer: AIOKafkaConsumer, assigned: Iterable[TopicPartition]) -> None:
        """Go on at the watermark in each partition just assigned."""
        watermarks: dict[TopicPartition, int] = {}
        async for attempt in stamina.retry_context(on=TRANSIENT, attempts=None, timeout=30.0, wait_max=2.0):
            with attempt:
                async with self._pool.acquire() as connection:
                    for partition in assigned:
                        watermarks[partition] = await read_watermark(
                            connection, self._projection.name, Partition(partition.topic, partition.partition)
                        )
        for partition, offset in watermarks.items():
            consumer.seek(partition, offset)
        self._assigned = watermarks
        self._joined = True

    def forget(self) -> None:
        """These partitions are no longer ours. The watermark is already where it must be."""
        for partition in self._assigned:
            with contextlib.suppress(KeyError):  # never measured
                metrics.WATERMARK_LAG.remove(*self._labels(partition))
        self._assigned = {}

    def _labels(self, partition: TopicPartition) -> tuple[str, ...]:
        return (self._service, self._projection.name, partition.topic, str(partition.partition))

    async def _fold(self, partition: TopicPartition, records: _Records) -> None:
        """Fold one run; passing trouble with Postgres is waited out in place, on a new connection each time."""
        async for attempt in stamina.retry_context(
            on=TRANSIENT, attempts=None, timeout=120.0, wait_initial=0.05, wait_max=2.0
        ):
            with attempt:
                async with self._pool.acquire() as connection:
                    applied = await apply_run(
                        connection,
                        self._projection,
                        Partition(partition.topic, partition.partition),
                        records,
                        datetime.now(UTC),
                    )
        if partition in self._assigned:
            self._assigned[partition] = applied.next_offset
        self._count(applied, partition.topic)

    def _count(self, applied: Applied, topic: str) -> None:
        labels = (self._service, self._projection.name)
        metrics.EVENTS_PROJECTED.labels(*labels).inc(len(applied.folded))
        metrics.EVENTS_DUPLICATE.labels(*labels).inc(applied.duplicates)
        now = datetime.now(UTC)
        for event in applied.folded:
            metrics.FRESHNESS.labels(*labels).observe((now - event.time).total_seconds())
        metrics.DEAD_LETTERS.labels(*labels).inc(len(applied.dead_letters))
        for record in applied.dead_letters:
            # The reason may quote the data: it stands in the table, not here.
            found = identify(record.value)
            _log.error(
                "dead letter",
                projection=self._projection.name,
                topic=topic,
                offset=record.offset,
                event_id=found.id,
                correlation_id=found.correlationid,
                trace_id=trace_id(found.traceparent),
            )
        self._dead_in_a_row = 0 if applied.folded else self._dead_in_a_row + len(applied.dead_letters)
        if self._dead_in_a_row >= self._settings.halt_after_dead_letters:
            raise Halted(
                f"{self._projection.name}: {self._dead_in_a_row} dead letters in a row. Look at the reasons in the "
                f"table dead_letter, mend the publisher or the projection, then start again."
            )

    async def _report(self, consumer: AIOKafkaConsumer, moved: bool) -> None:
        behind = 0
        for partition, offset in self._assigned.items():
            highwater = consumer.highwater(partition)
            if highwater is None:
                behind += 1  # not fetched yet: staying so is trouble too
                continue
            lag = max(highwater - offset, 0)
            behind += lag
            metrics.WATERMARK_LAG.labels(*self._labels(partition)).set(lag)
        now = asyncio.get_running_loop().time()
        self._behind_since = None if behind == 0 else now if moved or self._behind_since is None else self._behind_since
        if moved and self._assigned and now - self._hinted_at > 1.0:
            self._hinted_at = now
            try:
                # A hint for lag tools; the watermark decides.
                await consumer.commit(dict(self._assigned))
            except (CommitFailedError, IllegalStateError):
                _log.info("rebalanced before commit", projection=self._projection.name)


class _SeekToWatermark(ConsumerRebalanceListener):
    def __init__(self, owner: ProjectionConsumer, consumer: AIOKafkaConsumer) -> None:
        self._owner = owner
        self._consumer = consumer

    async def on_partitions_revoked(self, _: Iterable[TopicPartition]) -> None:
        self._owner.forget()

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        await self._owner.place(self._consumer, assigned)
