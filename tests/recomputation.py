"""Every read table as it must be, folded again from what the services said. Imports nothing of ours, on purpose."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_DATA = Path(__file__).resolve().parents[1] / "deploy" / "programme" / "data"

#: kind, code, area, period -> findings, n, sum, sum of squares, count of each score, respondents
Cell = tuple[str, str, str, str]
Cells = dict[Cell, list[int]]
#: area, the smallest known; date; (topic, scores) for each topic
Held = tuple[str, str, list[tuple[str, list[int]]]]
#: version, valid from, indicator of each topic
Key = tuple[int, str, Mapping[str, str]]
#: The rows of a table: what names a row, and what it says. What is counted comes first.
Table = dict[tuple[object, ...], tuple[object, ...]]
Tables = dict[str, Table]


@dataclass(frozen=True)
class Event:
    """A row of an outbox. `service` is whose."""

    service: str
    id: str
    stream: str
    topic: str
    key: str
    type: str
    subject: str
    sequence: int | None
    data: dict[str, Any]
    cause: str | None = None


@dataclass(frozen=True)
class Map:
    """How a finding counts: the area above each area, the learning keys, and the theme of an indicator."""

    parent: Mapping[str, str | None]
    keys: Sequence[Key]
    theme: Mapping[str, str]
    moved: "Moved" = field(default_factory=dict)

    def indicator(self, topic: str, day: str) -> str | None:
        """What a topic of a dialogue held on a day counts for, by the highest version that was valid then."""
        valid = [(version, mapping) for version, since, mapping in self.keys if since <= day]
        return max(valid, key=lambda each: each[0])[1].get(topic) if valid else None

    def cells(self, topic: str, place: str, day: str) -> Iterable[Cell]:
        """The cells a finding counts in."""
        indicator = self.indicator(topic, day)
        if indicator is None:
            return
        for area in areas_around(place, int(day[:4]), self.parent, self.moved):
            for period in periods(day):
                yield "indicator", indicator, area, period
                yield "theme", self.theme[indicator], area, period


#: What areas lay in before a year, oldest first.
Moved = Mapping[str, Sequence[tuple[int, str | None]]]


def areas_around(place: str, year: int, parent: Mapping[str, str | None], moved: Moved) -> Iterable[str]:
    """An area and all above it in a year."""
    area: str | None = place
    while area:
        yield area
        area = next((above for until, above in moved.get(area, ()) if year < until), parent[area])


def periods(day: str) -> tuple[str, str, str]:
    """The month, quarter and year of a day or month."""
    return day[:7], f"{day[:4]}-Q{(int(day[5:7]) - 1) // 3 + 1}", day[:4]


def programme() -> Map:
    """The map in the programme's data files."""

    def read(name: str) -> Any:
        return json.loads((_DATA / f"{name}.json").read_text("utf-8"))

    return Map(
        {area["code"]: area["parent"] for area in read("areas")},
        [key_of(key) for key in read("learning-keys")],
        {indicator["code"]: indicator["theme"] for indicator in read("indicators")},
    )


def key_of(data: Mapping[str, Any]) -> Key:
    """A version of the learning key, from the data of its event."""
    return data["version"], data["validFrom"], {m["topic"]: m["indicator"] for m in data["mappings"]}


def fold(dialogues: Iterable[Held], where: Map) -> Cells:
    """Figures of these dialogues at every level, by indicator and by theme."""
    cells: Cells = {}
    for place, held_on, findings in dialogues:
        # Who speaks on two topics of a theme is one respondent: the most that any of the topics had.
        respondents: dict[Cell, int] = {}
        for topic, scores in findings:
            counts = _counts(scores)
            for cell in where.cells(topic, place, held_on):
                have = cells.setdefault(cell, [0] * 10)
                cells[cell] = [a + b for a, b in zip(have, [*counts, 0], strict=True)]
                respondents[cell] = max(respondents.get(cell, 0), sum(scores))
        for cell, people in respondents.items():
            cells[cell][-1] += people
    return cells


def _counts(scores: list[int]) -> list[int]:
    """findings, n, sum, sum of squares and the count of each score, of one finding."""
    each = list(enumerate(scores, start=1))
    return [1, sum(scores), sum(s * people for s, people in each), sum(s * s * people for s, people in each), *scores]


@dataclass(frozen=True)
class Difference:
    """Rows that should be there and are not, or too little, and rows that should not be, or count too much."""

    lost: int = 0
    doubled: int = 0
    examples: tuple[str, ...] = ()

    def __add__(self, other: "Difference") -> "Difference":
        return Difference(self.lost + other.lost, self.doubled + other.doubled, self.examples + other.examples)

    def __bool__(self) -> bool:
        """Whether anything is wrong."""
        return bool(self.lost or self.doubled)


def compare(wanted: Tables, found: Tables) -> Difference:
    """Compare all tables. A row with another value counts as doubled when it says more, else as lost."""
    total = Difference()
    for name in sorted(wanted.keys() | found.keys()):
        right, there = wanted.get(name, {}), found.get(name, {})
        for key in right.keys() | there.keys():
            want, have = right.get(key), there.get(key)
            if want != have:
                more = want is None or (have is not None and _more(have, want))
                total += Difference(int(not more), int(more), (f"{name} {key}: wanted {want}, found {have}",))
    return total


def _more(have: tuple[object, ...], want: tuple[object, ...]) -> bool:
    pairs = zip(have, want, strict=False)
    return next(
        (a > b for a, b in pairs if a != b and isinstance(a, int | float) and isinstance(b, int | float)), False
    )
