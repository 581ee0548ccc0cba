"""Whether the log has events that this database does not know: then Postgres is older than it, as after a backup was
put back, and a number given now could be one that was given before."""

from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import datetime

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition

from ..contracts import EVENT_TOPICS, TOPICS, source, stream_of
from ..database import Connection
from ..kafka import clients
from ..runtime.settings import Settings

#: Records looked at, of each partition: what was sent last is at its end.
_RECORDS = 100
#: Whose halt it is.
RELAY = "relay"

_UNKNOWN = """
SELECT topic, partition, id FROM unnest($1::text[], $2::integer[], $3::text[], $4::text[], $5::text[])
     AS tail (topic, partition, key, type, id)
WHERE NOT EXISTS (SELECT FROM outbox WHERE key = tail.key AND type = tail.type AND id::text = tail.id)
ORDER BY topic, partition LIMIT 1
"""
_KEEP = """
INSERT INTO halt (projection, topic, partition, kind, reason, found_at) VALUES ($1, $2, $3, 'older-database', $4, $5)
ON CONFLICT DO NOTHING
"""
_STANDING = "SELECT reason FROM halt WHERE projection = $1 ORDER BY found_at LIMIT 1"


class _Tail(msgspec.Struct):
    id: str
    type: str
    source: str
    partitionkey: str


_tail = msgspec.json.Decoder(_Tail)
_Row = tuple[str, int, str, str, str]  # topic, partition, key, type, id


async def standing(connection: Connection) -> str | None:
    """Why no event may be numbered, when that was found before."""
    reason: str | None = await connection.fetchval(_STANDING, RELAY)
    return reason


async def find_older(connection: Connection, service: str, settings: Settings, now: datetime) -> str | None:
    """Look at the end of the log; what is found stands, and is why no event may be numbered. Raises KafkaError."""
    rows = await _ends(service, settings)
    found = await connection.fetchrow(_UNKNOWN, *map(list, zip(*rows, strict=True))) if rows else None
    if found is None:
        return None
    topic, partition, id_ = found
    reason = (
        f"{topic}-{partition} has the event {id_}, which the outbox of {service} does not know: Postgres is older than "
        f"the log. No event gets a number. Run `recover`."
    )
    await connection.execute(_KEEP, RELAY, topic, partition, reason, now)
    return reason


async def _ends(service: str, settings: Settings) -> list[_Row]:
    """The last events of this service in each partition."""
    consumer = clients.consumer(settings.kafka_servers, auto_offset_reset="earliest")
    await consumer.start()
    try:
        places = await _places(service, settings.kafka_servers)
        ends, begins = await consumer.end_offsets(places), await consumer.beginning_offsets(places)
        consumer.assign([place for place in places if ends[place] > begins[place]])
        for place in consumer.assignment():
            consumer.seek(place, max(begins[place], ends[place] - _RECORDS))
        return [row async for row in _read(consumer, settings.oin)] if consumer.assignment() else []
    finally:
        await consumer.stop()


async def _read(consumer: AIOKafkaConsumer, oin: str) -> AsyncIterator[_Row]:
    ends = await consumer.end_offsets(list(consumer.assignment()))
    while any([await consumer.position(place) < end for place, end in ends.items()]):
        for place, records in (await consumer.getmany(timeout_ms=500)).items():
            for tail in _events(record.value for record in records):
                if tail.source == source(oin, stream_of(place.topic)):
                    yield place.topic, place.partition, tail.partitionkey, tail.type, tail.id


def _events(values: Iterable[bytes | None]) -> Iterator[_Tail]:
    for value in values:
        try:
            yield _tail.decode(value or b"")
        except (msgspec.MsgspecError, ValueError, RecursionError):
            continue


async def _places(service: str, servers: str) -> list[TopicPartition]:
    written = [topic for topic in EVENT_TOPICS if service in TOPICS[topic].writers]
    admin = clients.admin(servers)
    await admin.start()
    try:
        described = await admin.describe_topics(written) if written else []
    finally:
        await admin.close()
    return [
        TopicPartition(topic["topic"], each["partition"])
        for topic in described
        if not topic["error_code"]
        for each in topic["partitions"]
    ]
