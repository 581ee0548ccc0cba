"""Lets a service go on from a database that is older than its log: `python -m services.<service> recover`.

What the log has and the database does not know never happened any more: the log is made again without it, and its
numbers are never given again.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

import asyncpg

from ..contracts import stream_of
from ..database import Record, connect
from ..outbox.log_tail import RELAY
from ..outbox.publisher import Publisher
from ..runtime.settings import Settings
from .log_audit import audit
from .repair import Say, make_whole, only_writer, written_by

#: Above the highest in the log. What is numbered already has been sent again by then.
_NUMBER_ABOVE = """
INSERT INTO outbox_head (stream, last, sent) VALUES ($1, $2, $2)
ON CONFLICT (stream) DO UPDATE SET last = greatest(outbox_head.last, excluded.last),
                                   sent = greatest(outbox_head.last, excluded.last)
"""
_SLOT = """
INSERT INTO outbox_slot AS slot (topic, slot, last) VALUES ($1, $2, $3)
ON CONFLICT (topic, slot) DO UPDATE SET last = greatest(slot.last, excluded.last)
"""
_SLOTS = "SELECT slot, last FROM outbox_slot WHERE topic = $1"
_SPREAD = "SELECT topic, partitions FROM outbox_topic"
_ALL_SENT = "UPDATE outbox_head SET sent = last WHERE stream = $1"
_LAST = "SELECT coalesce((SELECT last FROM outbox_head WHERE stream = $1), 0)"
_LIFT = "DELETE FROM halt WHERE projection = $1"


async def recover(service: str, settings: Settings, say: Say) -> None:
    """Make each topic again that has what the database does not know, and number on above it. Raises KafkaError."""
    connection = await connect(service, settings, command_seconds=None)
    try:
        async with only_writer(connection, service, settings):
            audits = {topic: await audit(connection, topic, settings) for topic in written_by(service)}
            older = {topic: found for topic, found in audits.items() if found.unknown}
            for topic in audits.keys() - older.keys():
                say(f"{topic}: has nothing that the database does not know")
            # Together with their marks: what is numbered and not sent is sent with the rest of its topic.
            highest: dict[str, int] = {}
            for topic, found in older.items():
                stream = stream_of(topic)
                highest[stream] = max(highest.get(stream, 0), found.highest)
            for stream in highest:
                await connection.execute(_ALL_SENT, stream)
            again = {topic: audits[topic] for topic in audits if stream_of(topic) in highest}
            if again:
                await make_whole(connection, service, again, settings, say)
            for stream, number in highest.items():
                last: int = await connection.fetchval(_LAST, stream)
                await connection.execute(_NUMBER_ABOVE, stream, number)
                if number > last:
                    say(f"{stream}: the numbers {last + 1} to {number} are never given again")
            await _void(connection, service, {topic: found.slots for topic, found in older.items()}, settings)
            for topic, found in older.items():
                say(f"{topic}: these events never happened: {', '.join(sorted(found.unknown))}")
            await connection.execute(_LIFT, RELAY)
    finally:
        await connection.close()


async def _void(
    connection: "asyncpg.Connection[Record]",
    service: str,
    highest: Mapping[str, Mapping[int, int]],
    settings: Settings,
) -> None:
    """Have a record stand for each number in a slot that what never happened had: who folded that goes on above it, and
    who did not finds no gap."""
    publisher = Publisher(service, settings)
    await publisher.start()
    try:
        publisher.partitions = {row["topic"]: row["partitions"] for row in await connection.fetch(_SPREAD)}
        for topic, slots in highest.items():
            last = {row["slot"]: row["last"] for row in await connection.fetch(_SLOTS, topic)}
            for slot, number in sorted(slots.items()):
                for each in range(last.get(slot, 0) + 1, number + 1):
                    await publisher.void(topic, slot, each, datetime.now(UTC))
                await connection.execute(_SLOT, topic, slot, number)
    finally:
        await publisher.stop()
