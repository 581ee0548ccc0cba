"""Which events a projection has folded: the last number of each slot of a topic, so that a repeat is seen for ever.

A topic's events are numbered from 1 in each slot, without gaps, and come in that order whatever is sent again, into
whichever partition: what is at or below the last number was folded or set aside, the next is new, and what lies further
follows on a gap.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from ..contracts.slots import SLOTS
from ..database import Connection
from .decoding import Delivered
from .halts import Gap
from .runs import DeadLetter, Found, Run

_START = """
INSERT INTO claim (projection, topic, slot)
SELECT $1, * FROM unnest($2::text[], $3::smallint[]) ON CONFLICT DO NOTHING
"""
#: In one order for everyone. A slot is read in one partition, but for a topic that grew while an earlier relay still
#: sent what a later one sent elsewhere: the second of two workers waits here, and finds repeats.
_LOCK = """
SELECT topic, slot, last, event_id FROM claim
WHERE projection = $1 AND (topic, slot) IN (SELECT * FROM unnest($2::text[], $3::smallint[]))
ORDER BY topic, slot FOR UPDATE
"""
_SAVE = """
UPDATE claim SET last = moved.last, event_id = moved.event_id
FROM unnest($2::text[], $3::smallint[], $4::bigint[], $5::text[]) AS moved (topic, slot, last, event_id)
WHERE claim.projection = $1 AND claim.topic = moved.topic AND claim.slot = moved.slot
"""

#: What of a number is the slot.
_SLOT = SLOTS - 1
_Slot = tuple[str, int]  # topic, slot


@dataclass(slots=True)
class Claimed:
    """What is new in a run, and how much of it is not."""

    events: list[Delivered] = field(default_factory=list)
    letters: list[DeadLetter] = field(default_factory=list)
    repeats: int = 0


class Claims:
    """The last numbers of the slots that a batch touches. Hold the watermarks of their partitions while you use it."""

    def __init__(self, projection: str) -> None:
        self._projection = projection
        #: As the header has it: 64 times the number, plus the slot.
        self._last: dict[_Slot, int] = {}
        self._ids: dict[_Slot, str | None] = {}
        self._moved: set[_Slot] = set()

    async def load(self, connection: Connection, runs: Iterable[Run]) -> None:
        """Read and lock the slots of these records."""
        touched = sorted(
            {(run.partition.topic, slot) for run in runs for slot in set(map(_SLOT.__and__, filter(None, run.numbers)))}
        )
        if not touched:
            return
        columns = [list(column) for column in zip(*touched, strict=True)]
        rows = await connection.fetch(_LOCK, self._projection, *columns)
        if len(rows) < len(touched):
            await connection.execute(_START, self._projection, *columns)
            rows = await connection.fetch(_LOCK, self._projection, *columns)
        for row in rows:
            slot = row["topic"], row["slot"]
            self._last[slot] = row["last"] * SLOTS + row["slot"]
            self._ids[slot] = row["event_id"]

    def claim(self, run: Run) -> Claimed:
        """Go past the records of a run, in order; returns what was not folded or set aside before. Raises Gap."""
        claimed, topic, compacted = Claimed(), run.partition.topic, run.partition.compacted
        last = {slot: number for (of, slot), number in self._last.items() if of == topic}
        newest: dict[int, Found] = {}
        keep = claimed.events.append
        for place, (number, found) in enumerate(zip(run.numbers, run.found, strict=True)):
            if number:
                slot = number & _SLOT
                before = last[slot]
                if number != before + SLOTS:
                    if number <= before:
                        id_ = _id(newest[slot]) if slot in newest else self._ids[topic, slot]
                        self._repeat(claimed, run, found, id_ if number == before else None)
                        continue
                    if not compacted:
                        raise self._gap(run, place, before)
                last[slot] = number
                newest[slot] = found
            if isinstance(found, DeadLetter):
                claimed.letters.append(found)
            elif found is not None:
                keep(found)
        for slot, of in newest.items():
            self._last[topic, slot], self._ids[topic, slot] = last[slot], _id(of)
            self._moved.add((topic, slot))
        return claimed

    def _repeat(self, claimed: Claimed, run: Run, found: Found, id_: str | None) -> None:
        """Drop it, unless an event with another id had its number: then its publisher lost its count."""
        if id_ is not None and isinstance(found, Delivered) and found.id != id_:
            reason = f"{found.source} gave its number in the slot to another event before, {id_}"
            claimed.letters.append(run.letter(found, reason))
        elif found is not None:
            claimed.repeats += 1

    def _gap(self, run: Run, place: int, before: int) -> Gap:
        number, slot = divmod(run.numbers[place], SLOTS)
        return Gap(
            run.partition,
            f"{self._projection}: {run.partition.topic}-{run.partition.number} has number {number} of slot {slot} at "
            f"offset {run.offsets[place]}, but {before // SLOTS + 1} was next: records are missing from the log. "
            f"Nothing was skipped. Run `repair`.",
        )

    async def save(self, connection: Connection) -> None:
        """Store what moved."""
        if self._moved:
            rows = [(*slot, self._last[slot] // SLOTS, self._ids[slot]) for slot in sorted(self._moved)]
            await connection.execute(_SAVE, self._projection, *map(list, zip(*rows, strict=True)))


def _id(found: Found) -> str | None:
    return found.id if isinstance(found, Delivered) else None
