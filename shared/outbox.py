"""The outbox: events stored in the transaction of the command that caused them, for the relay to publish."""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from .contracts import Contract, stream_of
from .contracts.refusals import Conflict
from .database import Connection
from .trace import Cause, continue_trace

#: Commits that notify wait for each other, through their flush to disk: so only a relay at rest is notified (its
#: lock). One that is at work cannot come to rest before this transaction ends, and then it looks once more.
_APPEND = """
WITH appended AS (
    INSERT INTO outbox (stream, topic, key, type, subject, time, correlation_id, causation_id, traceparent, data)
    SELECT stream, topic, key, type, subject, time, correlation_id, causation_id, traceparent, data
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[], $8::text[],
                $9::text[], $10::bytea[])
         WITH ORDINALITY AS row (stream, topic, key, type, subject, time, correlation_id, causation_id, traceparent,
                                 data, n)
    ORDER BY n
)
SELECT CASE WHEN NOT pg_try_advisory_xact_lock_shared(hashtextextended('relay rests ' || current_schema(), 0))
            THEN pg_notify('outbox_' || current_schema(), '') END
"""

_SAID = "SELECT data FROM outbox WHERE key = $1 AND type = $2 ORDER BY position DESC LIMIT 1"

_encoder = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Draft:
    """An event to be: what happened and what it follows from."""

    event: Contract
    cause: Cause


async def append(connection: Connection, drafts: Iterable[Draft]) -> None:
    """Append events, in order, in the caller's transaction. Rows of one key must be appended under that key's lock."""
    rows = [
        (
            stream_of(draft.event.topic),
            draft.event.topic,
            draft.event.key,
            draft.event.type,
            draft.event.subject,
            draft.cause.now,
            draft.cause.correlation_id,
            draft.cause.causation_id,
            continue_trace(draft.cause.traceparent),
            _encoder.encode(draft.event),
        )
        for draft in drafts
    ]
    if rows:
        await connection.execute(_APPEND, *map(list, zip(*rows, strict=True)))


async def repeats(connection: Connection, event: Contract) -> bool:
    """Whether exactly this was last said under this type and key: a harmless retry. False when nothing was said.

    Raises Conflict when something else was said: the id is taken.
    """
    data: bytes | None = await connection.fetchval(_SAID, event.key, event.type)
    if data is None:
        return False
    if msgspec.json.decode(data, type=type(event)) != event:
        raise id_in_use(event.key)
    return True


async def require_repeat(connection: Connection, event: Contract) -> None:
    """For an id that exists: raise Conflict unless this is a harmless retry."""
    if not await repeats(connection, event):
        raise id_in_use(event.key)


async def say(connection: Connection, event: Contract, cause: Cause, new: bool) -> bool:
    """Append what is new. For what is not, False when it is a harmless retry, else Conflict."""
    if new:
        await append(connection, [Draft(event, cause)])
    else:
        await require_repeat(connection, event)
    return new


def id_in_use(id_: str) -> Conflict:
    """The id stands for something else."""
    return Conflict("id-in-use", f"Onder het kenmerk {id_} is al iets anders vastgelegd.", "#/id")
