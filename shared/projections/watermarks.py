"""How far each projection is in each partition. Postgres is the truth; what Kafka remembers of it is a hint."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ..contracts import TOPICS
from ..database import Connection
from .decoding import identify

#: Longer than any id of ours.
_ID_LENGTH = 200

_LOCK = """
SELECT topic, partition, next_offset FROM watermark
WHERE projection = $1 AND (topic, partition) IN (SELECT * FROM unnest($2::text[], $3::integer[]))
ORDER BY topic, partition FOR UPDATE
"""
_START = """
INSERT INTO watermark (projection, topic, partition)
SELECT $1, * FROM unnest($2::text[], $3::integer[]) ON CONFLICT DO NOTHING
"""
_ADVANCE = """
UPDATE watermark SET next_offset = moved.next_offset, event_time = coalesce(moved.event_time, watermark.event_time),
                     log_id = coalesce(watermark.log_id, moved.log_id), event_id = moved.event_id
FROM unnest($2::text[], $3::integer[], $4::bigint[], $5::timestamptz[], $6::text[], $7::text[])
     AS moved (topic, partition, next_offset, event_time, log_id, event_id)
WHERE watermark.projection = $1 AND watermark.topic = moved.topic AND watermark.partition = moved.partition
"""

_REACHED = """
SELECT topic, partition, next_offset FROM watermark
WHERE projection = $1 AND (topic, partition) IN (SELECT * FROM unnest($2::text[], $3::integer[]))
"""
_READ = "SELECT next_offset FROM watermark WHERE projection = $1 AND topic = $2 AND partition = $3"
_MARKS = "SELECT topic, partition, next_offset, log_id, event_id FROM watermark WHERE projection = $1 ORDER BY 1, 2"


@dataclass(frozen=True, slots=True, order=True)
class Partition:
    """One partition of a topic."""

    topic: str
    number: int

    @property
    def place(self) -> tuple[str, int]:
        """Topic and number."""
        return self.topic, self.number

    @property
    def compacted(self) -> bool:
        """Whether records in the middle of its log may be gone: later ones of the same keys say all that matters."""
        topic = TOPICS.get(self.topic)
        return topic is not None and topic.compacted


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a projection goes on, and in which log: the id of the log, and of the record before the watermark.

    Either is None where it is not known.
    """

    partition: Partition
    next_offset: int
    log_id: str | None = None
    event_id: str | None = None


async def read_marks(connection: Connection, projection: str) -> list[Mark]:
    """Of every partition that a projection ever read."""
    return [
        Mark(Partition(row["topic"], row["partition"]), row["next_offset"], row["log_id"], row["event_id"])
        for row in await connection.fetch(_MARKS, projection)
    ]


def id_of_record(value: bytes | None) -> str | None:
    """The id of a record as a watermark keeps it: None when it has none that Postgres can keep."""
    id_ = identify(value).id
    return None if id_ is None or "\0" in id_ else id_[:_ID_LENGTH]


async def read_watermark(connection: Connection, projection: str, partition: Partition) -> int:
    """The offset a projection goes on from: 0 when it never read the partition."""
    offset: int | None = await connection.fetchval(_READ, projection, *partition.place)
    return offset or 0


async def reached(connection: Connection, projection: str, partitions: Iterable[Partition]) -> dict[Partition, int]:
    """How far these are by now, whoever reads them."""
    places = [list(column) for column in zip(*(partition.place for partition in partitions), strict=True)]
    rows = await connection.fetch(_REACHED, projection, *places)
    return {Partition(row["topic"], row["partition"]): row["next_offset"] for row in rows}


async def lock(connection: Connection, projection: str, partitions: Sequence[Partition]) -> dict[Partition, int]:
    """Watermarks, locked in one order for everyone; a partition never read starts at 0."""
    places = [list(column) for column in zip(*(partition.place for partition in partitions), strict=True)]
    rows = await connection.fetch(_LOCK, projection, *places)
    if len(rows) < len(partitions):
        await connection.execute(_START, projection, *places)
        rows = await connection.fetch(_LOCK, projection, *places)
    return {Partition(row["topic"], row["partition"]): row["next_offset"] for row in rows}


async def advance(connection: Connection, projection: str, moved: Iterable[tuple[Mark, datetime | None]]) -> None:
    """Move watermarks, each with the logged time of the last event when there was one."""
    rows = [(*mark.partition.place, mark.next_offset, time, mark.log_id, mark.event_id) for mark, time in moved]
    await connection.execute(_ADVANCE, projection, *map(list, zip(*rows, strict=True)))
