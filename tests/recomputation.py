"""Every read table as it must be, folded again from what the services said. Imports nothing of ours, on purpose."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

_DATA = Path(__file__).resolve().parents[1] / "deploy" / "programme" / "data"

#: kind, code, area, period -> findings, n, sum, sum of squares, count of each score, respondents
Cell = tuple[str, str, str, str]
Cells = dict[Cell, list[int]]
#: municipality, date, (topic, scores) for each topic
Held = tuple[str, str, list[tuple[str, list[int]]]]
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


@dataclass(frozen=True)
class Map:
    """How a finding counts: the area above each area, and the indicator of a topic with its theme."""

    parent: Mapping[str, str | None]
    indicator: Mapping[str, str]
    theme: Mapping[str, str]

    def cells(self, topic: str, municipality: str, period: str) -> Iterable[Cell]:
        """The cells a finding counts in."""
        area: str | None = municipality
        while area:
            yield "indicator", self.indicator[topic], area, period
            yield "theme", self.theme[self.indicator[topic]], area, period
            area = self.parent[area]


def programme() -> Map:
    """The map in the programme's data files."""

    def read(name: str) -> Any:
        return json.loads((_DATA / f"{name}.json").read_text("utf-8"))

    return Map(
        {area["code"]: area["parent"] for area in read("areas")},
        {m["topic"]: m["indicator"] for m in read("learning-keys")[0]["mappings"]},
        {indicator["code"]: indicator["theme"] for indicator in read("indicators")},
    )


def fold(dialogues: Iterable[Held], where: Map) -> Cells:
    """Figures of these dialogues at every level, by indicator and by theme."""
    cells: Cells = {}
    for municipality, held_on, findings in dialogues:
        # Who speaks on two topics of a theme is one respondent: the most that any of the topics had.
        respondents: dict[Cell, int] = {}
        for topic, scores in findings:
            counts = _counts(scores)
            for cell in where.cells(topic, municipality, held_on[:7]):
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


def canonical(data: Mapping[str, Any]) -> str:
    """The same text for the same JSON."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False)


#: Fields of the events that are news: initiative, areas, themes, organisations. A name in brackets is one value.
_NEWS: dict[str, tuple[str, str, str, str]] = {
    "initiative.registered": ("initiative", "municipalities regions", "themes", "partners"),
    "initiative.phase-changed": ("initiative", "municipalities", "themes", ""),
    "lesson.drawn": ("initiative", "municipalities", "themes", ""),
    "organisation.registered": ("", "", "", "organisation"),
    "dialogue.planned": ("initiative", "municipality", "themes", "organiser"),
    "dialogue.held": ("initiative", "municipality", "themes", "organiser"),
    "dialogue.withdrawn": ("initiative", "municipality", "themes", "organiser"),
    "commitment.made": ("initiative", "", "", "recipient"),
    "disbursement.made": ("initiative", "", "", "recipient"),
    "budget-finding.published": ("", "", "", ""),
    "baseline.recorded": ("", "areas", "theme", ""),
    "aggregate.moved": ("", "area", "theme", ""),
}
_NAMES = {
    "area.registered": ("area", "code", "name"),
    "organisation.registered": ("organisation", "organisation", "name"),
    "initiative.registered": ("initiative", "initiative", "title"),
    "indicator.registered": ("indicator", "code", "nameNl"),
    "budget-line.adopted": ("budget-line", "line", "action"),
}
_REASONS = {
    "initiative.phase-changed": "phase-reached",
    "lesson.drawn": "lesson-drawn",
    "dialogue.held": "dialogue-held",
    "budget-finding.published": "budget-finding",
    "aggregate.moved": "indicator-moved",
}
_DIRECTORIES = {
    "initiatives": ("area", "organisation"),
    "community": ("area", "organisation", "initiative"),
    "finance": ("organisation", "initiative"),
}
_TRIGGERS = UUID("6f0e9a52-3c1b-5d47-9b8e-2d7c41a05f13")
_THRESHOLD = 10


def _short(type_: str) -> str:
    return type_.removeprefix("nl.veerkracht.").removesuffix(".v1")


def _values(data: Mapping[str, Any], names: str) -> tuple[str, ...]:
    found: list[str] = []
    for name in names.split():
        value = data[name]
        found += value if isinstance(value, list) else [value] if value is not None else []
    return tuple(found)


@dataclass
class Said:
    """What the outboxes say, each event once, in the order of each outbox."""

    events: list[Event]
    held: dict[str, Held] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    parent: dict[str, str | None] = field(default_factory=dict)
    indicator: dict[str, str] = field(default_factory=dict)
    theme: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for event in self.events:
            data = event.data
            match _short(event.type):
                case "dialogue.findings-recorded":
                    findings = [(f["topic"], f["scores"]) for f in data["findings"]]
                    self.held[data["dialogue"]] = (data["municipality"], data["heldOn"], findings)
                case "dialogue.findings-withdrawn":
                    self.withdrawn.add(data["dialogue"])
                case "area.registered":
                    self.parent[data["code"]] = data["parent"]
                case "indicator.registered":
                    self.theme[data["code"]] = data["theme"]
                case "learning-key.published":
                    self.indicator = {m["topic"]: m["indicator"] for m in data["mappings"]}

    @property
    def map(self) -> Map:
        """How findings count, as the monitor published it."""
        return Map(self.parent, self.indicator, self.theme)

    def cells(self) -> Cells:
        """The figures: a withdrawn dialogue counts not at all."""
        return fold((held for dialogue, held in self.held.items() if dialogue not in self.withdrawn), self.map)

    def tables(self, oin: str) -> Tables:
        """Every read table of every service, as it must be. `oin` is in the source of public events."""
        return {
            **self._monitor(),
            **self._community(),
            **self._feeds(oin),
            **{f"{service}.directory": self._directory(kinds) for service, kinds in _DIRECTORIES.items()},
        }

    def _monitor(self) -> Tables:
        contributions: Table = {}
        for dialogue, (municipality, held_on, findings) in self.held.items():
            for number, (topic, scores) in enumerate(findings):
                if dialogue not in self.withdrawn:
                    indicator = self.indicator[topic]
                    contributions[dialogue, number] = (
                        *scores, indicator, self.theme[indicator], municipality, held_on[:7],
                    )  # fmt: skip
        dialogues = self.held.keys() | self.withdrawn
        return {
            "monitor.aggregate": {cell: tuple(values) for cell, values in self.cells().items()},
            "monitor.contribution": contributions,
            "monitor.dialogue": {
                (dialogue,): (self.held[dialogue][1] if dialogue in self.held else None, dialogue in self.withdrawn)
                for dialogue in dialogues
            },
            "monitor figures told": self._told(),
        }

    def _told(self) -> Table:
        """Each published figure must go on from the one before, and the last one be the present figure."""
        last: dict[str, tuple[object, object]] = {}
        wanted: Table = {}
        for event in self.moves():
            figure = event.data["aggregate"]
            wanted[figure, event.data["version"]] = last.get(figure, (0, None))
            last[figure] = (event.data["n"], event.data["mean"])
        for (kind, code, area, period), values in self.cells().items():
            n, total, respondents = values[1], values[2], values[-1]
            shown = (n, round(total / n, 3)) if respondents >= _THRESHOLD else (None, None)
            wanted[f"{kind}.{code}.{area}.{period}", "now"] = shown
            last.pop(f"{kind}.{code}.{area}.{period}", None)
        wanted.update({(figure, "now"): (0, None) for figure in last})
        return wanted

    def moves(self) -> list[Event]:
        """The figures that were published, each figure's in the order of its versions."""
        moves = [event for event in self.events if _short(event.type) == "aggregate.moved"]
        return sorted(moves, key=lambda event: int(event.data["version"]))

    def told(self) -> Table:
        """What was published: each figure with the one it says it followed, and the last one."""
        found: Table = {}
        for event in self.moves():
            figure = event.data["aggregate"]
            found[figure, event.data["version"]] = (event.data["previousN"], event.data["previousMean"])
            found[figure, "now"] = (event.data["n"], event.data["mean"])
        # A figure that never reached the threshold was never told of: it stays hidden.
        for (kind, code, area, period), values in self.cells().items():
            if values[-1] < _THRESHOLD:
                found.setdefault((f"{kind}.{code}.{area}.{period}", "now"), (None, None))
        return found

    def _community(self) -> Tables:
        activity: Table = {}
        triggers: Table = {}
        names: Table = {}
        withdrawn = {e.subject for e in self.events if _short(e.type) == "dialogue.withdrawn"}
        for event in self.events:
            type_, data = _short(event.type), event.data
            if type_ in _NAMES:
                kind, id_, name = _NAMES[type_]
                names[kind, data[id_]] = (data[name],)
            if type_ not in _NEWS or (type_ == "aggregate.moved" and data["suppressed"]):
                continue
            initiative, areas, themes, organisations = (_values(data, names) for names in _NEWS[type_])
            activity[(event.id,)] = (
                1,
                event.type,
                event.subject,
                initiative[0] if initiative else None,
                areas,
                themes,
                organisations,
                canonical(data),
            )
            if type_ in _REASONS and (type_ != "aggregate.moved" or _shifted(data)):
                reason = _REASONS[type_]
                told = type_ == "dialogue.held" and event.subject in withdrawn
                triggers[(str(uuid5(_TRIGGERS, f"{event.id}/{reason}")),)] = (1, reason, event.id, event.subject, told)
        return {
            "community.activity": activity,
            "community.name": names,
            "community.newsletter_trigger": triggers,
            "community triggers told": {key: (1, reason, cause) for key, (_, reason, cause, *_) in triggers.items()},
        }

    def triggers_told(self) -> Table:
        """The triggers that were published, with how often."""
        told = [e.data for e in self.events if _short(e.type) == "newsletter-trigger.raised"]
        times = Counter(data["trigger"] for data in told)
        return {(data["trigger"],): (times[data["trigger"]], data["reason"], data["cause"]) for data in told}

    def _feeds(self, oin: str) -> Tables:
        public = [event for event in self.events if not event.stream.endswith("-internal")]
        counts = Counter(event.stream for event in public)

        def source(stream: str) -> str:
            return f"urn:nld:oin:{oin}:systeem:{stream}"

        return {
            "feeds.event": {
                (event.id,): (1, source(event.stream), event.sequence, event.type, event.subject, canonical(event.data))
                for event in public
            },
            "feeds.source": {(source(stream),): (n, n, n) for stream, n in counts.items()},
        }

    def _directory(self, kinds: Iterable[str]) -> Table:
        rows: Table = {}
        for event in self.events:
            kind, id_, name = _NAMES.get(_short(event.type), ("", "", ""))
            if kind in kinds:
                data = event.data
                parts = ("level", "parent", "validFrom", "validUntil") if kind == "area" else ()
                level, *rest = [data[part] for part in parts] or [kind, None, None, None]
                rows[level, data[id_]] = (data[name], *rest)
        return rows

    def numbering(self) -> Difference:
        """Numbers that a source skips or gives twice, or that go back within a key."""
        lost = doubled = 0
        numbers: dict[tuple[str, str], list[int]] = {}
        keys: dict[tuple[str, str, str], int] = {}
        for event in self.events:
            if event.sequence is None:
                lost += 1
                continue
            numbers.setdefault((event.service, event.stream), []).append(event.sequence)
            key = (event.service, event.stream, event.key)
            doubled += event.sequence <= keys.get(key, 0)
            keys[key] = event.sequence
        for given in numbers.values():
            lost += len(set(range(1, max(given) + 1)) - set(given))
            doubled += len(given) - len(set(given))
        return Difference(lost, doubled, (f"numbers: {lost} missing, {doubled} twice",) if lost or doubled else ())


def _shifted(data: Mapping[str, Any]) -> bool:
    if data["of"] != "indicator" or data["level"] == "province" or None in (data["mean"], data["previousMean"]):
        return False
    shift: float = round(abs(data["mean"] - data["previousMean"]), 3)
    return shift >= 0.5
