"""How far each projection is in each partition. Postgres is the truth; what Kafka remembers of it is a hint."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ..contracts import TOPICS
from ..database import Connection

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
UPDATE watermark SET next_offset = moved.next_offset, event_time = coalesce(moved.event_time, watermark.event_time)
FROM unnest($2::text[], $3::integer[], $4::bigint[], $5::timestamptz[])
     AS moved (topic, partition, next_offset, event_time)
WHERE watermark.projection = $1 AND watermark.topic = moved.topic AND watermark.partition = moved.partition
"""

_READ = "SELECT next_offset FROM watermark WHERE projection = $1 AND topic = $2 AND partition = $3"


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


async def read_watermark(connection: Connection, projection: str, partition: Partition) -> int:
    """The offset a projection goes on from: 0 when it never read the partition."""
    offset: int | None = await connection.fetchval(_READ, projection, *partition.place)
    return offset or 0


async def lock(connection: Connection, projection: str, partitions: Sequence[Partition]) -> dict[Partition, int]:
    """Watermarks, locked in one order for everyone; a partition never read starts at 0."""
    places = [list(column) for column in zip(*(partition.place for partition in partitions), strict=True)]
    rows = await connection.fetch(_LOCK, projection, *places)
    if len(rows) < len(partitions):
        await connection.execute(_START, projection, *places)
        rows = await connection.fetch(_LOCK, projection, *places)
    return {Partition(row["topic"], row["partition"]): row["next_offset"] for row in rows}


async def advance(
    connection: Connection, projection: str, moved: Iterable[tuple[Partition, int, datetime | None]]
) -> None:
    """Move watermarks: the next offset, and the logged time of the last event when there was one."""
    rows = [(*partition.place, next_offset, time) for partition, next_offset, time in moved]
    await connection.execute(_ADVANCE, projection, *map(list, zip(*rows, strict=True)))
