"""Lets a service go on from a database that is older than its log: `python -m services.<service> recover`.

What the log has and the database does not know never happened any more: the log is made again without it, and its
numbers are never given again.
"""

from ..contracts import stream_of
from ..database import connect
from ..outbox.log_tail import RELAY
from ..runtime.settings import Settings
from .log_audit import audit
from .repair import Say, make_whole, only_writer, written_by

#: Above the highest in the log. What is numbered already has been sent again by then.
_NUMBER_ABOVE = """
INSERT INTO outbox_head (stream, last, sent) VALUES ($1, $2, $2)
ON CONFLICT (stream) DO UPDATE SET last = greatest(outbox_head.last, excluded.last),
                                   sent = greatest(outbox_head.last, excluded.last)
"""
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
            for topic, found in older.items():
                say(f"{topic}: these events never happened: {', '.join(sorted(found.unknown))}")
            await connection.execute(_LIFT, RELAY)
    finally:
        await connection.close()
