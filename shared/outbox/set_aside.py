"""Events that cannot be sent: set aside, each named with its reason, so that they hold up no other key; sent later.

An event for a topic that is not there gets no number; it goes as soon as there is one. An event that Kafka refuses has
its number already: a record that readers pass over takes its place in the log, and when it is sent again, it is under
another. What comes later of the same key is set aside behind it, so a key keeps its order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..database import Connection, Record

#: From the refused one on, all that is numbered of its key: no later one may be in the log before it. A position that
#: is negative has another record in its place.
_VOID = """
WITH place AS (
    SELECT max(first) AS first FROM outbox_batch WHERE stream = $1 AND first <= $2
), gone AS (
    SELECT outbox.position
    FROM place, outbox_batch AS batch CROSS JOIN LATERAL unnest(positions) WITH ORDINALITY AS at (position, n)
         JOIN outbox ON outbox.position = at.position
    WHERE batch.stream = $1 AND batch.first >= place.first AND batch.first + n - 1 >= $2 AND topic = $3 AND key = $4
), voided AS (
    UPDATE outbox_batch AS batch SET positions = (
        SELECT array_agg(CASE WHEN position IN (TABLE gone) THEN -position ELSE position END ORDER BY n)
        FROM unnest(positions) WITH ORDINALITY AS at (position, n))
    FROM place WHERE stream = $1 AND batch.first >= place.first
)
INSERT INTO outbox_aside (position, topic, key, nowhere, reason, found_at)
SELECT position, $3, $4, false, CASE WHEN position = (SELECT min(position) FROM gone) THEN $5::text
       ELSE 'an earlier event of ' || $4::text || ' is set aside' END, clock_timestamp()
FROM gone
RETURNING position
"""
#: In its own order, before all that is appended later. A relay at rest hears of it.
_AGAIN = """
WITH back AS (
    DELETE FROM outbox_aside WHERE ($1::text[] IS NULL OR nowhere AND topic = ANY ($1)) RETURNING position
), fresh AS (
    INSERT INTO outbox_fresh SELECT position FROM back
)
SELECT count(*), pg_notify('outbox_' || current_schema(), '') FROM back
"""
_LIST = """
SELECT id::text, aside.topic, aside.key, outbox.type, reason, found_at
FROM outbox_aside AS aside JOIN outbox USING (position) ORDER BY position
"""
_STATE = "SELECT count(*) AS events, (array_agg(reason ORDER BY position))[1] AS reason FROM outbox_aside"


@dataclass(frozen=True, slots=True)
class Aside:
    """An event that is set aside, and why."""

    id: str
    topic: str
    key: str
    type: str
    reason: str
    found_at: datetime


async def set_aside(connection: Connection, row: Record, reason: str) -> int:
    """Set a numbered row aside that is refused, with what follows of its key; answers how many."""
    gone = await connection.fetch(_VOID, row["stream"], row["sequence"], row["topic"], row["key"], reason)
    return len(gone)


async def send_again(connection: Connection, topics: Sequence[str] | None = None) -> int:
    """Have the relay send what is set aside, or what waits for one of these topics; answers how many."""
    count: int = await connection.fetchval(_AGAIN, topics)
    return count


async def listed(connection: Connection) -> list[Aside]:
    """All that is set aside, in order."""
    return [Aside(**row) for row in await connection.fetch(_LIST)]


async def problem(connection: Connection) -> tuple[int, str | None]:
    """How many events are set aside, and what is wrong: None when there are none."""
    state = await connection.fetchrow(_STATE)
    if state is None or not state["events"]:
        return 0, None
    return state["events"], f"{state['events']} events cannot be sent and are set aside: {state['reason']}"
