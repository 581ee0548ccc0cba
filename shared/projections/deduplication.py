"""Which events a projection has folded: one byte per number of a source, in blocks, so that a repeat is seen for ever.

A source numbers its events from 1 without gaps, so the set of folded numbers is dense and small. The byte also carries
a mark of the event's id: a number that comes back with another id means that its publisher lost its count.
"""

from collections.abc import Iterable, Sequence
from zlib import crc32

from ..database import Connection
from .decoding import Delivered

#: A block stays below what Postgres moves out of line.
_BITS = 10
_SIZE = 1 << _BITS
_LAST = _SIZE - 1

_LOAD = """
SELECT topic, partition, source, block, marks FROM claim
WHERE projection = $1 AND (topic, partition, source, block)
      IN (SELECT * FROM unnest($2::text[], $3::integer[], $4::text[], $5::bigint[]))
"""
_SAVE = """
INSERT INTO claim (projection, topic, partition, source, block, marks)
SELECT $1, * FROM unnest($2::text[], $3::integer[], $4::text[], $5::bigint[], $6::bytea[])
ON CONFLICT (projection, topic, partition, source, block) DO UPDATE SET marks = excluded.marks
"""

PartitionPlace = tuple[str, int]  # topic, partition
_Key = tuple[str, int, str, int]  # topic, partition, source, block


class Claims:
    """The blocks that a batch touches. Hold the watermarks of their partitions while you use it."""

    def __init__(self, projection: str) -> None:
        self._projection = projection
        self._blocks: dict[_Key, bytearray] = {}
        self._changed: set[_Key] = set()

    async def load(self, connection: Connection, batch: Iterable[tuple[PartitionPlace, Sequence[Delivered]]]) -> None:
        """Read the blocks of these events, by topic and partition."""
        keys = [(*place, source, block) for place, events in batch for source, block in _blocks(events)]
        if not keys:
            return
        for row in await connection.fetch(_LOAD, self._projection, *map(list, zip(*keys, strict=True))):
            self._blocks[row["topic"], row["partition"], row["source"], row["block"]] = bytearray(row["marks"])
        for key in keys:
            self._blocks.setdefault(key, bytearray(_SIZE))

    def claim(self, place: PartitionPlace, events: Sequence[Delivered]) -> tuple[list[Delivered], list[Delivered]]:
        """Mark events, in order; returns those that were not folded before, and those whose number was reused."""
        fresh: list[Delivered] = []
        reused: list[Delivered] = []
        source, near, block = "", -1, bytearray()
        for event in events:
            number = event.sequence
            if number >> _BITS != near or event.source != source:
                source, near = event.source, number >> _BITS
                block = self._blocks[*place, source, near]
                self._changed.add((*place, source, near))
            mark = 1 + crc32(event.id.encode()) % 255
            seen = block[number & _LAST]
            if not seen:
                block[number & _LAST] = mark
                fresh.append(event)
            elif seen != mark:
                reused.append(event)
        return fresh, reused

    def release(self, place: PartitionPlace, event: Delivered) -> None:
        """Take a mark back: the event was not folded after all."""
        self._blocks[*place, event.source, event.sequence >> _BITS][event.sequence & _LAST] = 0

    async def save(self, connection: Connection) -> None:
        """Store what changed."""
        if self._changed:
            rows = [(*key, bytes(self._blocks[key])) for key in sorted(self._changed)]
            await connection.execute(_SAVE, self._projection, *map(list, zip(*rows, strict=True)))


def _blocks(events: Iterable[Delivered]) -> set[tuple[str, int]]:
    """The blocks of these events, by source: an event is mostly in that of the one before."""
    found: set[tuple[str, int]] = set()
    source, near = "", -1
    for event in events:
        block = event.sequence >> _BITS
        if block != near or event.source != source:
            source, near = event.source, block
            found.add((source, near))
    return found
