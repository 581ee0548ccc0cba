"""UC4-NL's operator as a projection: a batch becomes one delta per cell it touches, at every level, and one upsert."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import ClassVar, Literal

import msgspec

from shared.contracts import Contract
from shared.database import Connection
from shared.delivery import Batch, Delivered, Poison

_MERGE = """
INSERT INTO cell (area, theme, month, n, sum, last)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::timestamptz[])
ON CONFLICT (area, theme, month) DO UPDATE
SET n = cell.n + excluded.n, sum = cell.sum + excluded.sum, last = greatest(cell.last, excluded.last)
"""


class Hierarchy(msgspec.Struct, frozen=True):
    """Each municipality's region, and the province of all."""

    municipalities: Mapping[str, str]
    province: str


class ContributionCounted(Contract, frozen=True, kw_only=True):
    """An amount, in cents, was counted for an area, or taken back."""

    type: ClassVar[str] = "nl.veerkracht.contribution.counted.v1"
    topic: ClassVar[str] = "bench"
    kind: ClassVar[str] = "area"
    key_field: ClassVar[str] = "area"

    area: str
    theme: str
    at: datetime
    amount: int
    sign: Literal[1, -1]


#: (area, theme, year, month).
Key = tuple[str, str, int, int]


@dataclass(slots=True)
class Delta:
    """What is added to a cell."""

    n: int
    sum: int
    last: datetime

    def add(self, other: "Delta") -> None:
        """Both together."""
        self.n += other.n
        self.sum += other.sum
        self.last = max(self.last, other.last)


def refuse_unknown_area(hierarchy: Hierarchy, event: Delivered) -> None:
    """Raise Poison for an area that is no municipality."""
    data = event.data
    if isinstance(data, ContributionCounted) and data.area not in hierarchy.municipalities:
        raise Poison(f"{data.area} is no municipality")


def fold(events: Batch, regions: Mapping[str, str], province: str) -> list[tuple[Key, Delta]]:
    """What a batch adds to each cell, by key."""
    deltas: dict[Key, Delta] = {}
    for event in events:
        data = event.data
        if not isinstance(data, ContributionCounted):
            continue
        at, sign = data.at, data.sign
        key = (data.area, data.theme, at.year, at.month)
        delta = deltas.get(key)
        if delta is None:
            deltas[key] = Delta(sign, sign * data.amount, at)
        else:
            delta.n += sign
            delta.sum += sign * data.amount
            if at > delta.last:
                delta.last = at
    for (area, theme, year, month), delta in list(deltas.items()):
        for above in (regions[area], province):
            key = (above, theme, year, month)
            if key in deltas:
                deltas[key].add(delta)
            else:
                deltas[key] = Delta(delta.n, delta.sum, delta.last)
    # Every writer takes its rows in the same order, so none waits for another in a circle.
    return sorted(deltas.items(), key=itemgetter(0))


async def apply(hierarchy: Hierarchy, connection: Connection, events: Batch, _: datetime) -> None:
    """The projection's apply."""
    await _merge(connection, fold(events, hierarchy.municipalities, hierarchy.province))


async def _merge(connection: Connection, deltas: Sequence[tuple[Key, Delta]]) -> None:
    await connection.execute(
        _MERGE,
        [area for (area, _, _, _), _ in deltas],
        [theme for (_, theme, _, _), _ in deltas],
        [f"{year}-{month:02}" for (_, _, year, month), _ in deltas],
        [delta.n for _, delta in deltas],
        [delta.sum for _, delta in deltas],
        [delta.last for _, delta in deltas],
    )
