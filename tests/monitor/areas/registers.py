"""Registers that come of accepted commands only, whatever was asked."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial
from random import Random

from hypothesis import strategies as st

from services.monitor.areas import revision
from services.monitor.areas.domain import Area, AreaChange, KnownAreas
from services.monitor.areas.revision import AreaFacts
from services.monitor.areas.rules import check_area, check_change
from shared.contracts import Contract
from shared.contracts.monitor import AreaRegistered, AreasReorganised
from shared.contracts.vocabulary import AreaChangeKind, AreaLevel, RevisionReason
from shared.refusals import Refused
from shared.revisions import Grounds, Said

#: The bounds of days of facts, days that touch, and days within a period.
DAYS = [
    date(1900, 1, 1),
    date(1900, 1, 2),
    date(2016, 1, 1),
    date(2016, 12, 31),
    date(2017, 1, 1),
    date(2017, 7, 15),
    date(2018, 1, 1),
    date(2199, 12, 31),
]
_NEW_YEARS = [date(2017, 1, 1), date(2018, 1, 1), date(2019, 1, 1)]
_CODES = [f"m{number}" for number in range(8)]
_PLACES = [*_CODES, "w1", "r1", "r2", "p1", "niets"]
_LEVELS = {"m": AreaLevel.MUNICIPALITY, "w": AreaLevel.NEIGHBOURHOOD, "r": AreaLevel.REGION, "p": AreaLevel.PROVINCE}
_PARENTS: dict[str, list[str]] = {"m": ["r1", "r2"], "w": _CODES, "r": ["p1"]}

days = st.sampled_from(DAYS)


def accepted(check: Callable[[], None]) -> bool:
    """Whether a command is taken."""
    try:
        check()
    except Refused:
        return False
    return True


def area(
    code: str, since: date = DAYS[0], until: date | None = None, parent: str | None = "r1", level: str = "municipality"
) -> Area:
    return Area(code, code.upper(), AreaLevel(level), parent, since, until)


def known(areas: Iterable[Area], changes: Iterable[AreaChange] = ()) -> KnownAreas:
    """What is known of areas, in a province with two regions."""
    above = (area("p1", parent=None, level="province"), *(area(r, parent="p1", level="region") for r in ("r1", "r2")))
    return KnownAreas({one.code: one for one in (*above, *areas)}, {f"c{n}": line for n, line in enumerate(changes)})


def _area(dice: Random, code: str) -> Area:
    until = dice.choice((None, dice.choice(DAYS)))
    return area(code, dice.choice(DAYS), until, dice.choice(_PARENTS[code[0]]), _LEVELS[code[0]])


def _change(dice: Random, areas: Iterable[Area]) -> AreaChange:
    """Mostly of what ends on a day and what is there then; sometimes of anything."""
    towns = [one for one in areas if one.level is AreaLevel.MUNICIPALITY]
    kind = dice.choice([*AreaChangeKind])
    if not dice.randrange(10) or not (ends := [one.valid_until for one in towns if one.valid_until]):
        return AreaChange(dice.choice(DAYS), kind, _some(dice, _PLACES, 4), _some(dice, _PLACES, 4))
    on = dice.choice(ends)
    ending = [one.code for one in towns if one.valid_until == on]
    there = [one.code for one in towns if one.exists(on)] or ["m0"]
    old, new = (len(ending), 1) if kind is AreaChangeKind.MERGER else (1, len(there))
    return AreaChange(on, kind, _some(dice, ending, old), _some(dice, there, new))


def _some(dice: Random, codes: Sequence[str], most: int) -> tuple[str, ...]:
    return tuple(dice.sample(codes, dice.randint(1, most)))


@dataclass
class _Register:
    """What is known, and what was said of each thing."""

    known: KnownAreas = field(default_factory=lambda: known([]))
    said: dict[str, list[Said]] = field(default_factory=dict)

    def register(self, id_: str, event: Contract, taken: KnownAreas) -> None:
        self.known, self.said[id_] = taken, [Said(f"{id_}-1", event, _NOW)]

    def revise(self, id_: str, event: Contract, taken: KnownAreas) -> None:
        self.known = taken
        self.said[id_].append(Said(f"{id_}-{len(self.said[id_]) + 1}", event, _NOW))

    def grounds(self, id_: str) -> Grounds:
        return Grounds(self.said[id_][-1].version, RevisionReason.MISTAKE)


_NOW = datetime(2026, 11, 24, tzinfo=UTC)


def _register_area(found: _Register, asked: Area) -> None:
    if asked.code in found.known.areas:
        return
    check_area(asked, found.known)
    event = AreaRegistered(
        code=asked.code,
        name=asked.name,
        level=asked.level,
        parent=asked.parent,
        valid_from=asked.valid_from,
        valid_until=asked.valid_until,
    )
    found.register(asked.code, event, found.known.with_area(asked))


def _line_of(id_: str, line: AreaChange) -> AreasReorganised:
    return AreasReorganised(
        change=id_, on=line.on, change_kind=line.kind, predecessors=line.predecessors, successors=line.successors
    )


def _register_change(found: _Register, id_: str, line: AreaChange) -> None:
    check_change(line, found.known)
    found.register(id_, _line_of(id_, line), found.known.with_change(id_, line))


def _revise_area(found: _Register, asked: Area, since: date | None) -> None:
    """Corrected, or changed from a day on."""
    facts = AreaFacts(asked.code, asked.name, asked.parent, asked.valid_from, asked.valid_until)
    said, grounds = found.said[asked.code], found.grounds(asked.code)
    if since is None:
        revised = revision.correct_area(said, found.known, facts, grounds)
    else:
        revised = revision.change_area(said, found.known, facts, since, grounds, date(2199, 12, 31))
    if revised is not None:
        found.revise(asked.code, revised.event, found.known.with_area(revised.area))


def _withdraw_area(found: _Register, code: str) -> None:
    event = revision.withdraw_area(found.said[code], found.known, found.grounds(code), None)
    if event is not None:
        areas = {one: area for one, area in found.known.areas.items() if one != code}
        found.revise(code, event, KnownAreas(areas, found.known.changes))


def _revise_change(found: _Register, id_: str, line: AreaChange) -> None:
    event = revision.correct_change(found.said[id_], found.known, _line_of(id_, line), found.grounds(id_))
    if event is not None:
        found.revise(id_, event, found.known.with_change(id_, line))


def _withdraw_change(found: _Register, id_: str) -> None:
    event = revision.withdraw_change(found.said[id_], found.known, found.grounds(id_))
    if event is not None:
        changes = {one: line for one, line in found.known.changes.items() if one != id_}
        found.revise(id_, event, KnownAreas(found.known.areas, changes))


def _registers(seed: int) -> KnownAreas:
    dice, found = Random(seed), _Register()
    for code in (*_CODES, "w1", "r3"):
        accepted(partial(_register_area, found, _area(dice, code)))
    for number in range(dice.randrange(9)):
        accepted(partial(_register_change, found, f"c{number}", _change(dice, found.known.areas.values())))
    for _ in range(dice.randrange(20) if found.said else 0):
        id_ = dice.choice(sorted(found.said))
        if id_.startswith("c"):
            line = _change(dice, found.known.areas.values())
            withdrawn = partial(_withdraw_change, found, id_)
            accepted(dice.choice([withdrawn, partial(_revise_change, found, id_, line)]))
        elif dice.randrange(5):
            there, asked = found.known.areas.get(id_), _area(dice, id_)
            if there is not None and dice.randrange(4):  # of one thing only
                part = dice.choice(["parent", "parent", "valid_until", "valid_from"])
                asked = replace(there, **{part: getattr(asked, part)})
            accepted(partial(_revise_area, found, asked, dice.choice((None, *DAYS, *_NEW_YEARS))))
        else:
            accepted(partial(_withdraw_area, found, id_))
    return found.known


#: What is there after commands of which only those were taken that were accepted.
registers = st.integers(0, 2**32).map(_registers)
