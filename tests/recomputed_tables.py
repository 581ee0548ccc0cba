"""Every read table as it must be, from all that the services said."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID, uuid5

from tests.monitor.impact.outcomes.recomputation import goals_told, spending_tables
from tests.recomputation import (
    Cells,
    Difference,
    Event,
    Held,
    Key,
    Map,
    Table,
    Tables,
    areas_around,
    compare,
    fold,
    key_of,
)

#: Fields of the events that are news: initiative, areas, themes, organisations. A name in brackets is one value.
_NEWS: dict[str, tuple[str, str, str, str]] = {
    "initiative.registered": ("initiative", "municipalities regions", "themes", "partners"),
    "initiative.phase-changed": ("initiative", "municipalities", "themes", ""),
    "lesson.drawn": ("initiative", "municipalities", "themes", ""),
    "organisation.registered": ("", "", "", "organisation"),
    "organisation.corrected": ("", "", "", "organisation"),
    "organisation.changed": ("", "", "", "organisation"),
    "organisation.withdrawn": ("", "", "", "organisation"),
    "dialogue.planned": ("initiative", "municipality", "themes", "organiser"),
    "dialogue.held": ("initiative", "municipality", "themes", "organiser"),
    "dialogue.withdrawn": ("initiative", "municipality", "themes", "organiser"),
    "commitment.made": ("initiative", "", "", "recipient"),
    "disbursement.made": ("initiative", "", "", "recipient"),
    "budget-finding.published": ("", "", "", ""),
    "baseline.recorded": ("", "areas", "theme", ""),
    "baseline.corrected": ("", "areas", "theme", ""),
    "baseline.withdrawn": ("", "areas", "theme", ""),
    "aggregate.moved": ("", "area", "theme", ""),
    "observations.imported": ("", "", "", ""),
    "edition.published": ("", "", "", ""),
    "goal.judged": ("", "area", "", ""),
}
_NAMES = {
    **{f"area.{form}": ("area", "code", "name") for form in ("registered", "corrected", "changed", "withdrawn")},
    **{
        f"organisation.{form}": ("organisation", "organisation", "name")
        for form in ("registered", "corrected", "changed", "withdrawn")
    },
    "initiative.registered": ("initiative", "initiative", "title"),
    **{
        f"indicator.{form}": ("indicator", "code", "nameNl")
        for form in ("registered", "corrected", "changed", "withdrawn")
    },
    "budget-line.adopted": ("budget-line", "line", "action"),
}
_REASONS = {
    "initiative.phase-changed": "phase-reached",
    "lesson.drawn": "lesson-drawn",
    "dialogue.held": "dialogue-held",
    "budget-finding.published": "budget-finding",
    "aggregate.moved": "indicator-moved",
    "edition.published": "edition-published",
    "goal.judged": "goal-judged",
}
_DIRECTORIES = {
    "initiatives": ("area", "organisation"),
    "community": ("area", "organisation", "initiative"),
    "finance": ("organisation", "initiative"),
}
_FIGURES_TOLD = "monitor figures told"
_TRIGGERS = UUID("6f0e9a52-3c1b-5d47-9b8e-2d7c41a05f13")


def canonical(data: Mapping[str, Any]) -> str:
    """The same text for the same JSON."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False)


def _short(type_: str) -> str:
    return type_.removeprefix("nl.veerkracht.").removesuffix(".v1")


def _values(data: Mapping[str, Any], names: str) -> tuple[str, ...]:
    found: list[str] = []
    for name in names.split():
        value = data[name]
        found += value if isinstance(value, list) else [value] if value is not None else []
    return tuple(found)


@dataclass
class ReadTables:
    """What the outboxes say, each event once, in the order of each outbox."""

    events: list[Event]
    held: dict[str, Held] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    neighbourhood: dict[str, str] = field(default_factory=dict)
    event: dict[str, str] = field(default_factory=dict)
    parent: dict[str, str | None] = field(default_factory=dict)
    moved: dict[str, list[tuple[int, str | None]]] = field(default_factory=dict)
    level: dict[str, str] = field(default_factory=dict)
    keys: list[Key] = field(default_factory=list)
    theme: dict[str, str] = field(default_factory=dict)
    #: The measure and unit of each indicator.
    quantity: dict[str, tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for event in self.events:
            data = event.data
            match _short(event.type):
                case "dialogue.findings-recorded":
                    findings = [(f["topic"], f["scores"]) for f in data["findings"]]
                    self.held[data["dialogue"]] = (data["municipality"], data["heldOn"], findings)
                    self.event[data["dialogue"]] = event.cause or event.id
                    if data.get("neighbourhood"):
                        self.neighbourhood[data["dialogue"]] = data["neighbourhood"]
                case "dialogue.findings-withdrawn":
                    self.withdrawn.add(data["dialogue"])
                case "area.registered" | "area.corrected" | "area.changed":
                    self._lies(data, data.get("from"))
                case "area.withdrawn":
                    del self.level[data["code"]]
                case "indicator.registered" | "indicator.corrected" | "indicator.changed":
                    self.theme[data["code"]] = data["theme"]
                    self.quantity[data["code"]] = data.get("measure", "mean"), data.get("unit", "")
                case "learning-key.published":
                    self.keys.append(key_of(data))
                case "learning-key.corrected" | "learning-key.withdrawn" as form:
                    self.keys = [key for key in self.keys if key[0] != data["learningKey"]]
                    if form == "learning-key.corrected":
                        self.keys.append(key_of({**data, "version": data["learningKey"]}))
        for dialogue, neighbourhood in self.neighbourhood.items():
            municipality, day, findings = self.held[dialogue]
            around = areas_around(neighbourhood, int(day[:4]), self.parent, self.moved)
            if self.level.get(neighbourhood) == "neighbourhood" and municipality in islice(around, 1, 2):
                self.held[dialogue] = (neighbourhood, day, findings)

    def _lies(self, area: Mapping[str, Any], since: str | None) -> None:
        code, above = area["code"], area["parent"]
        moves = self.moved.setdefault(code, [])
        if since and above != self.parent[code] and int(since[:4]) not in dict(moves):
            moves.append((int(since[:4]), self.parent[code]))
        self.parent[code], self.level[code] = above, area["level"]

    @property
    def map(self) -> Map:
        """How findings count, as the monitor published it."""
        return Map(self.parent, self.keys, self.theme, self.moved)

    def cells(self) -> Cells:
        """The figures: a withdrawn dialogue counts not at all."""
        return fold(self.standing.values(), self.map)

    @property
    def standing(self) -> dict[str, Held]:
        """The dialogues that count."""
        return {dialogue: held for dialogue, held in self.held.items() if dialogue not in self.withdrawn}

    def tables(self, oin: str) -> Tables:
        """Every read table of every service, as it must be. `oin` is in the source of public events."""
        return {
            **self._monitor(),
            **self._community(),
            **self._feeds(oin),
            **{f"{service}.directory": self._directory(kinds) for service, kinds in _DIRECTORIES.items()},
        }

    def contributions(self) -> Table:
        """What each finding counts for: its scores, indicator, theme, area and month."""
        contributions: Table = {}
        for dialogue, (place, held_on, findings) in self.standing.items():
            for number, (topic, scores) in enumerate(findings):
                indicator = self.map.indicator(topic, held_on)
                if indicator is not None:
                    contributions[dialogue, number] = (*scores, indicator, self.theme[indicator], place, held_on[:7])
        return contributions

    def _monitor(self) -> Tables:
        return {
            "monitor.aggregate": {cell: tuple(values) for cell, values in self.cells().items()},
            "monitor.contribution": self.contributions(),
            "monitor.dialogue": {
                (dialogue,): self._dialogue(dialogue) for dialogue in self.held.keys() | self.withdrawn
            },
            _FIGURES_TOLD: self._followed(),
            "monitor goals told": goals_told(self._judged())[0],
            **spending_tables((_short(event.type), event.data) for event in self.events),
        }

    def _judged(self) -> list[Mapping[str, Any]]:
        return [event.data for event in self.events if _short(event.type) == "goal.judged"]

    def goals_told(self, now: Mapping[str, str]) -> Table:
        """What was told of goals, and the verdict that each has `now`."""
        judged = self._judged()
        return {**goals_told(judged)[1], **{(goal, "now"): (now[goal],) for goal in {data["goal"] for data in judged}}}

    def _dialogue(self, dialogue: str) -> tuple[object, ...]:
        """Where and when, by which event, and what was said: forgotten when it is withdrawn."""
        withdrawn = dialogue in self.withdrawn
        if dialogue not in self.held:
            return None, withdrawn, None, None, None
        place, held_on, findings = self.held[dialogue]
        said = json.dumps([{"topic": topic, "scores": scores} for topic, scores in findings])
        return held_on, withdrawn, place, self.event[dialogue], None if withdrawn else said

    def _followed(self) -> Table:
        """Each published figure must go on from the one before. What it must be now, the packets say."""
        last: dict[str, tuple[object, object]] = {}
        wanted: Table = {}
        for event in self.moves():
            figure = event.data["aggregate"]
            wanted[figure, event.data["version"]] = last.get(figure, (None, None))
            last[figure] = (event.data["n"], event.data["mean"])
        return wanted

    def moves(self) -> list[Event]:
        """The figures that were published, each figure's in the order of its versions."""
        moves = [event for event in self.events if _short(event.type) == "aggregate.moved"]
        return sorted(moves, key=lambda event: int(event.data["version"]))

    def told(self) -> Table:
        """What was published: each figure with the one it says it followed."""
        found: Table = {}
        for event in self.moves():
            figure = event.data["aggregate"]
            found[figure, event.data["version"]] = (event.data["previousN"], event.data["previousMean"])
        return found

    def broken(self) -> Difference:
        """Figures told that do not go on from the one before."""
        return compare({_FIGURES_TOLD: self._followed()}, {_FIGURES_TOLD: self.told()})

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
            if type_ not in _NEWS or (type_ == "aggregate.moved" and not _is_news(data)):
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
                rows[level, data[id_]] = (data[name], *rest, _short(event.type).endswith(".withdrawn"))
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


def _is_news(data: Mapping[str, Any]) -> bool:
    """Figures of dialogues by the month are told to people, from the municipality up."""
    month = len(data["period"]) == 7 and "Q" not in data["period"]
    source = data.get("source", "dialogue")
    return bool(not data["suppressed"] and month and source == "dialogue" and data["level"] != "neighbourhood")


def _shifted(data: Mapping[str, Any]) -> bool:
    if data["of"] != "indicator" or data["level"] == "province" or None in (data["mean"], data["previousMean"]):
        return False
    shift: float = round(abs(data["mean"] - data["previousMean"]), 3)
    return shift >= 0.5
