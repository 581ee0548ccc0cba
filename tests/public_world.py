"""The public figures as they must be: sums of packets, none of too few people. Imports nothing of ours, on purpose."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from operator import add
from typing import Any

from .recomputation import Event, Table, Tables, periods

#: respondents, n, total, squares, n of the squares, numerator, denominator
Numbers = tuple[int, ...]
_NAMES = ("respondents", "n", "total", "squares", "spread_n", "numerator", "denominator")
_N, _TOTAL = _NAMES.index("n"), _NAMES.index("total")
_THRESHOLD = 10
_MILLION = 10**6


@dataclass(frozen=True)
class Said:
    """A unit, a packet, a published observation or a public figure: how many, and how many in each class."""

    numbers: Numbers
    classes: tuple[int, ...]

    def __add__(self, other: "Said") -> "Said":
        size = max(len(self.classes), len(other.classes))
        ours, theirs = ((*each.classes, *(0,) * (size - len(each.classes))) for each in (self, other))
        return Said(tuple(map(add, self.numbers, other.numbers)), tuple(map(add, ours, theirs)))

    @property
    def row(self) -> tuple[object, ...]:
        """As a row of a table: classes that nobody is in say nothing."""
        return (*self.numbers, self.classes if any(self.classes) else ())


NOTHING = Said((0,) * len(_NAMES), ())


def said(row: Mapping[str, Any]) -> Said:
    """What a row of the monitor's says."""
    return Said(tuple(int(row[name]) for name in _NAMES), tuple(row["histogram"]))


@dataclass(frozen=True)
class PublicWorld:
    """Rows of the monitor's tables, as they are: each by its column names. `parent` and `theme` as published."""

    units: Sequence[Mapping[str, Any]]
    packets: Sequence[Mapping[str, Any]]
    observations: Sequence[Mapping[str, Any]]
    published: Sequence[Mapping[str, Any]]
    publications: Sequence[int]
    last: int
    parent: Mapping[str, str | None]
    theme: Mapping[str, str]

    def wanted(self, contributions: Table) -> Tables:
        """What must be. `contributions` are the monitor's, as recomputed: scores, indicator, theme, area, month."""
        packets = {packet["id"]: packet for packet in self.packets}
        return {
            "monitor.published": {key: one.row for key, one in self._sums().items() if one != NOTHING},
            "monitor.published as shown": {
                key: (one.numbers[_N], _mean(one.numbers[_TOTAL], one.numbers[_N]))
                for key, one in self._sums().items()
                if one != NOTHING and key[2] == "dialogue"
            },
            "monitor.unit": {
                (f"dialogue/{dialogue}", number): (*row[:5], row[5], *row[7:])
                for (dialogue, number), row in contributions.items()
            },
            "monitor.packet": {
                (id_,): self._of_units(members) for id_, members in self._members().items() if id_ in packets
            },
            "monitor.packet of enough": {
                (id_,): (max(packet["respondents"], _THRESHOLD),) for id_, packet in packets.items()
            },
            "monitor.unit waiting": {pool: (min(people, _THRESHOLD - 1),) for pool, people in self._waiting().items()},
            "monitor.publication": {(number,): () for number in range(1, self.last + 1)},
        }

    def found(self, contributions: Table) -> Tables:
        """What is. What was in a packet that is dissolved is never public again, whatever its dialogue counts for."""
        dissolved = {packet["id"] for packet in self.packets if packet["dissolved"] is not None}
        units: Table = {}
        for unit in self.units:
            key, named = (unit["ref"], unit["number"]), unit["ref"].removeprefix("dialogue/")
            if unit["source"] != "dialogue":
                continue
            if unit["packet"] not in dissolved:
                units[key] = (*unit["histogram"], unit["indicator"], unit["area"], unit["period"])
            elif (row := contributions.get((named, unit["number"]))) is not None:
                units[key] = (*row[:5], row[5], *row[7:])
        live = [packet for packet in self.packets if packet["dissolved"] is None and packet["source"] == "dialogue"]
        return {
            "monitor.published": {
                tuple(row[part] for part in ("kind", "code", "source", "area", "period")): said(row).row
                for row in self.published
                if said(row).row != NOTHING.row
            },
            "monitor.published as shown": {
                tuple(row[part] for part in ("kind", "code", "source", "area", "period")): (shown["n"], shown["mean"])
                for row in self.published
                if said(row).row != NOTHING.row and row["source"] == "dialogue"
                for shown in [json.loads(f"{{{row['shown']}}}")]
            },
            "monitor.unit": units,
            "monitor.packet": {(packet["id"],): (*said(packet).row, packet["units"]) for packet in live},
            "monitor.packet of enough": {(packet["id"],): (packet["respondents"],) for packet in self.packets},
            "monitor.unit waiting": {pool: (people,) for pool, people in self._waiting().items()},
            "monitor.publication": {(number,): () for number in self.publications},
        }

    def _sums(self) -> dict[tuple[object, ...], Said]:
        """Every line that stands, in every area and period around its own."""
        sums: dict[tuple[object, ...], Said] = defaultdict(lambda: NOTHING)
        for line in (*self.packets, *self.observations):
            if line["published"] is None or line["dissolved"] is not None:
                continue
            source, indicator = line["source"], line["indicator"]
            codes = [("indicator", indicator)]
            if source == "dialogue":
                codes.append(("theme", self.theme[indicator]))
            for area in self._areas(line["area"]):
                for period in _around(line["period"]):
                    for kind, code in codes:
                        sums[kind, code, source, area, period] += said(line)
        return sums

    def _areas(self, area: str | None) -> Iterable[str]:
        while area:
            yield area
            area = self.parent[area]

    def _members(self) -> dict[int, list[Mapping[str, Any]]]:
        """The units of each packet of dialogues that stands."""
        live = {p["id"] for p in self.packets if p["dissolved"] is None}
        members: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
        for unit in self.units:
            if unit["packet"] is not None and unit["source"] == "dialogue" and unit["packet"] in live:
                members[unit["packet"]].append(unit)
        return members

    def _of_units(self, units: Sequence[Mapping[str, Any]]) -> tuple[object, ...]:
        total = sum(map(said, units), NOTHING)
        return (_people(units), *total.row[1:], len(units))

    def _waiting(self) -> dict[tuple[object, ...], int]:
        """How many people wait in each pool."""
        pools: dict[tuple[object, ...], list[Mapping[str, Any]]] = defaultdict(list)
        for unit in self.units:
            if unit["packet"] is None:
                pools[unit["indicator"], unit["source"], unit["period"][:4]].append(unit)
        return {pool: _people(units) for pool, units in pools.items()}

    def shown(self) -> Table:
        """What the last event of each figure from dialogues must say: n, mean, version and publication."""
        return {
            (f"{row['kind']}.{row['code']}.{row['area']}.{row['period']}",): (
                row["n"] or None,
                _mean(int(row["total"]), row["n"]),
                row["version"],
                row["publication"],
            )
            for row in self.published
            if row["source"] == "dialogue"
        }


def told(moves: Iterable[Event]) -> Table:
    """What the last event of each figure from dialogues says. `moves` in the order of versions."""
    return {
        (event.data["aggregate"],): (
            event.data["n"],
            event.data["mean"],
            event.data["version"],
            event.data["publication"],
        )
        for event in moves
        if event.data["source"] == "dialogue"
    }


def _people(units: Iterable[Mapping[str, Any]]) -> int:
    """Those of one dialogue are the same people."""
    most: dict[str, int] = {}
    for unit in units:
        most[unit["ref"]] = max(most.get(unit["ref"], 0), unit["respondents"])
    return sum(most.values())


def _around(period: str) -> tuple[str, ...]:
    if len(period) == 4:
        return (period,)
    return (period, period[:4]) if "Q" in period else periods(period)


def _mean(total: int, n: int) -> float | None:
    if not n:
        return None
    exact = Fraction(total, n * _MILLION)
    digits = Decimal(exact.numerator) / Decimal(exact.denominator)
    return float(digits.quantize(Decimal("0.001"), rounding=ROUND_HALF_EVEN))
