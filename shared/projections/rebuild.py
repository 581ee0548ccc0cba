"""Folds the whole log into a shadow of a projection's read tables and swaps it in, while reading and folding go on.

The shadow is a schema that stands before the live one in the search path, so the fold's own SQL finds its tables first.
It has its own watermarks and claims: an interrupted rebuild goes on where it was; by other code it starts clean.
"""

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import stamina
import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition

from ..database import TRANSIENT, Connection, Record, connect, create_pool, shadow
from ..kafka import clients
from ..runtime.garbage_collection import collect_seldom
from ..runtime.settings import Settings
from ..runtime.shutdown import stop
from .consumer import FETCH_BYTES, ProjectionConsumer
from .projector import Projection

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


@dataclass(frozen=True, slots=True)
class Rebuild:
    """How to rebuild a projection: `silent` folds as it does, but appends nothing to the outbox.

    `tables` are swapped; `scratch` tables are written by the fold too, but stay as they are. `tell` runs in the
    transaction of the swap.
    """

    silent: Projection
    tables: tuple[str, ...]
    scratch: tuple[str, ...]
    tell: Tell


async def rebuild(service: str, plan: Rebuild, settings: Settings, progress: Progress, fresh: bool = False) -> None:
    """Rebuild and swap. Goes on with an interrupted rebuild by the same code unless `fresh`.

    Raises RebuildError when another one runs, and what a projection raises: Gap, Halted, or a bug.
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
            shadowing = _Shadowing(ProjectionConsumer(service, plan.silent, pool, settings), consumer, partitions)
            await shadowing.fold(await consumer.end_offsets(partitions), progress)
            async for attempt in stamina.retry_context(on=TRANSIENT, attempts=5, timeout=120.0, wait_max=5.0):
                with attempt:
                    await _swap(connection, service, plan, shadowing, progress)
        finally:
            await stop(consumer.stop())
            pool.terminate()
    finally:
        await connection.close()


@dataclass(frozen=True, slots=True)
class _Shadowing:
    """The log on its way into the shadow."""

    member: ProjectionConsumer
    consumer: AIOKafkaConsumer
    partitions: list[TopicPartition]

    async def fold(self, upto: Mapping[TopicPartition, int], progress: Progress) -> None:
        """Fold until each partition is at its offset, or past it."""
        await self.member.place(self.consumer, self.partitions)
        total = sum(upto.values())
        async with aclosing(self.member.follow(self.consumer)) as batches:
            while any(self.member.positions[partition] < offset for partition, offset in upto.items()):
                await anext(batches)
                progress(sum(min(self.member.positions[p], offset) for p, offset in upto.items()), total)


async def _prepare(connection: Connection, service: str, plan: Rebuild, fresh: bool) -> None:
    """Make the shadow's tables, unless those of the same projection and code are there."""
    schema, code = shadow(service), f"{plan.silent.name} {_fingerprint(service)}"
    made = await connection.fetchval("SELECT obj_description(to_regclass($1), 'pg_class')", f"{schema}.watermark")
    if made == code and not fresh:
        _log.info("rebuild goes on", service=service)
        return
    async with connection.transaction():
        await _drop(connection, schema)
        for table in (*plan.tables, *plan.scratch, *_OURS):
            await connection.execute(f"CREATE TABLE {schema}.{table} (LIKE {service}.{table} INCLUDING ALL)")
            await _name_indexes(connection, service, schema, table)
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

# `shadow.` becomes the schema of the shadow.
_MOVE_WATERMARKS = """
INSERT INTO watermark SELECT * FROM shadow.watermark
ON CONFLICT (projection, topic, partition)
DO UPDATE SET next_offset = excluded.next_offset, event_time = excluded.event_time, log_id = excluded.log_id,
              event_id = excluded.event_id
"""
_DROP_CLAIMS = "DELETE FROM claim WHERE projection = $1"
_MOVE_CLAIMS = "INSERT INTO claim SELECT * FROM shadow.claim"
#: A letter that is dead again stays as it was; one that folds by now is gone.
_DROP_LETTERS = """
DELETE FROM dead_letter AS letter WHERE projection = $1 AND NOT EXISTS (
    SELECT FROM shadow.dead_letter AS again WHERE again.topic = letter.topic
    AND again.partition = letter.partition AND again."offset" = letter."offset")
"""
_MOVE_LETTERS = """
INSERT INTO dead_letter (projection, topic, partition, "offset", event_id, reason, key, value, found_at)
SELECT projection, topic, partition, "offset", event_id, reason, key, value, found_at FROM shadow.dead_letter
ON CONFLICT DO NOTHING
"""
_LIVE_WATERMARKS = "SELECT topic, partition, next_offset FROM watermark WHERE projection = $1 ORDER BY 1, 2 FOR UPDATE"


async def _drop(connection: Connection, schema: str) -> None:
    for row in await connection.fetch(_TABLES, schema):
        await connection.execute(f"DROP TABLE {schema}.{row['tablename']}")


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
    connection: "asyncpg.Connection[Record]", service: str, plan: Rebuild, shadowing: _Shadowing, progress: Progress
) -> None:
    """Hold live folding still, fold what it was ahead, tell the difference and change places: one transaction."""
    name, schema = plan.silent.name, shadow(service)
    async with connection.transaction():
        rows = await connection.fetch(_LIVE_WATERMARKS, name)
        await shadowing.fold({TopicPartition(r["topic"], r["partition"]): r["next_offset"] for r in rows}, progress)
        await plan.tell(connection)
        for table in plan.tables:
            await connection.execute(f"DROP TABLE {service}.{table}")
            await connection.execute(f"ALTER TABLE {schema}.{table} SET SCHEMA {service}")
        await connection.execute(_MOVE_WATERMARKS.replace("shadow.", f"{schema}."))
        await connection.execute(_DROP_CLAIMS, name)
        await connection.execute(_MOVE_CLAIMS.replace("shadow.", f"{schema}."))
        await connection.execute(_DROP_LETTERS.replace("shadow.", f"{schema}."), name)
        await connection.execute(_MOVE_LETTERS.replace("shadow.", f"{schema}."))
        await _drop(connection, schema)
