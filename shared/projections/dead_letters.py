"""Dead letters: listed for a person, and replayed through the same claim, so never counted twice."""

from collections.abc import Sequence
from datetime import datetime

from ..database import Connection, Record
from ..refusals import Conflict, NotFound
from .decoding import UnknownType
from .projector import PERMANENT, Projection, fold_letter
from .watermarks import Partition

_LIST = """
SELECT id, projection, topic, partition, "offset", event_id, reason, found_at, replayed_at
FROM dead_letter WHERE id > $1 ORDER BY id LIMIT $2
"""
_LOCK = "SELECT projection, topic, partition, value, replayed_at FROM dead_letter WHERE id = $1 FOR UPDATE"
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
    try:
        event = projection.decoder().decode(row["value"])
        partition = Partition(row["topic"], row["partition"])
        folded = event is not None and await fold_letter(connection, projection, partition, event, now)
    except (*PERMANENT, UnknownType) as why:
        raise Conflict("still-poison", f"Dit bericht kan nog steeds niet worden verwerkt: {why}") from why
    await connection.execute(_REPLAYED, letter, now)
    return folded
