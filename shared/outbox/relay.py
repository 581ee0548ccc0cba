"""From outbox to Kafka: one leader per service, in commit order, numbered without gaps, at least once."""

import asyncio
import contextlib
import signal
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TypeAlias

import asyncpg
import stamina
import structlog
from aiokafka.errors import KafkaError

from ..database import TRANSIENT, Record, connect
from ..observability import health_server, metrics
from ..observability.heartbeat import beating
from ..observability.waits import Waits
from ..runtime.hanging import end_when_hung
from ..runtime.settings import Settings
from ..runtime.shutdown import be_gone_in_time, stop
from . import log_tail
from .numbering import IS_THERE, LEFT, NUMBER, NUMBER_RECENT
from .publisher import Publisher, SendBatch, Unsendable
from .set_aside import send_again, set_aside
from .store import SPREAD_OVER
from .waiting import Waiting

_Connection: TypeAlias = "asyncpg.Connection[Record]"

_BATCH = 2000
_NAP_SECONDS = 1.0
_POLL_SECONDS = 0.01
#: A statement of a relay takes milliseconds; one without an answer ends the turn.
_ANSWER_SECONDS = 10.0
#: A leader asks Postgres something every second, and Kafka lets it wait no longer than `Publisher.send` does. Of one
#: that is stopped, or out of reach, Postgres ends the session after this, and with it the lock: the next one leads.
FENCE_SECONDS = 30.0
#: Before that it reads what the log has of it, and asks nothing meanwhile.
_READING_SECONDS = 600.0
#: How soon a topic that is made or gone is seen.
_TOPICS_SECONDS = 5.0
#: Sent one by one, so few at a time that what is sent again after a refusal is little.
_ONE_BY_ONE = 100

#: From the one before the first: whoever sets `sent` back to have events sent again is not overruled. A mark that is
#: lost in a crash of Postgres costs a resend: no flush to disk is waited for.
_SENT = """
UPDATE outbox_head AS head SET sent = acked.last
FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS acked (stream, first, last),
     set_config('synchronous_commit', 'off', true)
WHERE head.stream = acked.stream AND head.sent = acked.first - 1
RETURNING head.stream
"""

_SPREAD = "SELECT topic, partitions FROM outbox_topic"

_TRY_LOCK = "SELECT pg_try_advisory_lock(hashtextextended($1, 0))"
#: Held while waiting for a notification: who appends then sees that one is needed.
_TRY_REST = "SELECT pg_try_advisory_lock(hashtextextended('relay rests ' || current_schema(), 0))"
_END_REST = "SELECT pg_advisory_unlock(hashtextextended('relay rests ' || current_schema(), 0))"

_log = structlog.get_logger(__name__)


class Relay:
    """One service's relay."""

    def __init__(self, service: str, settings: Settings) -> None:
        self.service = service
        self.settings = settings
        self._state = "connecting"
        self._halt: str | None = None
        self._waiting = Waiting(service, settings)
        self._waits = Waits(service, "relay")
        self._wake = asyncio.Event()
        #: Since the last heartbeat the loop that sends came by.
        self._came_by = False
        metrics.OUTBOX_OLDEST.labels(service).set_function(self._waiting.age)
        self._topics: list[str] = []
        self._topics_until = 0.0
        self._one_by_one = False
        #: The oldest transaction that may have appended what is not taken yet, when that is known.
        self._past: str | None = None

    def problem(self) -> str | None:
        """What is wrong, or None. Standing by is fine while another relay leads and sends."""
        if self._halt is not None:
            return f"{log_tail.RELAY} is halted: {self._halt}"
        if self._state == "connecting":
            return f"the relay of {self.service} has no connection to Postgres and Kafka"
        return self._waiting.problem()

    async def run(self) -> None:
        """Lead or stand by until cancelled; passing trouble with Kafka or Postgres starts a new turn."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._waiting.measure())
            group.create_task(self._turns())
            group.create_task(self._waits.of_the_loop())

    async def _turns(self) -> None:
        async for attempt in stamina.retry_context(
            on=(KafkaError, *TRANSIENT), attempts=None, timeout=None, wait_initial=0.2, wait_max=5.0
        ):
            with attempt:
                while True:
                    try:
                        await self._turn()
                    except Unsendable as refused:
                        _log.error("kafka refuses", service=self.service, rows=len(refused.rows), reason=refused.reason)

    async def _turn(self) -> None:
        connection = await connect(
            self.service,
            self.settings,
            command_seconds=_ANSWER_SECONDS,
            idle_session_timeout=f"{_READING_SECONDS:.0f}s",
        )
        await self._waits.watch(connection)
        try:
            await self._become_leader(connection)
            publisher = Publisher(self.service, self.settings)
            try:
                await publisher.start()
                await self._until_known(connection)
                await connection.execute(f"SET idle_session_timeout = '{FENCE_SECONDS:.0f}s'")
                self._state = "leading"
                _log.info("relay leads", service=self.service)
                heart = asyncio.create_task(self._beat(publisher))
                try:
                    await self._lead(connection, publisher)
                finally:
                    heart.cancel()
            except Unsendable as refused:
                # Among more than one it is not known which: the next turn sends them one by one.
                self._one_by_one = True
                if len(refused.rows) == 1:
                    await set_aside(connection, refused.rows[0], refused.reason)
                raise
            finally:
                await stop(publisher.stop())
        finally:
            self._state = "connecting"
            connection.terminate()

    async def _until_known(self, connection: _Connection) -> None:
        """No number is given while the log has events that this database does not know."""
        try:
            while reason := await log_tail.standing(connection) or await log_tail.find_older(
                connection, self.service, self.settings, datetime.now(UTC)
            ):
                if self._halt is None:
                    _log.error("relay halted", service=self.service, reason=reason)
                self._halt = reason
                await asyncio.sleep(_NAP_SECONDS)
        finally:
            self._halt = None

    async def _beat(self, publisher: Publisher) -> None:
        """Let every worker hear that we lead and send: only while the loop that sends comes by."""
        while True:
            if self._came_by:
                self._came_by = False
                try:
                    began = asyncio.get_running_loop().time()
                    await publisher.beat(datetime.now(UTC))
                    self._waits.note("Kafka", asyncio.get_running_loop().time() - began)
                except (KafkaError, TimeoutError) as error:
                    _log.warning("no heartbeat sent", service=self.service, error=repr(error))
            await asyncio.sleep(self.settings.heartbeat_seconds)

    async def _become_leader(self, connection: _Connection) -> None:
        # Held by the session that also reads and marks: losing it ends the turn.
        # Asked for again and again: a wait for it would be one on which nothing could be asked.
        while not await connection.fetchval(_TRY_LOCK, f"relay {self.service}"):
            self._state = "standby"
            await asyncio.sleep(_NAP_SECONDS)
        self._state = "connecting"

    async def _lead(self, connection: _Connection, publisher: Publisher) -> None:
        await connection.add_listener(f"outbox_{self.service}", lambda *_: self._wake.set())
        self._past = None
        publisher.partitions = {row["topic"]: row["partitions"] for row in await connection.fetch(_SPREAD)}
        while True:
            await self._look(connection, publisher)
            await self._send_left(connection, publisher)
            await self._send_fresh(connection, publisher)
            await self._rest(connection)

    async def _spread(self, connection: _Connection, publisher: Publisher, topics: set[str]) -> None:
        """Spread the slots of topics over the partitions that they have by now. All that was sent is acknowledged."""
        for topic, partitions in (await publisher.grown(topics)).items():
            if topic in publisher.partitions:
                # Stored after it is told: told twice, it says twice where nobody had gone on yet.
                await publisher.tell_growth(topic, partitions, datetime.now(UTC))
                _log.info("topic has grown", service=self.service, topic=topic, partitions=partitions)
            await connection.execute(SPREAD_OVER, topic, partitions)
            publisher.partitions[topic] = partitions

    async def _look(self, connection: _Connection, publisher: Publisher) -> None:
        """Now and then: which topics there are. What waited for one that is there now is sent."""
        if self._topics_are_known:
            return
        self._topics = await publisher.topics()
        self._topics_until = asyncio.get_running_loop().time() + _TOPICS_SECONDS
        await send_again(connection, self._topics)

    @property
    def _topics_are_known(self) -> bool:
        return asyncio.get_running_loop().time() < self._topics_until

    async def _send_left(self, connection: _Connection, publisher: Publisher) -> None:
        publisher.one_by_one = self._one_by_one
        while rows := await connection.fetch(LEFT, _ONE_BY_ONE if self._one_by_one else _BATCH):
            await self._spread(connection, publisher, {row["topic"] for row in rows})
            await self._mark(connection, await publisher.send(await publisher.prepare(rows)))
        publisher.one_by_one = self._one_by_one = False

    async def _mark(self, connection: _Connection, acked: SendBatch) -> bool:
        """Whether it took: not when something before it is to be sent again."""
        if not acked.last:
            return True
        first = [acked.first[stream] for stream in acked.last]
        marked = await connection.fetch(_SENT, list(acked.last), first, list(acked.last.values()))
        return len(marked) == len(acked.last)

    async def _send_fresh(self, connection: _Connection, publisher: Publisher) -> None:
        """Until there is nothing fresh and all is marked, or something before it is to be sent again, or a topic has
        grown: what is numbered is left then."""
        acked = SendBatch()
        under_way: list[asyncio.Task[SendBatch]] = []
        numbering = asyncio.create_task(self._number(connection, acked))
        try:
            while rows := await numbering:
                if await publisher.grown({row["topic"] for row in rows}):
                    break
                # One batch is under way, the next is encoded, and Postgres numbers the one after it. A batch goes when
                # all before it is acknowledged: one that fails is sent again, and no later event of its keys may be in
                # the log.
                numbering = asyncio.create_task(self._number(connection, acked))
                batch = await publisher.prepare(rows)
                acked = await under_way.pop() if under_way else SendBatch()
                under_way.append(asyncio.create_task(publisher.send(batch)))
            await self._mark(connection, acked)
            for sending in under_way:
                await self._mark(connection, await sending)
        finally:
            for task in (numbering, *under_way):
                task.cancel()
            await asyncio.gather(numbering, *under_way, return_exceptions=True)

    async def _number(self, connection: _Connection, acked: SendBatch) -> list[Record]:
        """Mark what is acknowledged, number what comes next: nothing when the mark did not take."""
        self._came_by = True
        if not await self._mark(connection, acked):
            return []
        if self._past is None:
            rows = await connection.fetch(NUMBER, _BATCH, self._topics)
        else:
            rows = await connection.fetch(NUMBER_RECENT, _BATCH, self._topics, self._past)
        if rows:
            # Of a full batch more may be left: that is read in order, as at first.
            self._past = rows[0]["past"]
        return rows

    async def _rest(self, connection: _Connection) -> None:
        """Until there may be something to send."""
        self._wake.clear()
        if not await connection.fetchval(_TRY_REST):
            # Someone appends and will not notify: they found us at work.
            await asyncio.sleep(_POLL_SECONDS)
            return
        while self._topics_are_known and not await connection.fetchval(IS_THERE, self._past or "0"):
            self._came_by = True
            with contextlib.suppress(TimeoutError):
                # A lost notification costs a nap, never an event.
                await asyncio.wait_for(self._wake.wait(), _NAP_SECONDS)
        await connection.execute(_END_REST)


async def serve(services: Iterable[str], settings: Settings) -> None:
    """Relay these services' outboxes and answer for their health until TERM or INT."""
    relays = [Relay(service, settings) for service in services]

    def problems() -> list[str]:
        return [problem for relay in relays if (problem := relay.problem())]

    async def beat_and_run(relay: Relay) -> None:
        def own_problems() -> list[str]:
            problem = relay.problem()
            return [problem] if problem else []

        async with beating(relay.service, "relay", settings, own_problems):
            await relay.run()

    async def run() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(end_when_hung(settings.hung_after_seconds))
            group.create_task(health_server.serve(settings, problems))
            for relay in relays:
                group.create_task(beat_and_run(relay))

    task = asyncio.ensure_future(run())

    def end() -> None:
        be_gone_in_time()
        task.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, end)
    with contextlib.suppress(asyncio.CancelledError):
        await task
