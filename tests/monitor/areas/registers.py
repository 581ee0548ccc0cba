"""Registers that come of accepted commands only, whatever was asked."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial

from hypothesis import strategies as st

from services.monitor.areas.domain import Area, AreaChange, KnownAreas, check_area, check_change
from shared.contracts.vocabulary import AreaChangeKind, AreaLevel
from shared.refusals import Refused

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
_CODES = [f"m{number}" for number in range(8)]
_PLACES = [*_CODES, "w1", "r1", "r2", "p1", "niets"]
_LEVELS = {"m": AreaLevel.MUNICIPALITY, "w": AreaLevel.NEIGHBOURHOOD, "r": AreaLevel.REGION, "p": AreaLevel.PROVINCE}
_PARENTS: dict[str, list[str] | list[None]] = {"m": ["r1", "r2"], "w": _CODES, "r": ["p1"], "p": [None]}

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


@st.composite
def _area(draw: st.DrawFn, code: str) -> Area:
    parent: str | None = draw(st.sampled_from(_PARENTS[code[0]]))
    return area(code, draw(days), draw(st.none() | days), parent, _LEVELS[code[0]])


@st.composite
def _change(draw: st.DrawFn, areas: Iterable[Area]) -> AreaChange:
    """Mostly of what ends on a day and what is there then; sometimes of anything."""
    towns = [one for one in areas if one.level is AreaLevel.MUNICIPALITY]
    kind = draw(st.sampled_from(AreaChangeKind))
    if not draw(st.integers(0, 9)) or not (ends := [one.valid_until for one in towns if one.valid_until]):
        anything = st.lists(st.sampled_from(_PLACES), min_size=1, max_size=4).map(tuple)
        return AreaChange(draw(days), kind, draw(anything), draw(anything))
    on = draw(st.sampled_from(ends))
    ending = draw(st.permutations([one.code for one in towns if one.valid_until == on]))
    there = draw(st.permutations([one.code for one in towns if one.exists(on)] or ["m0"]))
    old, new = (len(ending), 1) if kind is AreaChangeKind.MERGER else (1, len(there))
    return AreaChange(
        on,
        kind,
        tuple(ending[: draw(st.integers(1, old))]),
        tuple(there[: draw(st.integers(min(2, new), new))]),
    )


@st.composite
def registers(draw: st.DrawFn) -> KnownAreas:
    """What is there after commands of which only those were taken that were accepted."""
    found = known([])
    for code in (*_CODES, "w1", "r3"):
        asked = draw(_area(code))
        if accepted(partial(check_area, asked, found)):
            found = KnownAreas({**found.areas, code: asked}, found.changes)
    for number in range(draw(st.integers(0, 8))):
        line = draw(_change([*found.areas.values()]))
        if accepted(partial(check_change, line, found)):
            found = KnownAreas(found.areas, {**found.changes, f"c{number}": line})
    return found
