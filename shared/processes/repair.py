"""Makes a log whole again from the outbox that it was sent from, and has projections read it from its beginning.

`python -m services.<service> repair`: see "Repair the log" in deploy/README.md.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TypeAlias

import asyncpg
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import for_code

from ..contracts import EVENT_TOPICS, TOPICS
from ..database import Record, connect
from ..kafka import clients
from ..outbox.publisher import Publisher
from ..outbox.store import SPREAD_OVER
from ..projections.halts import Halted, standing
from ..projections.log_identity import compare
from ..projections.projector import Projection
from ..projections.watermarks import read_marks
from ..runtime.settings import Settings
from . import topics
from .log_audit import Audit, audit

Say = Callable[[str], None]
_Connection: TypeAlias = "asyncpg.Connection[Record]"

_BATCH = 2000
#: How often is looked whether what was ordered has happened.
_LOOK_SECONDS = 0.2
#: A relay that lost its lock is done with what it was sending.
_DONE_SECONDS = 2 * clients.REQUEST_MS / 1000

#: In the order of their numbers, with all that the relay's own statement gives.
_AGAIN = """
SELECT outbox.id::text AS id, topic, key, type, subject, time, correlation_id, causation_id, traceparent, data,
       slot, numbered.*
FROM numbered JOIN outbox_head AS head USING (stream) JOIN outbox USING (position)
WHERE topic = $1 AND numbered.sequence <= head.sent ORDER BY numbered.sequence
"""
_LOCK = "SELECT pg_advisory_lock(hashtextextended($1, 0))"
_LOCKS = """
SELECT pid, granted FROM pg_locks WHERE locktype = 'advisory'
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
AND (classid::bigint << 32 | objid::bigint) = hashtextextended($1, 0)
"""
#: Who lost the lead asks for it on a new connection, when its producer has stopped.
_ASKING = """
SELECT count(*) FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid()
AND backend_start > $1 AND query LIKE '%pg_try_advisory_lock(%'
"""
_END_SESSION = "SELECT pg_terminate_backend($1)"

#: In another log the offsets of dead letters are of other records: they get one that no record has.
_MOVE_LETTERS = """
UPDATE dead_letter SET "offset" = -1000000 - id WHERE projection = $1 AND topic = $2 AND "offset" >= 0
"""
_FORGET_MARKS = "DELETE FROM watermark WHERE projection = $1 AND topic = $2"
_LIFT = "DELETE FROM halt WHERE projection = $1 AND topic = $2"


class RepairError(Exception):
    """A log cannot be made whole from this database. The message says what to do; nothing was changed.

    Seen by: the operator who repairs. Ends: `repair`, with status 1.
    """


async def repair_topics(service: str, settings: Settings, say: Say) -> None:
    """Verify the topics that a service writes, and make those again that miss anything, from its outbox, in order.

    Raises RepairError when the log has events that the database does not know, and KafkaError.
    """
    connection = await connect(service, settings, command_seconds=None)
    try:
        audits = {topic: await audit(connection, topic, settings) for topic in written_by(service)}
        _refuse_unknown(audits)
        broken = {topic: found for topic, found in audits.items() if found.problem}
        for topic, found in audits.items():
            say(f"{topic}: {found.problem or f'whole, {found.records} records'}")
        if broken:
            async with only_writer(connection, service, settings):
                await make_whole(connection, service, broken, settings, say)
    finally:
        await connection.close()


async def repair_readers(service: str, projections: Iterable[Projection], settings: Settings, say: Say) -> None:
    """Have each projection whose log is another one, or has a gap, read it from its beginning: what it folded before is
    dropped as a repeat, what it missed is folded. Raises KafkaError."""
    connection = await connect(service, settings, command_seconds=None)
    try:
        for projection in projections:
            marks = await read_marks(connection, projection.name)
            wrong = [*await standing(connection, projection.name)]
            wrong += await compare(settings.kafka_servers, projection.name, marks)
            found = sorted({halt.partition.topic for halt in wrong if not isinstance(halt, Halted)})
            for topic in found:
                await _set_back(connection, projection.name, topic)
                say(f"{projection.name}: reads {topic} from its beginning")
            if not found:
                say(f"{projection.name}: its logs are those that it folded")
    finally:
        await connection.close()


def written_by(service: str) -> list[str]:
    """The topics of a service's outbox."""
    return [topic for topic in EVENT_TOPICS if service in TOPICS[topic].writers]


def _refuse_unknown(audits: dict[str, Audit]) -> None:
    unknown = {topic: found.unknown for topic, found in audits.items() if found.unknown}
    if unknown:
        counts = ", ".join(f"{topic} {len(ids)}" for topic, ids in unknown.items())
        raise RepairError(f"the log has events that this database does not know ({counts}): Postgres is older than it")


async def make_whole(
    connection: _Connection, service: str, broken: dict[str, Audit], settings: Settings, say: Say
) -> None:
    """Make topics again from the outbox, in order. Raises KafkaError."""
    # One that has nothing in it, but for identities, can be filled as it is.
    remade = [topic for topic, found in broken.items() if found.records]
    await _remove(settings.kafka_servers, remade)
    await topics.ensure(settings.kafka_servers)
    publisher = Publisher(service, settings)
    await publisher.start()
    try:
        # A log that begins anew tells of no growth.
        publisher.partitions = await publisher.grown(broken)
        for topic, partitions in publisher.partitions.items():
            await connection.execute(SPREAD_OVER, topic, partitions)
        for topic in broken:
            count = await _send_again(connection, publisher, topic)
            readers = ", ".join(TOPICS[topic].readers)
            say(f"{topic}: {'made again, ' if topic in remade else ''}{count} events sent again, for {readers}")
    finally:
        await publisher.stop()
    if any(TOPICS[topic].public for topic in remade):
        say(
            "tell partners who read Kafka themselves: what was made again is another log, to be read from its beginning"
        )


async def _remove(servers: str, names: Sequence[str]) -> None:
    admin = clients.admin(servers)
    await admin.start()
    try:
        there = [name for name in names if name in await admin.list_topics()]
        if there:
            answer = await admin.delete_topics(there)
            for name, code, *_ in answer.topic_error_codes:
                if code:
                    raise for_code(code)(f"{name} cannot be removed")
        await _until(lambda: _gone(admin, there))
    finally:
        await admin.close()


async def _gone(admin: AIOKafkaAdminClient, names: Sequence[str]) -> bool:
    return set(names).isdisjoint(await admin.list_topics())


async def _until(done: Callable[[], Awaitable[bool]]) -> None:
    while True:
        if await done():
            return
        await asyncio.sleep(_LOOK_SECONDS)


async def _send_again(connection: _Connection, publisher: Publisher, topic: str) -> int:
    """What was sent before, in order, with the numbers it had."""
    count = 0
    async with connection.transaction():
        cursor = await connection.cursor(_AGAIN, topic)
        while rows := await cursor.fetch(_BATCH):
            await publisher.send(await publisher.prepare(rows))
            count += len(rows)
    return count


@asynccontextmanager
async def only_writer(connection: _Connection, service: str, settings: Settings) -> AsyncIterator[None]:
    """Take the lead from the service's relays and keep it meanwhile. They wait until this connection ends."""
    lock, ended = f"relay {service}", set[int]()
    other = await connect(service, settings, command_seconds=None)
    try:
        mine = connection.get_server_pid()
        begun: datetime = await other.fetchval("SELECT clock_timestamp()")
        waiting = asyncio.create_task(connection.execute(_LOCK, lock))
        # Whoever stands by is given the lead before us.
        while not (await asyncio.wait([waiting], timeout=_LOOK_SECONDS))[0]:
            for row in await other.fetch(_LOCKS, lock):
                if row["granted"] and row["pid"] != mine:
                    await other.execute(_END_SESSION, row["pid"])
                    ended.add(row["pid"])
        await waiting
        # What a leader was sending may still arrive, until it has stopped and waits to lead again.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_DONE_SECONDS):
                await _until(lambda: _came_back(other, begun, len(ended)))
        yield
    finally:
        await other.close()


async def _came_back(connection: _Connection, since: datetime, count: int) -> bool:
    """Whether so many have asked to lead since then."""
    asking: int = await connection.fetchval(_ASKING, since)
    return asking >= count


async def _set_back(connection: _Connection, projection: str, topic: str) -> None:
    async with connection.transaction():
        await connection.execute(_FORGET_MARKS, projection, topic)
        await connection.execute(_MOVE_LETTERS, projection, topic)
        await connection.execute(_LIFT, projection, topic)
