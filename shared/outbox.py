"""The outbox: events stored in the transaction of the command that caused them, for the relay to publish."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

import msgspec

from .contracts import Contract, stream_of
from .contracts.refusals import Conflict
from .database import Connection, Record
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

#: What `say` makes of an insert. The parameters of the event come after those of the insert.
_SAY = """
WITH stored AS (
    {insert}
), appended AS (
    INSERT INTO outbox (stream, topic, key, type, subject, time, correlation_id, causation_id, traceparent, data)
    SELECT {event} FROM stored
){kept}
SELECT stored.*,
       CASE WHEN NOT pg_try_advisory_xact_lock_shared(hashtextextended('relay rests ' || current_schema(), 0))
            THEN pg_notify('outbox_' || current_schema(), '') END
FROM stored
"""
_KEEP = """, kept AS (
    INSERT INTO idempotency (created_at, principal, key, request, status, body) SELECT {answer} FROM stored
)"""
_KEPT_TYPES = ("timestamptz", "text", "text", "bytea", "smallint", "bytea")
_TYPES = ("text", "text", "text", "text", "text", "timestamptz", "text", "text", "text", "bytea")

_SAID = "SELECT {} FROM outbox WHERE key = $1 AND type = $2 ORDER BY position DESC LIMIT 1"

_encoder = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Draft:
    """An event to be: what happened and what it follows from."""

    event: Contract
    cause: Cause


def _row(event: Contract, cause: Cause) -> tuple[str | datetime | bytes | None, ...]:
    return (
        stream_of(event.topic),
        event.topic,
        event.key,
        event.type,
        event.subject,
        cause.now,
        cause.correlation_id,
        cause.causation_id,
        continue_trace(cause.traceparent),
        _encoder.encode(event),
    )


async def append(connection: Connection, drafts: Iterable[Draft]) -> None:
    """Append events, in order, in the caller's transaction. Rows of one key must be appended under that key's lock."""
    rows = [_row(draft.event, draft.cause) for draft in drafts]
    if rows:
        await connection.execute(_APPEND, *map(list, zip(*rows, strict=True)))


async def append_with_internal(
    connection: Connection, public: Contract, internal: Sequence[Contract], cause: Cause
) -> None:
    """Append what anyone may know, and what only we may know of the same, as following from it: so an explanation can
    name an event that everyone can look up."""
    await append(connection, [Draft(public, cause)])
    if internal:
        following = replace(cause, causation_id=await id_of(connection, public))
        await append(connection, [Draft(event, following) for event in internal])


async def id_of(connection: Connection, event: Contract) -> str:
    """The id of an event that was appended: the last of its type and key."""
    found: str = await connection.fetchval(_SAID.format("id::text"), event.key, event.type)
    return found


async def repeats(connection: Connection, event: Contract) -> bool:
    """Whether exactly this was last said under this type and key: a harmless retry. False when nothing was said.

    Raises Conflict when something else was said: the id is taken.
    """
    data: bytes | None = await connection.fetchval(_SAID.format("data"), event.key, event.type)
    if data is None:
        return False
    if msgspec.json.decode(data, type=type(event)) != event:
        raise id_in_use(event.key)
    return True


async def require_repeat(connection: Connection, event: Contract) -> None:
    """For an id that exists: raise Conflict unless this is a harmless retry."""
    if not await repeats(connection, event):
        raise id_in_use(event.key)


async def say(connection: Connection, event: Contract, cause: Cause, insert: str, *values: object) -> Record | None:
    """Store what an event says and append the event, both or neither, in one statement.

    `insert` is an `INSERT … ON CONFLICT DO NOTHING RETURNING …` with `values`. Answers the row it returns; None when it
    was there and this is a harmless retry, else Conflict. In a transaction of the caller's or by itself. With
    `cause.kept` that is stored too; asyncpg.UniqueViolationError when there is an answer under its key.
    """
    kept = () if cause.kept is None else (cause.now, *cause.kept)
    row = await connection.fetchrow(_saying(insert, len(values), bool(kept)), *values, *_row(event, cause), *kept)
    if row is None:
        await require_repeat(connection, event)
    return row


@lru_cache
def _saying(insert: str, given: int, keeps: bool) -> str:
    event, answer = (
        ", ".join(f"${n}::{type_}" for n, type_ in enumerate(types, start))
        for types, start in ((_TYPES, given + 1), (_KEPT_TYPES, given + 1 + len(_TYPES)))
    )
    return _SAY.format(insert=insert, event=event, kept=_KEEP.format(answer=answer) if keeps else "")


def id_in_use(id_: str) -> Conflict:
    """The id stands for something else."""
    return Conflict("id-in-use", f"Onder het kenmerk {id_} is al iets anders vastgelegd.", "#/id")
