"""The protections, each taken away from outside: the only module that knows names inside shared/.

A control runs the same fault without one of them and must see a difference.
"""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from typing import Any

import asyncpg
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from starlette.responses import JSONResponse

from shared import consumer, ops, relay
from shared.database import Connection
from shared.delivery import Delivered, Incoming, Poison, Unread, decode
from shared.projector import PERMANENT, Applied, Partition, Projection
from shared.settings import Settings

_READ = "SELECT next_offset FROM watermark WHERE projection = $1 AND topic = $2 AND partition = $3 FOR UPDATE"
_STORE = """
INSERT INTO watermark (projection, topic, partition, next_offset) VALUES ($1, $2, $3, $4)
ON CONFLICT (projection, topic, partition) DO UPDATE SET next_offset = excluded.next_offset
"""


def _events(records: Sequence[Incoming]) -> list[Delivered]:
    events = (decode(record.value) for record in records)
    return [event for event in events if not isinstance(event, Unread)]


async def fold_without_claims(
    connection: Connection, projection: Projection, partition: Partition, records: Sequence[Incoming], now: datetime
) -> Applied:
    """The watermark is checked, but an event that comes again at another offset is folded again."""
    place = (projection.name, partition.topic, partition.number)
    async with connection.transaction():
        watermark = await connection.fetchval(_READ, *place) or 0
        events = _events([record for record in records if record.offset >= watermark])
        if events:
            await projection.apply(connection, events, now)
        await connection.execute(_STORE, *place, max(watermark, records[-1].offset + 1))
    return Applied(records[-1].offset + 1, tuple(events), 0, ())


async def fold_at_least_once(
    connection: Connection, projection: Projection, _: Partition, records: Sequence[Incoming], now: datetime
) -> Applied:
    """As a consumer that commits its offset some time after the fold, here too late: no check, no claim."""
    events = _events(records)
    if events:
        async with connection.transaction():
            await projection.apply(connection, events, now)
    return Applied(records[-1].offset + 1, tuple(events), 0, ())


async def fold_or_skip(
    connection: Connection, projection: Projection, partition: Partition, records: Sequence[Incoming], now: datetime
) -> Applied:
    """As a stream worker that acknowledges a batch whatever became of it."""
    events: list[Delivered] = []
    with contextlib.suppress(*PERMANENT, Poison, asyncpg.PostgresError):
        async with connection.transaction():
            events = _events(records)
            await projection.apply(connection, events, now)
    with contextlib.suppress(asyncpg.PostgresError):
        await connection.execute(_STORE, projection.name, partition.topic, partition.number, records[-1].offset + 1)
    return Applied(records[-1].offset + 1, tuple(events), 0, ())


def _replace(owner: object, name: str, other: object) -> None:
    if not hasattr(owner, name):
        raise LookupError(f"{owner} has no {name} any more: adapt this control")
    setattr(owner, name, other)


def _without_watermark() -> None:
    _replace(consumer, "apply_run", fold_at_least_once)


def _without_claims() -> None:
    _replace(consumer, "apply_run", fold_without_claims)


def _without_dead_letters() -> None:
    _replace(consumer, "apply_run", fold_or_skip)


def _without_postgres_offsets() -> None:
    """Kafka's offset of the group decides where to go on."""
    servers = Settings.load().kafka_servers

    async def committed(_: Connection, projection: str, partition: Partition) -> int:
        admin = AIOKafkaAdminClient(bootstrap_servers=servers)
        await admin.start()
        try:
            offsets = await admin.list_consumer_group_offsets(f"community.{projection}")
        finally:
            await admin.close()
        return next(
            (found.offset for place, found in offsets.items()
             if (place.topic, place.partition) == (partition.topic, partition.number)), 0,
        )  # fmt: skip

    _replace(consumer, "read_watermark", committed)
    _replace(consumer, "apply_run", fold_without_claims)


def _without_transactions() -> None:
    """Each statement commits by itself."""

    @contextlib.asynccontextmanager
    async def nothing(*_: object, **__: object) -> AsyncIterator[None]:
        yield

    asyncpg.Connection.transaction = nothing  # type: ignore[assignment, method-assign]


def _without_acknowledgement() -> None:
    """The relay takes what it handed to the producer for published."""
    send = AIOKafkaProducer.send

    async def hand_over(self: AIOKafkaProducer, *given: Any, **named: Any) -> asyncio.Future[None]:
        _sending.append(asyncio.ensure_future(send(self, *given, **named)))
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done

    AIOKafkaProducer.send = hand_over


_sending: list[asyncio.Future[Any]] = []


def _without_commit_order() -> None:
    """The relay reads on from the highest serial id it has seen: a late commit lies behind it."""
    seen = "position > (SELECT coalesce(max(position), 0) FROM outbox WHERE sequence IS NOT NULL)"
    numbered = relay._NUMBER.replace("WHERE sequence IS NULL", f"WHERE sequence IS NULL AND {seen}")
    if numbered == relay._NUMBER:
        raise LookupError("the relay numbers its rows otherwise now: adapt this control")
    _replace(relay, "_NUMBER", numbered)


def _without_health() -> None:
    """A readiness that is green as long as something answers."""
    _replace(ops, "ready", lambda _: JSONResponse({"ready": True, "problems": []}))


def _with_jitter() -> None:
    """Not a protection but a bad network: each record is sent up to 50 ms late, one in five of them twice."""
    send = AIOKafkaProducer.send

    async def late(self: AIOKafkaProducer, *given: Any, **named: Any) -> asyncio.Future[Any]:
        async def one() -> None:
            await asyncio.sleep(random.random() * 0.05)
            await (await send(self, *given, **named))

        async def all_of_them() -> None:
            await asyncio.gather(*(one() for _ in range(2 if random.random() < 0.2 else 1)))

        return asyncio.ensure_future(all_of_them())

    AIOKafkaProducer.send = late


CHANGES: dict[str, Callable[[], None]] = {
    "without watermark": _without_watermark,
    "without claims": _without_claims,
    "without dead letters": _without_dead_letters,
    "without Postgres offsets": _without_postgres_offsets,
    "without transactions": _without_transactions,
    "without acknowledgement": _without_acknowledgement,
    "without commit order": _without_commit_order,
    "without health": _without_health,
    "with jitter": _with_jitter,
}
