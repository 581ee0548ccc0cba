"""The protections, each taken away from outside: the only module that knows names inside shared/.

A control runs the same fault without one of them and must see a difference.
"""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

import asyncpg
from aiokafka.admin import AIOKafkaAdminClient
from starlette.responses import JSONResponse

from shared.contracts.slots import headers_of
from shared.database import Connection, Record
from shared.observability import health_server
from shared.outbox import numbering, publisher, relay
from shared.outbox.publisher import Publisher, SendBatch
from shared.projections import consumer, log_watch
from shared.projections.decoding import Delivered, Poison
from shared.projections.halts import Halt
from shared.projections.projector import PERMANENT, Applied, Projection
from shared.projections.runs import Run
from shared.projections.watermarks import Mark, Partition
from shared.runtime.settings import Settings

_READ = "SELECT next_offset FROM watermark WHERE projection = $1 AND topic = $2 AND partition = $3 FOR UPDATE"
_STORE = """
INSERT INTO watermark (projection, topic, partition, next_offset) VALUES ($1, $2, $3, $4)
ON CONFLICT (projection, topic, partition) DO UPDATE SET next_offset = excluded.next_offset
"""


def _from(run: Run, offset: int) -> list[Delivered]:
    return run.between(offset, run.next_offset).events


def _applied(runs: Iterable[Run], events: Sequence[Delivered]) -> Applied:
    return Applied({run.partition: run.next_offset for run in runs}, events)


async def fold_without_claims(
    connection: Connection, projection: Projection, runs: Sequence[Run], now: datetime, _: int | None = None
) -> Applied:
    """The watermark is checked, but an event that comes again at another offset is folded again."""
    events: list[Delivered] = []
    async with connection.transaction():
        for run in runs:
            watermark = await connection.fetchval(_READ, projection.name, *run.partition.place) or 0
            events += _from(run, watermark)
            await connection.execute(_STORE, projection.name, *run.partition.place, max(watermark, run.next_offset))
        if events:
            await projection.apply(connection, events, now)
    return _applied(runs, events)


async def fold_at_least_once(
    connection: Connection, projection: Projection, runs: Sequence[Run], now: datetime, _: int | None = None
) -> Applied:
    """As a consumer that commits its offset some time after the fold, here too late: no check, no claim."""
    events = [event for run in runs for event in run.events]
    if events:
        async with connection.transaction():
            await projection.apply(connection, events, now)
    return _applied(runs, events)


async def fold_or_skip(
    connection: Connection, projection: Projection, runs: Sequence[Run], now: datetime, _: int | None = None
) -> Applied:
    """As a stream worker that acknowledges a batch whatever became of it."""
    events: list[Delivered] = []
    with contextlib.suppress(*PERMANENT, Poison, asyncpg.PostgresError):
        async with connection.transaction():
            if any(run.dead for run in runs):
                raise Poison("one record cannot be read")
            events = [event for run in runs for event in run.events]
            await projection.apply(connection, events, now)
    with contextlib.suppress(asyncpg.PostgresError):
        for run in runs:
            await connection.execute(_STORE, projection.name, *run.partition.place, run.next_offset)
    return _applied(runs, events)


def _replace(owner: object, name: str, other: object) -> None:
    if not hasattr(owner, name):
        raise LookupError(f"{owner} has no {name} any more: adapt this control")
    setattr(owner, name, other)


def _without_watermark() -> None:
    _replace(consumer, "apply_batch", fold_at_least_once)


def _without_claims() -> None:
    _replace(consumer, "apply_batch", fold_without_claims)


def _without_dead_letters() -> None:
    _replace(consumer, "apply_batch", fold_or_skip)


def _without_postgres_offsets() -> None:
    """Kafka's offset of the group decides where to go on."""
    servers = Settings.load().kafka_servers

    async def committed(_: Connection, projection: str) -> list[Mark]:
        admin = AIOKafkaAdminClient(bootstrap_servers=servers)
        await admin.start()
        try:
            offsets = await admin.list_consumer_group_offsets(f"community.{projection}")
        finally:
            await admin.close()
        return [Mark(Partition(place.topic, place.partition), found.offset) for place, found in offsets.items()]

    _replace(consumer, "read_marks", committed)
    _replace(consumer, "apply_batch", fold_without_claims)


def _without_a_reader() -> None:
    """What is folded raises what no rule of the domain foresaw."""

    async def fall(*_: object, **__: object) -> Applied:
        raise KeyError("an accepted event that this reader does not expect")

    _replace(consumer, "apply_batch", fall)


def _without_transactions() -> None:
    """Each statement commits by itself."""

    @contextlib.asynccontextmanager
    async def nothing(*_: object, **__: object) -> AsyncIterator[None]:
        yield

    asyncpg.Connection.transaction = nothing  # type: ignore[assignment, method-assign]


def _without_acknowledgement() -> None:
    """The relay takes what it handed to the producer for published."""

    async def hand_over(self: Publisher, batch: SendBatch) -> SendBatch:
        _sending.append(asyncio.ensure_future(_send(self, batch)))
        return batch

    _replace(publisher.Publisher, "send", hand_over)


_send = publisher.Publisher.send
_prepare = publisher.Publisher.prepare
_sending: list[asyncio.Future[Any]] = []


def _without_commit_order() -> None:
    """The relay reads on from the highest serial id it has seen: a late commit lies behind it."""
    seen = "position > (SELECT coalesce(max(position), 0) FROM numbered)"
    numbered = numbering.NUMBER.replace("FROM outbox_fresh ORDER BY", f"FROM outbox_fresh WHERE {seen} ORDER BY")
    if numbered == numbering.NUMBER:
        raise LookupError("the relay numbers its rows otherwise now: adapt this control")
    _replace(relay, "NUMBER", numbered)
    _replace(relay, "NUMBER_RECENT", numbering.NUMBER_RECENT.replace("AS recent", f"AS recent WHERE {seen}"))


def _without_identity() -> None:
    """Any log will do."""

    async def the_same(*_: object) -> list[Halt]:
        return []

    _replace(consumer, "compare", the_same)
    _replace(log_watch, "compare", the_same)


def _without_health() -> None:
    """A readiness that is green as long as something answers."""
    _replace(health_server, "ready", lambda _: JSONResponse({"ready": True, "problems": []}))


def _with_jitter() -> None:
    """Not a protection but a bad network: each record is sent up to 50 ms late, one in five of them twice; those of a
    slot in turn, as a relay sends them."""
    rows_of: dict[int, Sequence[Record]] = {}

    async def keep_rows(self: Publisher, rows: Sequence[Record]) -> SendBatch:
        batch = await _prepare(self, rows)
        rows_of[id(batch)] = rows
        return batch

    async def late(self: Publisher, batch: SendBatch) -> SendBatch:
        async def in_turn(rows: Sequence[Record]) -> None:
            for row in rows:
                for _ in range(2 if random.random() < 0.2 else 1):
                    await asyncio.sleep(random.random() * 0.05)
                    headers = headers_of(row["slot"], row["number"])
                    await self._producer.send_and_wait(
                        row["topic"], self._encode(row), key=row["key"].encode(), headers=headers
                    )

        slots: dict[tuple[str, int], list[Record]] = {}
        for row in rows_of.pop(id(batch)):
            slots.setdefault((row["topic"], row["slot"]), []).append(row)
        await asyncio.gather(*(in_turn(rows) for rows in slots.values()))
        return batch

    _replace(publisher.Publisher, "prepare", keep_rows)
    _replace(publisher.Publisher, "send", late)


CHANGES: dict[str, Callable[[], None]] = {
    "without watermark": _without_watermark,
    "without claims": _without_claims,
    "without dead letters": _without_dead_letters,
    "without Postgres offsets": _without_postgres_offsets,
    "without a reader": _without_a_reader,
    "without transactions": _without_transactions,
    "without acknowledgement": _without_acknowledgement,
    "without commit order": _without_commit_order,
    "without health": _without_health,
    "without identity": _without_identity,
    "with jitter": _with_jitter,
}
