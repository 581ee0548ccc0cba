"""The outbox: events stored in the transaction of the command that caused them, for the relay to publish."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from ..contracts import CONTRACTS, Contract, stream_of
from ..contracts.revision import Revision, Withdrawn, state_of
from ..database import Connection
from ..observability.tracing import continue_trace
from ..refusals import Conflict, Invalid
from ..revisions import Said
from .cause import Cause
from .partitioner import slot_of

#: Commits that notify wait for each other, through their flush to disk: so only a relay at rest is notified (its
#: lock). One that is at work cannot come to rest before this transaction ends, and then it looks once more.
_APPEND = """
WITH appended AS (
    INSERT INTO outbox (stream, topic, key, type, subject, time, correlation_id, causation_id, traceparent, data,
                        slot)
    SELECT stream, topic, key, type, subject, time, correlation_id, causation_id, traceparent, data, slot
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[], $8::text[],
                $9::text[], $10::bytea[], $11::smallint[])
         WITH ORDINALITY AS row (stream, topic, key, type, subject, time, correlation_id, causation_id, traceparent,
                                 data, slot, n)
    ORDER BY n
)
SELECT CASE WHEN NOT pg_try_advisory_xact_lock_shared(hashtextextended('relay rests ' || current_schema(), 0))
            THEN pg_notify('outbox_' || current_schema(), '') END
"""

#: The first that is not numbered, and of each stream the first that is not marked.
OLDEST_UNSENT = """
SELECT least(
    (SELECT time FROM outbox WHERE position = (SELECT min(position) FROM outbox_fresh)),
    (SELECT min(next.time) FROM outbox_head AS head CROSS JOIN LATERAL (
        SELECT time FROM outbox WHERE position = (
            SELECT abs(positions[head.sent + 2 - first]) FROM outbox_batch
            WHERE stream = head.stream AND first <= head.sent + 1 ORDER BY first DESC LIMIT 1)) AS next
     WHERE head.sent < head.last)
)
"""

#: Over how many partitions the slots of a topic are spread from now on.
SPREAD_OVER = """
INSERT INTO outbox_topic (topic, partitions) VALUES ($1, $2)
ON CONFLICT (topic) DO UPDATE SET partitions = excluded.partitions
"""

_SAID = "SELECT {} FROM outbox WHERE key = $1 AND type = $2 ORDER BY position DESC LIMIT 1"
_HISTORY = "SELECT id::text, type, time, data FROM outbox WHERE key = $1 AND type = ANY($2) ORDER BY position"

#: The field that has the id in most bodies.
ID = "#/id"

#: Of an event's data, in bytes: with its envelope it is at most 64 KB, as partners were told.
LARGEST_DATA = 61_440

_encoder = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Draft:
    """An event to be: what happened and what it follows from."""

    event: Contract
    cause: Cause


def row_of(event: Contract, cause: Cause) -> tuple[str | datetime | bytes | int | None, ...]:
    """The columns of an event in the outbox, in the order of its table.

    What is accepted can be sent and read: raises Invalid, beside its largest field, for one that is too large, and
    ValueError for one that its readers would not read as what it is.
    """
    data = _encoder.encode(event)
    if len(data) > LARGEST_DATA:
        raise _too_large(event, len(data))
    if msgspec.json.decode(data, type=type(event)) != event:
        raise ValueError(f"a {event.type} is not itself when it is read")
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
        data,
        slot_of(event.key.encode()),
    )


def _too_large(event: Contract, size: int) -> Invalid:
    sizes = {
        told: len(_encoder.encode(getattr(event, name)))
        for name, told in zip(event.__struct_fields__, event.__struct_encode_fields__, strict=True)
    }
    return Invalid(
        "event-too-large",
        f"Dit wordt een bericht van {size} bytes en hoogstens {LARGEST_DATA} kunnen worden verstuurd: kort het in.",
        f"#/{max(sizes, key=sizes.__getitem__)}",
    )


async def append(connection: Connection, drafts: Iterable[Draft]) -> None:
    """Append events, in order, in the caller's transaction. Rows of one key must be appended under that key's lock."""
    rows = [row_of(draft.event, draft.cause) for draft in drafts]
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


async def is_repeat(connection: Connection, event: Contract, at: str = ID) -> bool:
    """Whether exactly this registered the thing: a harmless retry. False when nothing was said of it.

    Raises Conflict, beside the field `at` that has the id, when something else was said, or the thing is withdrawn:
    the id is taken.
    """
    said = [one.event for one in await history(connection, event)]
    if not said:
        return False
    if isinstance(said[-1], Withdrawn):
        raise Conflict("withdrawn", f"{event.subject} is ingetrokken: kies een ander kenmerk.", at)
    if [one for one in said if not isinstance(one, Revision)][-1] != event:
        raise id_in_use(event.identity, at)
    return True


async def require_repeat(connection: Connection, event: Contract, at: str = ID) -> None:
    """For an id that exists: raise Conflict unless this is a harmless retry."""
    if not await is_repeat(connection, event, at):
        raise id_in_use(event.identity, at)


async def history(connection: Connection, thing: Contract) -> list[Said]:
    """All that was said of a thing, oldest first. `thing` registers it: the state is not looked at."""
    contracts = {
        contract.type: contract
        for contract in CONTRACTS.values()
        if contract is type(thing) or (issubclass(contract, Revision) and contract.revises is type(thing))
    }
    rows = await connection.fetch(_HISTORY, thing.key, list(contracts))
    said = [Said(row["id"], msgspec.json.decode(row["data"], type=contracts[row["type"]]), row["time"]) for row in rows]
    return [one for one in said if state_of(one.event).identity == thing.identity]


def id_in_use(id_: str, at: str = ID) -> Conflict:
    """The id stands for something else: `at` is the field that has it."""
    return Conflict("id-in-use", f"Onder het kenmerk {id_} is al iets anders vastgelegd.", at)
