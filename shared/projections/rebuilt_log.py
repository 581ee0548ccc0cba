"""A log that is kept as a table is made again with each event at the position it had: positions are readers' cursors.

What the live table does not have stands past all positions there are, and gets the next ones of the live table at the
swap: it is new to every reader. What a compacted topic no longer has is brought over from the live table.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

from ..contracts import CONTRACTS, TOPICS
from ..database import RENEWED, Connection, OrderedLog, shadow
from .decoding import Delivered

#: Positions past this one stand in a shadow only, until the live table has the event or the swap comes.
_UNPLACED = 1 << 62
#: Positions looked at in one transaction, of those brought over.
_STRETCH = 10_000

# OFFSET 0 and a query in place of a join: by the keys, whatever is estimated of a table that was just filled.
# In these `live` and `shadow` are the schemas; `log`, `head`, `beside` and `id` the tables and the column of one log.
_BEGIN = "INSERT INTO shadow.head (last) VALUES ($1) ON CONFLICT DO NOTHING"
_PLACES = """
SELECT asked.n, log.position
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS asked (source, id, n)
JOIN live.log AS log ON log.id = asked.id AND log.source = asked.source
"""
_BRING = """
INSERT INTO shadow.log SELECT log.* FROM live.log AS log
WHERE log.position > $1 AND log.position <= $2 AND log.type = ANY($3::text[])
      AND NOT EXISTS (SELECT FROM shadow.log AS there WHERE there.id = log.id AND there.source = log.source OFFSET 0)
      AND NOT EXISTS (SELECT FROM shadow.dead_letter AS dead WHERE dead.event_id = log.id)
RETURNING position
"""
_BRING_ALONG = "INSERT INTO shadow.beside SELECT * FROM live.beside WHERE position = ANY($1::bigint[])"
# One statement: a row beside the log refers to the position of its event.
_PLACE = """
WITH unplaced AS (
    SELECT made.position AS given, (
        SELECT log.position FROM live.log AS log WHERE log.id = made.id AND log.source = made.source) AS kept
    FROM shadow.log AS made WHERE made.position > $1
), placed AS (
    SELECT given, coalesce(kept, (SELECT last FROM live.head)
                                 + row_number() OVER (PARTITION BY kept IS NULL ORDER BY given)) AS position
    FROM unplaced
), moved AS (
    UPDATE shadow.log AS made SET position = placed.position FROM placed WHERE made.position = placed.given
){beside}
UPDATE shadow.head
SET last = (SELECT greatest(head.last, max(placed.position)) FROM live.head AS head LEFT JOIN placed ON true
            GROUP BY head.last)
"""
_PLACE_BESIDE = """, moved_beside AS (
    UPDATE shadow.beside AS made SET position = placed.position FROM placed WHERE made.position = placed.given
)"""


async def _nothing(_: Connection, __: Sequence[int]) -> None:
    """Nothing more to do."""


@dataclass(frozen=True, slots=True)
class RebuiltLog:
    """How to make a log of a service again. `beside` is a table whose rows each stand at the position of their event;
    `brought` runs with the positions of events that were brought over."""

    service: str
    log: OrderedLog
    beside: str | None = None
    brought: Callable[[Connection, Sequence[int]], Awaitable[None]] = _nothing

    async def begin(self, connection: Connection) -> None:
        """In a shadow that was just made: no event has its position yet."""
        await connection.execute(self._of(_BEGIN), _UNPLACED)

    async def places(self, connection: Connection, events: Sequence[Delivered]) -> list[int]:
        """In the shadow: the position of each event in the live table, else one to place at the swap."""
        asked = [event.source for event in events], [event.id for event in events]
        known = {row["n"] - 1: row["position"] for row in await connection.fetch(self._of(_PLACES), *asked)}
        unplaced = iter(
            await self.log.advance(connection, len(events) - len(known)) if len(known) < len(events) else ()
        )
        return [known[n] if n in known else next(unplaced) for n in range(len(events))]

    async def bring(self, connection: Connection, after: int, upto: int) -> int:
        """Bring over what a compacted topic no longer has, of the live table past a position and up to another.

        The shadow has read the log to where these stood. Returns how many there were.
        """
        found = 0
        for start in range(after, upto, _STRETCH):
            async with connection.transaction():
                rows = await connection.fetch(self._of(_BRING), start, min(start + _STRETCH, upto), _compacted_types())
                if rows:
                    positions = [row["position"] for row in rows]
                    if self.beside:
                        await connection.execute(self._of(_BRING_ALONG), positions)
                    await self.brought(connection, positions)
            found += len(rows)
        return found

    async def place(self, connection: Connection) -> None:
        """At the swap, with the live table still: give what is new the next positions, and tell those who follow."""
        await connection.execute(self._of(_PLACE.format(beside=_PLACE_BESIDE if self.beside else "")), _UNPLACED)
        await self.log.wake(connection, RENEWED)

    def _of(self, statement: str) -> str:
        names: Iterable[tuple[str, str]] = (
            ("shadow.log", f"{shadow(self.service)}.{self.log.table}"),
            ("live.log", f"{self.service}.{self.log.table}"),
            ("shadow.head", f"{shadow(self.service)}.{self.log.head_table}"),
            ("live.head", f"{self.service}.{self.log.head_table}"),
            ("shadow.beside", f"{shadow(self.service)}.{self.beside}"),
            ("live.beside", f"{self.service}.{self.beside}"),
            ("shadow.dead_letter", f"{shadow(self.service)}.dead_letter"),
            ("log.id", f"log.{self.log.id_column}"),
            ("made.id", f"made.{self.log.id_column}"),
            ("there.id", f"there.{self.log.id_column}"),
        )
        for name, ours in names:
            statement = statement.replace(name, ours)
        return statement


def _compacted_types() -> list[str]:
    return [type_ for type_, contract in CONTRACTS.items() if TOPICS[contract.topic].compacted]
