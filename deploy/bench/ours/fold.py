"""UC4-NL's operator as a projection: a batch becomes one delta per cell it touches, at every level, and one upsert."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

import msgspec

from shared.contracts import Contract
from shared.database import Connection
from shared.projections.decoding import Batch, Delivered, Poison

#: Rows come as text: asyncpg looks at each element of an array for what it is, which would cost more than the fold.
_MERGE = """
INSERT INTO cell (area, theme, month, n, sum, last)
SELECT split_part(row, ',', 1), split_part(row, ',', 2), split_part(row, ',', 3), split_part(row, ',', 4)::bigint,
       split_part(row, ',', 5)::bigint, split_part(row, ',', 6)::timestamptz
FROM unnest(string_to_array($1, ';')) AS delta (row)
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
    find = deltas.get
    for event in events:
        data = event.data
        if not isinstance(data, ContributionCounted):
            continue
        at, sign = data.at, data.sign
        key = (data.area, data.theme, at.year, at.month)
        delta = find(key)
        if delta is None:
            deltas[key] = Delta(sign, sign * data.amount, at)
        else:
            delta.n += sign
            delta.sum += sign * data.amount
            if at > delta.last:
                delta.last = at
    in_regions = _above(deltas, regions)
    return [
        *deltas.items(),
        *in_regions.items(),
        *_above(in_regions, dict.fromkeys(regions.values(), province)).items(),
    ]


def _above(deltas: Mapping[Key, Delta], parents: Mapping[str, str]) -> dict[Key, Delta]:
    """The same, a level higher."""
    higher: dict[Key, Delta] = {}
    for (area, theme, year, month), delta in deltas.items():
        key = (parents[area], theme, year, month)
        there = higher.get(key)
        if there is None:
            higher[key] = Delta(delta.n, delta.sum, delta.last)
        else:
            there.add(delta)
    return higher


async def apply(hierarchy: Hierarchy, connection: Connection, events: Batch, _: datetime) -> None:
    """The projection's apply."""
    await _merge(connection, fold(events, hierarchy.municipalities, hierarchy.province))


async def _merge(connection: Connection, deltas: Sequence[tuple[Key, Delta]]) -> None:
    rows = [
        f"{area},{theme},{year}-{month:02},{delta.n},{delta.sum},{delta.last.isoformat()}"
        for (area, theme, year, month), delta in deltas
    ]
    # Every writer takes its rows in the same order, so none waits for another in a circle.
    rows.sort()
    await connection.execute(_MERGE, ";".join(rows))
