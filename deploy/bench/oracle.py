"""The right answer: a plain fold of what was drawn, by code that shares nothing with any contestant."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .workload import PROVINCE, REGION_OF, Record

#: (area, theme, month as YYYY-MM).
Key = tuple[str, str, str]
#: (n, sum in cents, latest event time as RFC 3339 in UTC, to the second).
Value = tuple[int, int, str]
#: (partition, offset) of a record.
Place = tuple[int, int]


@dataclass(frozen=True)
class Answer:
    """What the tables must hold: `cells` at every level, and `dead` where the poison lies."""

    cells: Mapping[Key, Value]
    dead: frozenset[Place]
    events: int
    digest: str


@dataclass(frozen=True)
class Difference:
    """What a contestant's tables say otherwise.

    `lost` and `doubled` compare `n` per cell at municipality level; `n` is net of withdrawals and so are they.
    """

    lost: int
    doubled: int
    wrong_cells: int
    dead_missing: int
    dead_extra: int

    @property
    def right(self) -> bool:
        """Whether there is none."""
        return self == Difference(0, 0, 0, 0, 0)


class Oracle:
    """Folds a log as it is drawn."""

    def __init__(self) -> None:
        self._base: dict[Key, Value] = {}
        self._dead: set[Place] = set()
        self._lengths: dict[int, int] = {}
        self._events = 0

    def add(self, record: Record) -> None:
        """The next record of the log; its offset is how many went before in its partition."""
        offset = self._lengths.get(record.partition, 0)
        self._lengths[record.partition] = offset + 1
        if record.poison:
            self._dead.add((record.partition, offset))
        elif record.fact:
            area, theme, at, amount, sign = record.fact
            self._events += 1
            _merge(self._base, (area, theme, at[:7]), (sign, sign * amount, at))

    def answer(self) -> Answer:
        """What the tables must hold once all of this is folded."""
        cells: dict[Key, Value] = dict(self._base)
        for (area, theme, month), value in self._base.items():
            for above in (REGION_OF[area], PROVINCE):
                _merge(cells, (above, theme, month), value)
        return Answer(cells, frozenset(self._dead), self._events, digest(cells.items()))


def _merge(cells: dict[Key, Value], key: Key, value: Value) -> None:
    n, total, last = value
    found = cells.get(key)
    # Times of one zone and form sort as text.
    cells[key] = (found[0] + n, found[1] + total, max(found[2], last)) if found else value


def digest(cells: Iterable[tuple[Key, Value]]) -> str:
    """SHA-256 of the rows, sorted by key: their text, tab-separated, a line each."""
    whole = hashlib.sha256()
    for key, (n, total, last) in sorted(cells):
        whole.update("\t".join((*key, str(n), str(total), last)).encode() + b"\n")
    return whole.hexdigest()


def compare(answer: Answer, cells: Mapping[Key, Value], dead: frozenset[Place]) -> Difference:
    """What a contestant's rows say otherwise."""
    keys = answer.cells.keys() | cells.keys()
    deltas = {
        key: cells.get(key, (0, 0, ""))[0] - answer.cells.get(key, (0, 0, ""))[0] for key in keys if key[0] in REGION_OF
    }
    return Difference(
        lost=-sum(delta for delta in deltas.values() if delta < 0),
        doubled=sum(delta for delta in deltas.values() if delta > 0),
        wrong_cells=sum(cells.get(key) != answer.cells.get(key) for key in keys),
        dead_missing=len(answer.dead - dead),
        dead_extra=len(dead - answer.dead),
    )
