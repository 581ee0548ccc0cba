"""Why a projection cannot go on by itself: it stands in Postgres, through every restart, until what is wrong is
mended."""

from datetime import datetime
from typing import ClassVar

from ..database import Connection
from .watermarks import Partition

_KEEP = """
INSERT INTO halt (projection, topic, partition, kind, reason, found_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING
"""
_STANDING = """
SELECT topic, partition, kind, reason FROM halt WHERE projection = $1 ORDER BY found_at, topic, partition
"""
_LIFT = "DELETE FROM halt WHERE projection = $1 AND topic = $2 AND partition = $3"


class Halt(Exception):
    """A projection stopped before it did harm. Nothing past its watermark was folded.

    Seen by: the operator, in the health of the service. Ends: nothing: the worker reads no more of that projection,
    also when it starts again, until the halt is lifted.
    """

    kind: ClassVar[str]

    def __init__(self, partition: Partition, reason: str) -> None:
        super().__init__(reason)
        self.partition = partition
        self.reason = reason


class Gap(Halt):
    """Records between the watermark and what the log offers are missing. Nothing was folded.

    Seen by: the operator, in the health of the service. Ends: nothing: the projection halts, until `repair`.
    """

    kind = "gap"


class OtherLog(Halt):
    """The log is not the one that was folded: made again, older, or another in its place.

    Seen by: the operator, in the health of the service. Ends: nothing: the projection halts, until `repair`.
    """

    kind = "other-log"


class Halted(Halt):
    """Going on would divert a whole topic to dead letters.

    Seen by: the operator, in the health of the service. Ends: nothing: the projection halts, until those letters are
    replayed or more are allowed.
    """

    kind = "dead-letters"


_KINDS = {kind.kind: kind for kind in (Gap, OtherLog, Halted)}


async def keep(connection: Connection, projection: str, halt: Halt, now: datetime) -> None:
    """Have it stand; the first one of a partition tells best."""
    await connection.execute(_KEEP, projection, *halt.partition.place, halt.kind, halt.reason, now)


async def standing(connection: Connection, projection: str) -> list[Halt]:
    """The halts of a projection, the first found first."""
    return [
        _KINDS[row["kind"]](Partition(row["topic"], row["partition"]), row["reason"])
        for row in await connection.fetch(_STANDING, projection)
    ]


async def lift(connection: Connection, projection: str, partition: Partition) -> None:
    """Let a partition be read again."""
    await connection.execute(_LIFT, projection, *partition.place)
