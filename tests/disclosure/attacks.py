"""Every attack: a function of what can be read and what nobody may learn, which says what it learnt."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from . import alike, dictionaries, equations
from .answers import Surface, plain
from .knowledge import Knowledge, Line, Said, Spot, Whole
from .planting import Planted
from .sums import Value, classes, number

#: Shown to three decimals, so two that say the same may differ by so much.
_ROUNDED = Decimal("0.0011")
_WRITTEN = {"mean": Decimal("0.0501"), "share": Decimal("0.00101")}
_OF_A_DIALOGUE = ("participants", "actions", "actionCount", "findings", "groups")
_PEOPLE = re.compile(r"(?<!minder dan )\b\d+ deelnemers?|deelnemers\s+\d+|\d+ acties?", re.IGNORECASE)
#: What each answer has of its own.
_PASSING = re.compile(r'[0-9a-f]{32}|"instance":"[^"]*"')


@dataclass(frozen=True)
class Evidence:
    """What an attack has."""

    surfaces: Sequence[Surface]
    planted: Planted

    @cached_property
    def knowledge(self) -> Knowledge:
        """What follows from reading it all."""
        return Knowledge(self.surfaces)


def planted_values(evidence: Evidence) -> Iterator[str]:
    """A value that only a small group has: a text, its answers, a sum, its exact mean where it is told of."""
    planted = evidence.planted
    for surface in evidence.surfaces:
        for text, whose in planted.texts.items():
            if text in surface.text:
                yield f"{surface.name}: {whose}"
        yield from (f"{surface.name}: {planted.numbers[one]}" for one in surface.numbers & planted.numbers.keys())
        yield from (f"{surface.name}: {planted.lists[one]}, {one}" for one in surface.lists & planted.lists.keys())
        for spot, mean in planted.means.items():
            if spot[0] in surface.name and spot[2] in surface.name and plain(str(mean)) in surface.numbers:
                yield f"{surface.name}: the exact mean {mean}"
    for said in evidence.knowledge.said:
        if said.spot.kind == "indicator" and number(said.values, "mean") == planted.means.get(said.spot[1:], -1):
            yield f"{said.where}: the exact mean of {said.spot}"


def silent_figures(evidence: Evidence) -> Iterator[str]:
    """Anything about a figure of too few."""
    silent, knowledge = evidence.planted.silent, evidence.knowledge
    for where, spot, values in knowledge.figures():
        if spot.kind == "indicator" and spot[1:] in silent and values:
            yield f"{where}: {silent[spot[1:]]}"
    for surface in evidence.surfaces:
        for one in surface.objects:
            by, measured = one.get("measuredBy"), one.get("measured")
            if isinstance(by, dict) and isinstance(measured, dict) and measured.get("value") is not None:
                which = tuple(str(by.get(name)) for name in ("indicator", "source", "area", "period"))
                if len(which) == 4 and which in silent:
                    yield f"{surface.name}: a goal is measured by {which}, {measured['value']}"


def small_dialogues(evidence: Evidence) -> Iterator[str]:
    """More of a dialogue of too few than that it was held: in its members, in a sentence about it, on its page."""
    small = evidence.planted.dialogues
    for surface in evidence.surfaces:
        for one in surface.objects:
            for name in {
                str(one.get(key)).removeprefix("dialogue/") for key in ("dialogue", "id", "about")
            } & small.keys():
                told = [(member, one[member]) for member in _OF_A_DIALOGUE if one.get(member)]
                told += [("text", found) for found in _PEOPLE.findall(str(one.get("text")))]
                yield from (f"{surface.name}: {member} of {small[name]}, {value}" for member, value in told)
        words = surface.page.words if surface.page else ""
        for name in small.keys() & set(surface.name.split("/")):
            yield from (f"{surface.name}: {found} of {small[name]}" for found in _PEOPLE.findall(words))


def agreement(evidence: Evidence) -> Iterator[str]:
    """Two surfaces that show a figure of the same moment show different values, or another than its lines come to."""
    knowledge = evidence.knowledge
    moments: dict[Spot, list[int]] = defaultdict(list)
    shown: dict[tuple[Spot, int], dict[str, tuple[Value, str]]] = defaultdict(dict)
    for spot in {said.spot for said in knowledge.said}:
        moments[spot] = sorted({line.publication for line in knowledge.lines_of(spot)})
    for said in knowledge.said:
        epoch = max((moment for moment in moments[said.spot] if moment <= said.publication), default=0)
        # Without lines nobody can tell whether it moved between.
        at = shown[said.spot, epoch if moments[said.spot] else -said.publication]
        for name, value in said.values.items():
            other, where = at.setdefault(name, (value, said.where))
            if not _same(name, value, other):
                yield f"{said.spot} at {said.publication}: {name} is {value} in {said.where}, {other} in {where}"
    for page in knowledge.written:
        epoch = moments[page.spot][-1] if moments[page.spot] else -page.publication
        for name, value in page.values.items():
            if isinstance(value, tuple):
                continue
            other, where = shown[page.spot, epoch].get(name, (value, ""))
            # A page has a decimal of a mean, and one of a percentage.
            if isinstance(other, Decimal) and abs(value - other) > _WRITTEN.get(name, 0):
                yield f"{page.spot}: {name} is {value} in {page.where}, {other} in {where}"
    lines: dict[tuple[str, int], tuple[Mapping[str, Value], str]] = {}
    for line in knowledge.lines:
        if line.id:
            values, where = lines.setdefault((line.id, line.sign), (line.values, line.where))
            for name in line.values.keys() & values.keys():
                if not _same(name, line.values[name], values[name]):
                    yield f"line {line.id}: {name} differs between {line.where} and {where}"
    for said in knowledge.said:
        yield from _against_lines(said, knowledge.standing(said.spot, said.publication))
    for whole in knowledge.wholes:
        inside = [line for spot in whole.spots for line in knowledge.standing(spot, knowledge.newest)]
        yield from _against_lines(whole, inside)


def confirmation(evidence: Evidence) -> Iterator[str]:
    """A question that is answered otherwise when it has the secret in it."""
    for probe in evidence.planted.probes:
        right, wrong = _essence(probe.right), _essence(probe.wrong)
        for word, other in probe.same.items():
            right, wrong = right.replace(word, "?"), wrong.replace(other, "?")
        if (probe.right.status, right) != (probe.wrong.status, wrong):
            yield f"{probe.name}: {probe.right.status} {right[:80]} or {probe.wrong.status} {wrong[:80]}"


def operations(evidence: Evidence) -> Iterator[str]:
    """What an operator counts, where anyone can read it: it moves with everything that waits."""
    for surface in evidence.surfaces:
        if surface.status == 200 and re.search(r"^# (HELP|TYPE) ", surface.text, re.MULTILINE):
            yield f"{surface.name}: counts {len(re.findall('^# HELP', surface.text, re.MULTILINE))} things"


#: By name.
ATTACKS: Mapping[str, Callable[[Evidence], Iterator[str]]] = {
    "planted values": planted_values,
    "silent figures": silent_figures,
    "small dialogues": small_dialogues,
    "few people": lambda evidence: equations.few_people(evidence.knowledge),
    "solutions": lambda evidence: equations.solutions(evidence.knowledge),
    "alike": lambda evidence: alike.alike(evidence.knowledge),
    "exact means": lambda evidence: equations.exact_means(evidence.knowledge),
    "versions": lambda evidence: equations.versions(evidence.knowledge),
    "differences": lambda evidence: equations.differences(evidence.knowledge),
    "residuals": lambda evidence: equations.residuals(evidence.knowledge),
    "digests": lambda evidence: dictionaries.digests(evidence.surfaces, evidence.planted),
    "counts of rows": lambda evidence: dictionaries.counts_of_rows(
        evidence.surfaces, evidence.planted, evidence.knowledge
    ),
    "gaps": lambda evidence: dictionaries.gaps(evidence.surfaces, evidence.knowledge),
    "agreement": agreement,
    "confirmation": confirmation,
    "operations": operations,
}


def _against_lines(said: Said | Whole, lines: Sequence[Line]) -> Iterator[str]:
    """Whether a figure is the sum of its lines, in every value that it and all of them have."""
    what = f"{said.where}: {said.spot if isinstance(said, Said) else said.spots}"
    for name in ("respondents", "n", "total", "numerator", "denominator"):
        value, sum_ = number(said.values, name), _sum(lines, name)
        if value is not None and sum_ is not None and value != sum_:
            yield f"{what}: {name} is {value}, its lines come to {sum_}"
    for name, above, below, scale in (("mean", "total", "n", 10**6), ("share", "numerator", "denominator", 1)):
        value, whole, size = number(said.values, name), _sum(lines, above), _sum(lines, below)
        if value is not None and size and whole is not None and abs(whole / size / scale - value) > _ROUNDED / 2:
            yield f"{what}: {name} is {value}, its lines come to {whole / size / scale:.4f}"
    histogram, bars = classes(said.values), [classes(line.values) for line in lines]
    if histogram and bars and all(len(one) == len(histogram) for one in bars):
        added = tuple(
            sum(line.sign * one[i] for line, one in zip(lines, bars, strict=True)) for i in range(len(histogram))
        )
        if added != histogram:
            yield f"{what}: classes are {histogram}, its lines come to {added}"


def _sum(lines: Sequence[Line], name: str) -> Decimal | None:
    """What lines come to, when there are any and all say it."""
    parts = [number(line.values, name) for line in lines]
    known = [part for part in parts if part is not None]
    return (
        sum((line.sign * part for line, part in zip(lines, known, strict=True)), Decimal(0))
        if parts and known == parts
        else None
    )


def _same(name: str, value: Value, other: Value) -> bool:
    if isinstance(value, Decimal) and isinstance(other, Decimal):
        return abs(value - other) < (_ROUNDED if name in ("mean", "share", "deviation", "low", "high") else 1)
    return value == other


def _essence(surface: Surface) -> str:
    return _PASSING.sub("", surface.content.decode("utf-8", "replace"))
