"""From outbox to Kafka: one leader per service, in commit order, numbered without gaps, at least once."""

import asyncio
import contextlib
import signal
from collections.abc import Iterable
from datetime import UTC, datetime

import asyncpg
import msgspec
import stamina
import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from . import contracts, metrics, ops
from .database import TRANSIENT, Record, connect
from .settings import Settings

_BATCH = 2000
_NAP_SECONDS = 1.0

#: Rows become visible when they commit, so "not yet numbered, by position" is commit order per key: a key's rows are
#: appended under its lock. Numbers are stored before anything is sent: a resend carries the same number.
_NUMBER = """
WITH fresh AS (
    SELECT position, stream FROM outbox WHERE sequence IS NULL ORDER BY position LIMIT $1
), numbered AS (
    SELECT fresh.position, fresh.stream,
           coalesce(head.last, 0) + row_number() OVER (PARTITION BY fresh.stream ORDER BY fresh.position) AS sequence
    FROM fresh LEFT JOIN outbox_head AS head USING (stream)
), advanced AS (
    INSERT INTO outbox_head (stream, last) SELECT stream, max(sequence) FROM numbered GROUP BY stream
    ON CONFLICT (stream) DO UPDATE SET last = excluded.last
)
UPDATE outbox SET sequence = numbered.sequence FROM numbered WHERE outbox.position = numbered.position
"""

_UNSENT = """
SELECT position, id::text AS id, stream, topic, key, type, subject, time, correlation_id, causation_id, traceparent,
       data, sequence
FROM outbox WHERE sent_at IS NULL AND sequence IS NOT NULL ORDER BY sequence LIMIT $1
"""

_SENT = "UPDATE outbox SET sent_at = $2 WHERE position = ANY($1::bigint[])"
_FORGET_ANSWERS = "DELETE FROM idempotency WHERE created_at < now() - interval '7 days'"

_encoder = msgspec.json.Encoder()
_log = structlog.get_logger(__name__)


class Relay:
    """One service's relay."""

    def __init__(self, service: str, settings: Settings) -> None:
        self.service = service
        self.settings = settings
        self._state = "connecting"
        self._oldest: datetime | None = None
        self._wake = asyncio.Event()
        metrics.OUTBOX_OLDEST.labels(service).set_function(lambda: self.oldest_age(datetime.now(UTC)))

    def oldest_age(self, now: datetime) -> float:
        """Seconds since the oldest unsent event was appended; 0 when all are sent or another relay leads."""
        return (now - self._oldest).total_seconds() if self._oldest else 0.0

    def problem(self, now: datetime) -> str | None:
        """What is wrong, or None. Standing by while another relay leads is fine."""
        if self._state == "connecting":
            return f"the relay of {self.service} has no connection to Postgres and Kafka"
        age = self.oldest_age(now)
        if age > self.settings.stuck_after_seconds:
            return f"the oldest event of {self.service} waits {age:.0f} s to be sent"
        return None

    async def run(self) -> None:
        """Lead or stand by until cancelled; passing trouble with Kafka or Postgres starts a new turn."""
        async for attempt in stamina.retry_context(
            on=(KafkaError, *TRANSIENT), attempts=None, timeout=None, wait_initial=0.2, wait_max=5.0
        ):
            with attempt:
                await self._turn()

    async def _turn(self) -> None:
        connection = await connect(self.service, self.settings)
        try:
            self._state = "standby"
            # Held by the session that also reads and marks: losing it ends the turn.
            await connection.execute("SELECT pg_advisory_lock(hashtextextended($1, 0))", f"relay {self.service}")
            self._state = "connecting"
            producer = AIOKafkaProducer(
                bootstrap_servers=self.settings.kafka_servers,
                client_id=f"veerkracht-{self.service}-relay",
                enable_idempotence=True,
                acks="all",
            )
            await producer.start()
            try:
                self._state = "leading"
                _log.info("relay leads", service=self.service)
                await self._lead(connection, producer)
            finally:
                await producer.stop()
        finally:
            self._state = "connecting"
            connection.terminate()

    async def _lead(self, connection: "asyncpg.Connection[Record]", producer: AIOKafkaProducer) -> None:
        await connection.add_listener(f"outbox_{self.service}", lambda *_: self._wake.set())
        await connection.execute(_FORGET_ANSWERS)
        while True:
            self._wake.clear()
            await connection.execute(_NUMBER, _BATCH)
            rows = await connection.fetch(_UNSENT, _BATCH)
            self._oldest = min((row["time"] for row in rows), default=None)
            if rows:
                await self._publish(connection, producer, rows)
                continue
            try:
                await asyncio.wait_for(self._wake.wait(), _NAP_SECONDS)
            except TimeoutError:
                continue  # a lost notification costs a nap, never an event

    async def _publish(
        self, connection: "asyncpg.Connection[Record]", producer: AIOKafkaProducer, rows: list[Record]
    ) -> None:
        acks = [
            await producer.send(row["topic"], self._encode(row), key=row["key"].encode(), headers=contracts.HEADERS)
            for row in rows
        ]
        await asyncio.gather(*acks)
        await connection.execute(_SENT, [row["position"] for row in rows], datetime.now(UTC))
        for row in rows:
            metrics.EVENTS_PUBLISHED.labels(self.service, row["topic"]).inc()

    def _encode(self, row: Record) -> bytes:
        """The CloudEvent of an outbox row: the same row always gives the same bytes."""
        return _encoder.encode(
            contracts.CloudEvent(
                id=row["id"],
                source=contracts.source(self.settings.oin, row["stream"]),
                type=row["type"],
                subject=row["subject"],
                time=row["time"],
                dataschema=self.settings.public_url + contracts.schema_path(row["type"]),
                partitionkey=row["key"],
                sequence=str(row["sequence"]),
                correlationid=row["correlation_id"],
                causationid=row["causation_id"] or msgspec.UNSET,
                traceparent=row["traceparent"],
                data=msgspec.Raw(row["data"]),
            )
        )


async def serve(services: Iterable[str], settings: Settings) -> None:
    """Relay these services' outboxes and answer for their health until TERM or INT."""
    relays = [Relay(service, settings) for service in services]

    def problems() -> list[str]:
        now = datetime.now(UTC)
        return [problem for relay in relays if (problem := relay.problem(now))]

    async def run() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(ops.serve(settings, problems))
            for relay in relays:
                group.create_task(relay.run())

    task = asyncio.ensure_future(run())
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task
