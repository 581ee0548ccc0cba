"""The public figures as they must be: sums of packets, none of too few people. Imports nothing of ours, on purpose."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from typing import Any

from .public_form import NOBODY, NOTHING, THRESHOLD, Exact, Public, ends_of, exact, public, public_form
from .recomputation import Event, Moved, Table, Tables, areas_around, periods

#: Of a figure of a theme, and of what topics of dialogues are scored in.
_SCORES = "score-1-5"
_KEY = ("kind", "code", "source", "area", "period")


@dataclass(frozen=True)
class PublicWorld:
    """Rows of the monitor's tables, as they are: each by its column names. `parent` and `theme` as published, and the
    measure and unit of each indicator."""

    units: Sequence[Mapping[str, Any]]
    packets: Sequence[Mapping[str, Any]]
    observations: Sequence[Mapping[str, Any]]
    published: Sequence[Mapping[str, Any]]
    publications: Sequence[int]
    last: int
    parent: Mapping[str, str | None]
    theme: Mapping[str, str]
    quantity: Mapping[str, tuple[str, str]]
    moved: Moved = field(default_factory=dict)

    def wanted(self, contributions: Table) -> Tables:
        """What must be. `contributions` are the monitor's, as recomputed: scores, indicator, theme, area, month."""
        packets = {packet["id"]: packet for packet in self.packets}
        sums = {key: one for key, one in self._sums().items() if one != NOTHING}
        return {
            "monitor.published": {key: one.row for key, one in sums.items()},
            "monitor.published as shown": {
                key: one.shown(self._ends(*key[:2])) for key, one in sums.items() if self._is_mean(*key[:2])
            },
            "monitor.observation": {key: self._form_of(row).row for key, row in self._lines().items()},
            "monitor.unit": {
                (f"dialogue/{dialogue}", number): (*row[:5], row[5], *row[7:])
                for (dialogue, number), row in contributions.items()
            },
            "monitor.packet": {
                (id_,): self._of_units(members) for id_, members in self._members().items() if id_ in packets
            },
            "monitor.packet of enough": {
                (id_,): (max(packet["respondents"], THRESHOLD),) for id_, packet in packets.items()
            },
            "monitor.unit waiting": dict.fromkeys(self._waiting(), (False,)),
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
        rows = ((tuple(row[part] for part in _KEY), row) for row in self.published)
        there = {key: row for key, row in rows if public(row) != NOTHING}
        return {
            "monitor.published": {key: public(row).row for key, row in there.items()},
            "monitor.published as shown": {
                key: tuple(shown[name] for name in ("n", "mean", "bound", "distribution"))
                for key, row in there.items()
                if self._is_mean(*key[:2])
                for shown in [json.loads(f"{{{row['shown']}}}")]
            },
            "monitor.observation": {key: public(row).row for key, row in self._lines().items()},
            "monitor.unit": units,
            "monitor.packet": {(packet["id"],): (*public(packet).row, packet["units"]) for packet in live},
            "monitor.packet of enough": {(packet["id"],): (packet["respondents"],) for packet in self.packets},
            "monitor.unit waiting": {pool: (form is not None,) for pool, form in self._waiting().items()},
            "monitor.publication": {(number,): () for number in self.publications},
        }

    def _sums(self) -> dict[tuple[str, ...], Public]:
        """Every line that stands, in every area and period around its own."""
        sums: dict[tuple[str, ...], Public] = defaultdict(lambda: NOTHING)
        for line in (*self.packets, *self.observations):
            if line["published"] is None or line["dissolved"] is not None:
                continue
            source, indicator = line["source"], line["indicator"]
            codes = [("indicator", indicator)]
            if source == "dialogue":
                codes.append(("theme", self.theme[indicator]))
            for area in areas_around(line["area"], int(line["period"][:4]), self.parent, self.moved):
                for period in _around(line["period"]):
                    for kind, code in codes:
                        sums[kind, code, source, area, period] += public(line)
        return sums

    def _members(self) -> dict[int, list[Mapping[str, Any]]]:
        """The units of each packet of dialogues that stands."""
        live = {p["id"] for p in self.packets if p["dissolved"] is None}
        members: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
        for unit in self.units:
            if unit["packet"] is not None and unit["source"] == "dialogue" and unit["packet"] in live:
                members[unit["packet"]].append(unit)
        return members

    def _of_units(self, units: Sequence[Mapping[str, Any]]) -> tuple[object, ...]:
        return (*(self._form(units) or NOTHING).row, len(units))

    def _form(self, units: Sequence[Mapping[str, Any]]) -> Public | None:
        """What may be public of units together, those of one dialogue being the same people."""
        _, n, total, numerator, denominator, classes = astuple(sum(map(exact, units), NOBODY))
        together = Exact(_people(units), n, total, numerator, denominator, classes)
        return public_form(together, *self.quantity[units[0]["indicator"]])

    def _lines(self) -> dict[tuple[object, ...], Mapping[str, Any]]:
        """The observations that are or were public."""
        return {(row["import"], row["line"]): row for row in self.observations if row["published"] is not None}

    def _form_of(self, row: Mapping[str, Any]) -> Public:
        form = public_form(exact(row), *self.quantity[row["indicator"]], detail=not row["coarse"])
        return form or NOTHING

    def _is_mean(self, kind: str, code: str) -> bool:
        return kind == "theme" or self.quantity[code][0] == "mean"

    def _ends(self, kind: str, code: str) -> tuple[int, int] | None:
        return ends_of(_SCORES if kind == "theme" else self.quantity[code][1])

    def _waiting(self) -> dict[tuple[object, ...], Public | None]:
        """What may be public of all that waits in each pool: nothing, or it would be a packet."""
        pools: dict[tuple[object, ...], list[Mapping[str, Any]]] = defaultdict(list)
        for unit in self.units:
            if unit["packet"] is None:
                pools[unit["indicator"], unit["source"], unit["period"][:4]].append(unit)
        return {pool: self._form(units) for pool, units in pools.items()}

    def shown(self) -> Table:
        """What the last event of each figure from dialogues must say: n, mean, bound, version and publication."""
        return {
            (f"{row['kind']}.{row['code']}.{row['area']}.{row['period']}",): (
                *public(row).shown(self._ends(row["kind"], row["code"]))[:3],
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
            event.data["bound"],
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
