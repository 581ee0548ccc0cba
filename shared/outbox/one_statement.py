"""Fast path, for the benchmark rows `command` and `command, Idempotency-Key`: a fact, its event and its kept answer in
one statement, so that nothing is opened around it. The plain way is the insert, then `append`, in a transaction."""

from functools import lru_cache

from ..contracts import Contract
from ..database import Connection, Record
from .cause import Cause
from .store import ID, require_repeat, row_of

#: What `insert_with_event` makes of an insert. The parameters of the event come after those of the insert.
_SAY = """
WITH stored AS (
    {insert}
), appended AS (
    INSERT INTO outbox (stream, topic, key, type, subject, time, correlation_id, causation_id, traceparent, data,
                        slot)
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
_TYPES = ("text", "text", "text", "text", "text", "timestamptz", "text", "text", "text", "bytea", "smallint")


async def insert_with_event(
    connection: Connection, event: Contract, cause: Cause, insert: str, *values: object, at: str = ID
) -> Record | None:
    """Store what an event says and append the event, both or neither, in one statement.

    `insert` is an `INSERT … ON CONFLICT DO NOTHING RETURNING …` with `values`. Answers the row it returns; None when it
    was there and this is a harmless retry, else Conflict beside the field `at`. In a transaction of the caller's or by
    itself. With `cause.kept` that is stored too; asyncpg.UniqueViolationError when there is an answer under its key.
    """
    kept = () if cause.kept is None else (cause.now, *cause.kept)
    row = await connection.fetchrow(_statement(insert, len(values), bool(kept)), *values, *row_of(event, cause), *kept)
    if row is None:
        await require_repeat(connection, event, at)
    return row


@lru_cache
def _statement(insert: str, given: int, keeps: bool) -> str:
    event, answer = (
        ", ".join(f"${n}::{type_}" for n, type_ in enumerate(types, start))
        for types, start in ((_TYPES, given + 1), (_KEPT_TYPES, given + 1 + len(_TYPES)))
    )
    return _SAY.format(insert=insert, event=event, kept=_KEEP.format(answer=answer) if keeps else "")
