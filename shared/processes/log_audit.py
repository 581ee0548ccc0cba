"""Holds a topic against the outbox it was sent from: what is missing in it, and what nobody here said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
from aiokafka import TopicPartition

from ..contracts import TOPICS, source, stream_of
from ..contracts.control import OPENED
from ..contracts.slots import SLOTS, slot_number
from ..database import Connection
from ..kafka import clients
from ..runtime.settings import Settings

_SENT = """
SELECT outbox.id::text AS id FROM numbered JOIN outbox_head AS head USING (stream) JOIN outbox USING (position)
WHERE topic = $1 AND numbered.sequence <= head.sent AND NOT void
"""
#: Of a compacted topic the newest of each key.
_NEWEST = """
SELECT DISTINCT ON (key) outbox.id::text AS id
FROM numbered JOIN outbox_head AS head USING (stream) JOIN outbox USING (position)
WHERE topic = $1 AND numbered.sequence <= head.sent AND NOT void ORDER BY key, numbered.sequence DESC
"""
_UNKNOWN = "SELECT * FROM unnest($1::text[]) EXCEPT SELECT id::text FROM outbox WHERE topic = $2"


class _Head(msgspec.Struct):
    id: str
    type: str
    source: str
    sequence: str = "0"


_head = msgspec.json.Decoder(_Head)


@dataclass(frozen=True, slots=True)
class Audit:
    """What a topic has. `records` counts all but identities; `unknown` are ids that the outbox does not have; `highest`
    is the highest number that its source has in it, `slots` the highest in each slot.
    """

    partitions: int
    identities: int
    records: int
    missing: int
    unknown: Sequence[str]
    highest: int
    slots: Mapping[int, int]

    @property
    def problem(self) -> str | None:
        """What is wrong with it, or None. What is unknown is no fault of the log."""
        if self.identities < self.partitions:
            return f"{self.partitions - self.identities} of {self.partitions} partitions have no identity"
        return f"{self.missing} events that were sent are not in it" if self.missing else None


async def audit(connection: Connection, topic: str, settings: Settings) -> Audit:
    """Read a topic from its beginning to where it ends now. Raises KafkaError."""
    sent = {row["id"] for row in await connection.fetch(_NEWEST if TOPICS[topic].compacted else _SENT, topic)}
    found: set[str] = set()
    records = identities = highest = 0
    slots: dict[int, int] = {}
    ours = source(settings.oin, stream_of(topic))
    consumer = clients.consumer(settings.kafka_servers, auto_offset_reset="earliest")
    await consumer.start()
    try:
        numbers = range(await _count(settings.kafka_servers, topic))
        places = [TopicPartition(topic, number) for number in numbers]
        ends = await consumer.end_offsets(places)
        consumer.assign(places)
        while any([await consumer.position(place) < ends[place] for place in places]):
            for batch in (await consumer.getmany(timeout_ms=1000)).values():
                for record in batch:
                    head = _read(record.value)
                    if head is not None and head.type == OPENED:
                        identities += record.offset == 0
                        continue
                    records += 1
                    number, slot = divmod(slot_number(record.headers), SLOTS)
                    if number:
                        slots[slot] = max(slots.get(slot, 0), number)
                    if head is not None and head.source == ours:
                        found.add(head.id)
                        highest = max(highest, int(head.sequence))
    finally:
        await consumer.stop()
    unknown = [row[0] for row in await connection.fetch(_UNKNOWN, sorted(found - sent), topic)]
    return Audit(len(numbers), identities, records, len(sent - found), unknown, highest, slots)


async def _count(servers: str, topic: str) -> int:
    admin = clients.admin(servers)
    await admin.start()
    try:
        (described,) = await admin.describe_topics([topic])
    finally:
        await admin.close()
    return 0 if described["error_code"] else len(described["partitions"])


def _read(value: bytes | None) -> _Head | None:
    try:
        return _head.decode(value or b"")
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
