"""Folds the whole log into a shadow of a projection's read tables and swaps it in, while reading and folding go on.

Every projection of every service has a plan for it, in the `REBUILDS` of its service's app. The shadow is a schema that
stands before the live one in the search path, so the fold's own SQL finds its tables first. It has its own watermarks
and claims: an interrupted rebuild goes on where it was; by other code it starts clean.
"""

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import stamina
import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition

from ..database import TRANSIENT, Connection, Pool, Record, connect, create_pool, shadow
from ..kafka import clients
from ..refusals import Conflict
from ..runtime.garbage_collection import collect_seldom
from ..runtime.settings import Settings
from ..runtime.shutdown import stop
from . import dead_letters
from .consumer import FETCH_BYTES, ProjectionConsumer
from .projector import Projection
from .rebuilt_log import RebuiltLog

_ROOT = Path(__file__).parents[2]
#: What the projector keeps beside the read tables of a projection.
_OURS = ("watermark", "claim", "dead_letter")
_log = structlog.get_logger(__name__)

#: Says what differs, when live tables and shadow are complete and still.
Tell = Callable[[Connection], Awaitable[None]]
#: Gets how many records are folded, and how many there are.
Progress = Callable[[int, int], None]


class RebuildError(Exception):
    """A rebuild cannot run. The message says why. The live tables are as they were.

    Seen by: the operator who rebuilds. Ends: `rebuild`, with status 1.
    """


async def tell_nothing(_: Connection) -> None:
    """Nobody hears of a difference: nothing follows from these tables."""


@dataclass(frozen=True, slots=True)
class Rebuild:
    """How to rebuild a projection: `silent` folds as it does, but appends nothing to the outbox.

    `tables` are swapped: every table that the fold writes. `tell` runs in the transaction of the swap. `log` is the one
    of these tables in which readers have positions, if any.
    """

    silent: Projection
    tables: tuple[str, ...]
    tell: Tell = tell_nothing
    log: RebuiltLog | None = None


async def rebuild(service: str, plan: Rebuild, settings: Settings, progress: Progress, fresh: bool = False) -> None:
    """Rebuild and swap. Goes on with an interrupted rebuild by the same code unless `fresh`.

    Raises RebuildError when another one runs, the log ends too early or readers leave no moment to swap, and what a
    projection raises: Gap, Halted, or a bug.
    """
    collect_seldom()
    connection = await connect(service, settings, command_seconds=None)
    try:
        if not await connection.fetchval("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", f"rebuild {service}"):
            raise RebuildError(f"another rebuild of {service} is running")
        await _prepare(connection, service, plan, fresh)
        pool = await create_pool(
            service, settings, search_path=f"{shadow(service)}, {service}", synchronous_commit="off"
        )
        consumer = clients.consumer(
            settings.kafka_servers, auto_offset_reset="none", max_partition_fetch_bytes=FETCH_BYTES
        )
        await consumer.start()
        try:
            partitions = await _partitions(settings.kafka_servers, plan.silent.topics)
            consumer.assign(partitions)
            member = ProjectionConsumer(service, plan.silent, pool, settings)
            await _run(connection, service, plan, _Shadowing(member, pool, consumer, partitions, progress))
        finally:
            await stop(consumer.stop())
            pool.terminate()
    finally:
        await connection.close()


async def _run(connection: "asyncpg.Connection[Record]", service: str, plan: Rebuild, shadowing: "_Shadowing") -> None:
    # Before the log's end is asked for: what stands up to here is read when that end is reached.
    head = await plan.log.log.head(connection) if plan.log else 0
    await shadowing.fold(await shadowing.ends())
    if plan.log:
        async with shadowing.pool.acquire() as in_shadow:
            brought = await plan.log.bring(in_shadow, 0, head)
        _log.info("brought over from the live table", service=service, events=brought)

    def passes(error: Exception) -> bool:
        return isinstance(error, (*TRANSIENT, asyncpg.LockNotAvailableError)) and not connection.is_closed()

    try:
        async for attempt in stamina.retry_context(on=passes, attempts=None, timeout=120.0, wait_max=5.0):
            with attempt:
                await _swap(connection, service, plan, shadowing, head)
    except asyncpg.LockNotAvailableError as error:
        raise RebuildError(f"{service}: somebody has been reading these tables for two minutes: try again") from error


@dataclass(frozen=True, slots=True)
class _Shadowing:
    """The log on its way into the shadow."""

    member: ProjectionConsumer
    pool: Pool
    consumer: AIOKafkaConsumer
    partitions: list[TopicPartition]
    progress: Progress

    async def ends(self) -> Mapping[TopicPartition, int]:
        """Where each partition ends now."""
        ends: Mapping[TopicPartition, int] = await self.consumer.end_offsets(self.partitions)
        return ends

    async def fold(self, upto: Mapping[TopicPartition, int]) -> None:
        """Fold until each partition is at its offset, or past it."""
        await self.member.place(self.consumer, self.partitions)
        total = sum(upto.values())
        async with aclosing(self.member.follow(self.consumer)) as batches:
            while any(self.member.positions[partition] < offset for partition, offset in upto.items()):
                await anext(batches)
                self.progress(sum(min(self.member.positions[p], offset) for p, offset in upto.items()), total)

    async def replay(self, projection: Projection) -> None:
        """Fold the dead letters that can be by now, among them those that were replayed: in the log they come as early
        as they came then."""
        async with self.pool.acquire() as connection:
            for row in await connection.fetch(_LETTERS, projection.name):
                with suppress(Conflict):
                    async with connection.transaction():
                        await dead_letters.replay(connection, [projection], row["id"], datetime.now(UTC))


async def _prepare(connection: Connection, service: str, plan: Rebuild, fresh: bool) -> None:
    """Make the shadow's tables, unless those of the same projection and code are there."""
    schema, code = shadow(service), f"{plan.silent.name} {_fingerprint(service)}"
    made = await connection.fetchval("SELECT obj_description(to_regclass($1), 'pg_class')", f"{schema}.watermark")
    if made == code and not fresh:
        _log.info("rebuild goes on", service=service)
        return
    async with connection.transaction():
        await _drop(connection, schema)
        for table in (*plan.tables, *_OURS):
            await connection.execute(f"CREATE TABLE {schema}.{table} (LIKE {service}.{table} INCLUDING ALL)")
            await _name_indexes(connection, service, schema, table)
        # As they stand in the search path, so that the copies refer to each other.
        keys = await connection.fetch(_FOREIGN_KEYS, service, plan.tables)
        await connection.execute(f"SET LOCAL search_path = {schema}, {service}")
        for key in keys:
            await connection.execute(
                f'ALTER TABLE {schema}.{key["table"]} ADD CONSTRAINT "{key["name"]}" {key["definition"]}'
            )
        if plan.log:
            await plan.log.begin(connection)
        await connection.execute(f"COMMENT ON TABLE {schema}.watermark IS '{code}'")


def _fingerprint(service: str) -> str:
    """Names the code: what another version folded is not gone on with."""
    digest = hashlib.sha256()
    for folder in (_ROOT / "shared", _ROOT / "services" / service):
        for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.sql")]):
            digest.update(path.read_bytes())
    return digest.hexdigest()


_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = $1"
#: Copies get names of Postgres' own choice; a later migration must find the ones it knows.
_SAME_INDEX = """
SELECT live_name.relname AS wanted, copy_name.relname AS given
FROM pg_index AS live JOIN pg_class AS live_name ON live_name.oid = live.indexrelid
JOIN pg_index AS copy ON copy.indkey = live.indkey AND copy.indisunique = live.indisunique
     AND pg_get_expr(copy.indpred, copy.indrelid) IS NOT DISTINCT FROM pg_get_expr(live.indpred, live.indrelid)
JOIN pg_class AS copy_name ON copy_name.oid = copy.indexrelid
WHERE live.indrelid = $1::text::regclass AND copy.indrelid = $2::text::regclass
  AND live_name.relname <> copy_name.relname
"""

_FOREIGN_KEYS = """
SELECT relname AS table, conname AS name, pg_get_constraintdef(referring.oid) AS definition
FROM pg_constraint AS referring JOIN pg_class ON pg_class.oid = conrelid
WHERE contype = 'f' AND relnamespace = $1::text::regnamespace AND relname = ANY($2::text[])
"""

# `shadow.` becomes the schema of the shadow.
_DROP_WATERMARKS = "DELETE FROM watermark WHERE projection = $1"
_MOVE_WATERMARKS = "INSERT INTO watermark SELECT * FROM shadow.watermark"
_DROP_CLAIMS = "DELETE FROM claim WHERE projection = $1"
_MOVE_CLAIMS = "INSERT INTO claim SELECT * FROM shadow.claim"
_LETTERS = "SELECT id FROM dead_letter WHERE projection = $1 AND replayed_at IS NULL ORDER BY id"
#: A letter that is dead again stays as it was, but is not replayed any more; one that folds by now is gone.
_DROP_LETTERS = """
DELETE FROM dead_letter AS letter WHERE projection = $1 AND NOT EXISTS (
    SELECT FROM shadow.dead_letter AS again WHERE again.topic = letter.topic
    AND again.partition = letter.partition AND again."offset" = letter."offset")
"""
_MOVE_LETTERS = """
INSERT INTO dead_letter (projection, topic, partition, "offset", event_id, reason, key, value, awaits, found_at,
                         replayed_at)
SELECT projection, topic, partition, "offset", event_id, reason, key, value, awaits, found_at, replayed_at
FROM shadow.dead_letter
ON CONFLICT (projection, topic, partition, "offset")
DO UPDATE SET reason = excluded.reason, awaits = excluded.awaits, replayed_at = excluded.replayed_at
"""
_LIVE_WATERMARKS = "SELECT topic, partition, next_offset FROM watermark WHERE projection = $1 ORDER BY 1, 2 FOR UPDATE"
#: Shorter than Postgres takes to find a deadlock: a reader never pays for the swap.
_PATIENCE = "400ms"


async def _drop(connection: Connection, schema: str) -> None:
    tables = ", ".join(f"{schema}.{row['tablename']}" for row in await connection.fetch(_TABLES, schema))
    if tables:
        await connection.execute(f"DROP TABLE {tables}")


async def _name_indexes(connection: Connection, live: str, schema: str, table: str) -> None:
    for row in await connection.fetch(_SAME_INDEX, f"{live}.{table}", f"{schema}.{table}"):
        await connection.execute(f'ALTER INDEX {schema}."{row["given"]}" RENAME TO "{row["wanted"]}"')


async def _partitions(servers: str, topics: Iterable[str]) -> list[TopicPartition]:
    admin = clients.admin(servers)
    await admin.start()
    try:
        described = await admin.describe_topics(list(topics))
    finally:
        await admin.close()
    return [TopicPartition(topic["topic"], each["partition"]) for topic in described for each in topic["partitions"]]


async def _swap(
    connection: "asyncpg.Connection[Record]", service: str, plan: Rebuild, shadowing: _Shadowing, head: int
) -> None:
    """Hold live folding still, fold what it was ahead, tell the difference and change places: one transaction."""
    name, schema = plan.silent.name, shadow(service)
    async with connection.transaction():
        rows = await connection.fetch(_LIVE_WATERMARKS, name)
        marks = {TopicPartition(r["topic"], r["partition"]): r["next_offset"] for r in rows}
        for partition, end in (await shadowing.ends()).items():
            if end < marks.get(partition, 0):
                raise RebuildError(
                    f"{name}: {partition.topic}-{partition.partition} ends at offset {end}, before the "
                    f"{marks[partition]} that the live tables have read: it is another log, or records are gone"
                )
        await shadowing.fold({partition: marks.get(partition, 0) for partition in shadowing.partitions})
        await shadowing.replay(plan.silent)
        if plan.log:
            upto = await plan.log.log.head(connection)
            await connection.execute(f"SET LOCAL search_path = {schema}, {service}")
            await plan.log.bring(connection, head, upto)
            await plan.log.place(connection)
            await connection.execute(f"SET LOCAL search_path = {service}")
        await plan.tell(connection)
        await _change_places(connection, service, plan.tables)
        for statement in (_DROP_WATERMARKS, _DROP_CLAIMS, _DROP_LETTERS):
            await connection.execute(statement.replace("shadow.", f"{schema}."), name)
        for statement in (_MOVE_WATERMARKS, _MOVE_CLAIMS, _MOVE_LETTERS):
            await connection.execute(statement.replace("shadow.", f"{schema}."))
        await _drop(connection, schema)


async def _change_places(connection: Connection, service: str, tables: Iterable[str]) -> None:
    """Raises LockNotAvailableError while somebody reads the live tables: everyone else would wait behind us."""
    live = ", ".join(f"{service}.{table}" for table in tables)
    await connection.execute(f"SET LOCAL lock_timeout = '{_PATIENCE}'")
    await connection.execute(f"LOCK TABLE {live} IN ACCESS EXCLUSIVE MODE")
    await connection.execute("SET LOCAL lock_timeout TO DEFAULT")
    await connection.execute(f"DROP TABLE {live}")
    for table in tables:
        await connection.execute(f"ALTER TABLE {shadow(service)}.{table} SET SCHEMA {service}")
