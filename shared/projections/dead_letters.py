"""Dead letters: listed for a person, and replayed once."""

from collections.abc import Sequence
from datetime import datetime

from ..database import Connection, Record
from ..refusals import Conflict, NotFound
from .decoding import UnknownType
from .projector import PERMANENT, Projection, fold_letter
from .watermarks import Partition, lock

_LIST = """
SELECT id, projection, topic, partition, "offset", event_id, reason, found_at, replayed_at
FROM dead_letter WHERE id > $1 ORDER BY id LIMIT $2
"""
_LOCK = "SELECT projection, topic, partition, value, replayed_at FROM dead_letter WHERE id = $1 FOR UPDATE"
#: Whether the same event was set aside twice and is replayed already.
_ANOTHER = """
SELECT EXISTS (
    SELECT FROM dead_letter AS this JOIN dead_letter AS other USING (projection, event_id)
    WHERE this.id = $1 AND other.id <> $1 AND other.replayed_at IS NOT NULL)
"""
_REPLAYED = "UPDATE dead_letter SET replayed_at = $2 WHERE id = $1"


async def page(connection: Connection, after: int, limit: int) -> list[Record]:
    """Dead letters by id, without their contents."""
    return await connection.fetch(_LIST, after, limit)


async def replay(connection: Connection, projections: Sequence[Projection], letter: int, now: datetime) -> bool:
    """Fold one dead letter again in the caller's transaction. False when it was folded before.

    Raises NotFound, or Conflict with the reason when it still cannot be folded.
    """
    row = await connection.fetchrow(_LOCK, letter)
    if row is None:
        raise NotFound("dead-letter-not-found", f"Er is geen dode brief met nummer {letter}.")
    if row["replayed_at"] is not None:
        return False
    projection = next((p for p in projections if p.name == row["projection"]), None)
    if projection is None:
        raise Conflict("projection-gone", f"De projectie {row['projection']} bestaat niet meer.")
    partition = Partition(row["topic"], row["partition"])
    try:
        event = projection.decoder().decode(row["value"])
        await lock(connection, projection.name, [partition])
        folded = event is not None and not await connection.fetchval(_ANOTHER, letter)
        if event is not None and folded:
            await fold_letter(connection, projection, event, now)
    except (*PERMANENT, UnknownType) as why:
        raise Conflict("still-poison", f"Dit bericht kan nog steeds niet worden verwerkt: {why}") from why
    await connection.execute(_REPLAYED, letter, now)
    return folded
