"""Reads a projection's topics from Kafka at the Postgres watermark and folds batch by batch."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime

import stamina
import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import (
    CommitFailedError,
    IllegalStateError,
    KafkaError,
    NoOffsetForPartitionError,
    OffsetOutOfRangeError,
)

from ..database import TRANSIENT, Pool
from ..kafka import clients
from ..kafka.reader import KafkaReader
from ..liveness.liveness import PATIENCE_SECONDS, Liveness, Stuck
from ..liveness.membership import SeekToWatermark, start
from ..observability import metrics
from ..observability.tracing import trace_id
from ..runtime.settings import Settings
from ..runtime.shutdown import stop
from .decoding import identify
from .halts import Halt
from .log_identity import compare
from .projector import Applied, Projection, TooManyDead, apply_batch
from .runs import GrowthWaits, Run, outside
from .standstill import Standstill
from .watermarks import Mark, Partition, read_marks

_log = structlog.get_logger(__name__)
#: Records decoded at a stretch.
_CHUNK = 1000
#: How long to wait for company while the batch before is being folded.
_PAUSE_MS = 5
#: How long a hint to Kafka may take.
_HINT_SECONDS = 3.0
#: Of one partition at a time, compressed: after these have been read there is a pause for the next.
FETCH_BYTES = 2 * 1024 * 1024


class ProjectionConsumer:
    """One member of the consumer group `<service>.<projection>`."""

    def __init__(
        self,
        service: str,
        projection: Projection,
        pool: Pool,
        settings: Settings,
        note_wait: Callable[[str, float], None] = lambda _, __: None,
    ) -> None:
        self._service = service
        self._projection = projection
        self._pool = pool
        self._settings = settings
        self._assigned: dict[TopicPartition, int] = {}
        #: Counts assignments: what was read under an earlier one is read again from the watermark.
        self._term = 0
        self._note_wait = note_wait
        self._liveness = Liveness(projection.name, settings.stuck_after_seconds, note_wait)
        self._waiting = GrowthWaits()
        self._hinted_at = 0.0
        self._folding = False
        #: What ends following the log: aiokafka only logs what a listener raises, so the loop raises it again.
        self._refusal: Exception | None = None
        #: How far it was itself.
        self._reached: dict[Partition, int] = {}
        self._standstill = Standstill(projection.name, pool, settings.halt_after_dead_letters)
        # Shown from the start: an alert on its increase must see the first one.
        metrics.DEAD_LETTERS.labels(service, projection.name)

    @property
    def name(self) -> str:
        """That of its projection."""
        return self._projection.name

    @property
    def topics(self) -> Sequence[str]:
        """What its projection reads."""
        return self._projection.topics

    def problem(self) -> str | None:
        """What is wrong, or None: red when it stands still, or when there is work and nothing moves, or Kafka does not
        answer, for a while."""
        if (halt := self._standstill.halt) is not None:
            return f"{self._projection.name} is halted: {halt.reason}"
        return self._liveness.problem(_now())

    async def run(self) -> None:
        """Fold until cancelled, standing still while a halt stands. Raises Stuck, or what is no passing trouble."""
        while True:
            await self._standstill.end()
            self._refusal = None
            try:
                await self._with_a_client()
            except Halt as halt:
                if not await self._standstill.was_set_back(halt.partition, self._reached.get(halt.partition, 0)):
                    await self._standstill.begin(halt)
            else:
                _log.warning("another client of Kafka", projection=self._projection.name, problem=self.problem())

    def refuse(self, halt: Halt) -> None:
        """Stop folding: someone else saw that the log is not what it was, or that it is halted."""
        if self._standstill.halt is None:
            self._refusal = halt

    async def _with_a_client(self) -> None:
        """Until it stands still for too long."""
        consumer = clients.member(
            self._settings.kafka_servers,
            f"{self._service}.{self._projection.name}",
            self._settings.instance_name,
            client_id=f"veerkracht-{self._service}-{self._projection.name}",
            # A watermark outside the log must halt loudly, never jump.
            auto_offset_reset="none",
            max_partition_fetch_bytes=FETCH_BYTES,
        )
        self._liveness.connects(_now())
        listener = SeekToWatermark(self, consumer)
        consumer.subscribe(list(self._projection.topics), listener=listener)
        try:
            if not await start(consumer):
                self._liveness.wants_another_client(_now())
                return
            async with contextlib.aclosing(self.follow(consumer)) as batches:
                async for moved in batches:
                    if moved:
                        await self._hint(consumer)
                    if self._liveness.wants_another_client(_now()):
                        break
        finally:
            listener.is_over = True
            clients.give_up_place(consumer)
            stopped = await stop(consumer.stop())
        if not stopped:
            # It may still count as a member of the group, and keep partitions that nobody reads.
            raise Stuck(f"{self._projection.name} {self.problem()}, and its client of Kafka does not stop")

    async def follow(self, consumer: AIOKafkaConsumer) -> AsyncGenerator[bool, None]:
        """Fold what comes, from where `place` put it; says after each batch whether anything was folded."""
        reader = KafkaReader(consumer)
        gathering = asyncio.create_task(self._gather(reader))
        try:
            while True:
                runs = self._waiting.without(consumer, await self._gathered(gathering), _now())
                if self._refusal is not None:
                    raise self._refusal
                # The next batch is read and decoded while Postgres works on this one.
                gathering = asyncio.create_task(self._gather(reader))
                if runs:
                    self._liveness.found_work(_now())
                    self._folding = True
                    self._waiting.begin(consumer, (await self._fold(runs)).held, self._assigned, _now())
                    self._folding = False
                self._report(consumer, moved=bool(runs))
                yield bool(runs)
        finally:
            gathering.cancel()
            await asyncio.gather(gathering, return_exceptions=True)

    @property
    def positions(self) -> Mapping[TopicPartition, int]:
        """The offset that each partition of ours goes on from."""
        return self._assigned

    @property
    def waits(self) -> Collection[TopicPartition]:
        """Those of them that wait, where their topic has grown, for others to be read."""
        return self._waiting.partitions

    async def take(self, consumer: AIOKafkaConsumer, assigned: Iterable[TopicPartition]) -> None:
        """As `place`, where it is not halted; what goes wrong ends following the log."""
        try:
            if halts := await self._standstill.standing():
                raise halts[0]
            await self.place(consumer, assigned)
        except Halt as halt:
            self._refusal = halt
        except Exception as error:
            self._refusal = error
            raise

    async def place(self, consumer: AIOKafkaConsumer, assigned: Iterable[TopicPartition]) -> None:
        """Go on at the watermark in each partition just assigned. Raises Halt in another log, or before a pile of dead
        letters."""
        watermarks: dict[TopicPartition, int] = {}
        ours = [Partition(each.topic, each.partition) for each in assigned]
        async for attempt in stamina.retry_context(
            on=(KafkaError, *TRANSIENT), attempts=None, timeout=30.0, wait_max=2.0
        ):
            with attempt:
                async with self._pool.acquire() as connection:
                    marks = {mark.partition: mark for mark in await read_marks(connection, self._projection.name)}
                    for partition in ours:
                        mark = marks.setdefault(partition, Mark(partition, 0))
                        watermarks[TopicPartition(*partition.place)] = mark.next_offset
                        if await self._standstill.is_at_a_pile(connection, partition, mark.next_offset):
                            raise self._standstill.too_many_dead(partition)
                begun = [marks[partition] for partition in ours if marks[partition].next_offset]
                for other in await compare(self._settings.kafka_servers, self._projection.name, begun):
                    raise other
        for each, offset in watermarks.items():
            consumer.seek(each, offset)
        consumer.resume(*watermarks)
        self._assigned = watermarks
        self._reached = {partition: marks[partition].next_offset for partition in ours}
        self._waiting = GrowthWaits()
        self._term += 1
        self._liveness.placed(_now())

    def forget(self) -> None:
        """These partitions are no longer ours. The watermark is already where it must be."""
        for partition in self._assigned:
            with contextlib.suppress(KeyError):  # never measured
                metrics.WATERMARK_LAG.remove(*self._labels(partition))
        self._assigned = {}
        self._waiting = GrowthWaits()
        self._liveness.asks(_now())
        self._term += 1

    def _labels(self, partition: TopicPartition) -> tuple[str, ...]:
        return (self._service, self._projection.name, partition.topic, str(partition.partition))

    async def _gathered(self, gathering: asyncio.Task[list[Run]]) -> list[Run]:
        """It comes within half a second, when its client of Kafka does as it says."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await gathering
        except TimeoutError as error:
            raise Stuck(f"{self._projection.name}: its client of Kafka does not come back from a read") from error

    async def _gather(self, reader: KafkaReader) -> list[Run]:
        """What is there to fold, decoded: waits half a second for the first record, for more while a fold is busy."""
        gathered: dict[TopicPartition, Run] = {}
        term, room, patience = self._term, self._settings.batch_size, 500
        while room > 0:
            try:
                batches = await reader.read(timeout_ms=patience, most=min(room, _CHUNK))
            except NoOffsetForPartitionError:
                break  # asked for before the listener had placed the partition at its watermark
            except OffsetOutOfRangeError as error:
                place, *_ = error.args[0]
                raise outside(self._projection.name, Partition(place.topic, place.partition), error) from error
            if term != self._term:
                gathered, term = {}, self._term
            for partition, records in batches.items():
                room -= len(records)
                # Not placed yet: read from another offset. Placing it reads them again.
                if partition in self._assigned:
                    if (run := gathered.get(partition)) is None:
                        run = Run(Partition(partition.topic, partition.partition), records[0].offset)
                        gathered[partition] = run
                    run.read(self._projection, records)
            if not batches and not self._folding:
                break
            patience = _PAUSE_MS if self._folding else 0
            # The batch before this one is being folded: let it go on.
            await asyncio.sleep(0)
        return list(gathered.values())

    async def _fold(self, runs: list[Run]) -> Applied:
        try:
            applied = await self._apply(runs, self._settings.halt_after_dead_letters)
        except TooManyDead as pile:
            # What comes before is folded and the pile itself is kept to look at; nothing past it is touched.
            (run,) = (run for run in runs if run.partition == pile.partition)
            self._count(await self._apply([run.between(run.first_offset, pile.upto + 1)], None))
            raise self._standstill.too_many_dead(pile.partition) from pile
        for partition, offset in applied.next_offsets.items():
            if (ours := TopicPartition(*partition.place)) in self._assigned:
                self._assigned[ours] = self._reached[partition] = offset
        self._count(applied)
        return applied

    async def _apply(self, runs: list[Run], most_dead: int | None) -> Applied:
        """Fold in one transaction; passing trouble with Postgres is waited out, on a new connection each time."""
        async for attempt in stamina.retry_context(
            on=TRANSIENT, attempts=None, timeout=120.0, wait_initial=0.05, wait_max=2.0
        ):
            with attempt:
                began = _now()
                async with self._pool.acquire() as connection:
                    self._note_wait("connection", _now() - began)
                    return await apply_batch(connection, self._projection, runs, datetime.now(UTC), most_dead)
        raise AssertionError("unreachable: the loop above returns or raises")

    def _count(self, applied: Applied) -> None:
        labels = (self._service, self._projection.name)
        metrics.EVENTS_PROJECTED.labels(*labels).inc(len(applied.folded))
        metrics.EVENTS_DUPLICATE.labels(*labels).inc(applied.duplicates)
        if applied.folded:
            metrics.FRESHNESS.labels(*labels).observe(metrics.age(applied.folded[0].time, datetime.now(UTC)))
        metrics.DEAD_LETTERS.labels(*labels).inc(len(applied.dead_letters))
        for letter in applied.dead_letters:
            # The reason may quote the data: it stands in the table, not here.
            found = identify(letter.value)
            _log.error(
                "dead letter",
                projection=self._projection.name,
                topic=letter.partition.topic,
                offset=letter.offset,
                event_id=found.id,
                correlation_id=found.correlationid,
                trace_id=trace_id(found.traceparent),
            )

    def _report(self, consumer: AIOKafkaConsumer, moved: bool) -> None:
        behind = 0
        # Of one that waits for others nothing is asked.
        asked = [each for each in self._assigned if each not in self.waits]
        self._liveness.heard(((each, consumer.last_poll_timestamp(each)) for each in asked), self._assigned, _now())
        for partition, offset in self._assigned.items():
            highwater = consumer.highwater(partition)
            if highwater is None:
                behind += 1  # not fetched yet: staying so is trouble too
                continue
            lag = max(highwater - offset, 0)
            behind += 0 if partition in self.waits else lag
            metrics.WATERMARK_LAG.labels(*self._labels(partition)).set(lag)
        self._liveness.stands(behind, moved, _now())

    async def _hint(self, consumer: AIOKafkaConsumer) -> None:
        """Tell Kafka now and then how far we are: for lag tools; the watermark decides."""
        now = _now()
        if self._assigned and now - self._hinted_at > 1.0:
            self._hinted_at = now
            try:
                # It waits for a coordinator, as long as that takes: a hint is not worth it.
                async with asyncio.timeout(_HINT_SECONDS):
                    await consumer.commit(dict(self._assigned))
            except (CommitFailedError, IllegalStateError, TimeoutError) as error:
                _log.info("no commit", projection=self._projection.name, error=repr(error))


def _now() -> float:
    return asyncio.get_running_loop().time()
