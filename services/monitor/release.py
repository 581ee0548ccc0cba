"""Which of the units that wait become packets: the decision behind everything public. See deploy/decisions/0010.

It looks at how many people are behind a unit, where and when: never at what they said.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.contracts.vocabulary import AreaLevel

from .cells import Areas
from .periods import around
from .tally import NOTHING, Tally

_YEAR, _QUARTER, _MONTH = 1, 2, 3
#: Where packets are sought after a unit's own place, fine to coarse: a level of area, and how short a period.
_STEPS = (
    (AreaLevel.NEIGHBOURHOOD, _MONTH),
    (AreaLevel.MUNICIPALITY, _MONTH),
    (AreaLevel.MUNICIPALITY, _QUARTER),
    (AreaLevel.MUNICIPALITY, _YEAR),
    (AreaLevel.REGION, _YEAR),
    (AreaLevel.PROVINCE, _YEAR),
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A unit that waits. Units of one `ref` are of the same people; `number` tells them apart.

    `areas` is its area and those above it, `period` a month, quarter or year, `respondents` at least 1.
    """

    ref: str
    number: int
    areas: Areas
    period: str
    respondents: int

    @property
    def key(self) -> tuple[str, int]:
        """Which unit."""
        return self.ref, self.number


@dataclass(frozen=True, slots=True)
class Packet:
    """Units to publish as one, in this area and period."""

    area: str
    period: str
    units: tuple[Waiting, ...]
    respondents: int


def form(waiting: Iterable[Waiting], threshold: int) -> list[Packet]:
    """The packets of the units of one indicator, kind of source and year, none of which was ever in a packet.

    A unit with enough respondents is a packet by itself. The others gather in their own place, then in ever wider
    ones; as soon as those in a place have enough respondents together, in the order given, they are a packet there.
    In what is left no place has enough. A packet is in the smallest of these places that holds it.
    """
    packets: list[Packet] = []
    left: list[Waiting] = []
    for unit in waiting:
        if unit.respondents >= threshold:
            packets.append(Packet(unit.areas[0][1], unit.period, (unit,), unit.respondents))
        else:
            left.append(unit)
    for step in (None, *_STEPS):
        gathering: dict[tuple[str, str], list[Waiting]] = {}
        gone: set[tuple[str, int]] = set()
        for unit in left:
            place = _place(unit, step)
            if place is None:
                continue
            together = gathering.setdefault(place, [])
            together.append(unit)
            if (respondents := people(together)) >= threshold:
                packets.append(Packet(*place, tuple(gathering.pop(place)), respondents))
                gone.update(each.key for each in together)
        left = [unit for unit in left if unit.key not in gone]
    return packets


def people(units: Iterable[Waiting]) -> int:
    """How many people are behind units, each once: two topics of one dialogue may count for one indicator."""
    most: dict[str, int] = {}
    for unit in units:
        most[unit.ref] = max(unit.respondents, most.get(unit.ref, 0))
    return sum(most.values())


def together(tallies: Sequence[Tally], respondents: int) -> Tally:
    """The sums of a packet's units. What is not known of all of them is left out: it would be a sum over fewer."""
    total = sum(tallies, NOTHING)
    values = all(tally.n for tally in tallies)
    spread = values and all(tally.spread_n == tally.n for tally in tallies)
    fraction = all(tally.denominator for tally in tallies)
    return Tally(
        respondents=respondents,
        n=total.n if values else 0,
        total=total.total if values else 0,
        squares=total.squares if spread else 0,
        spread_n=total.spread_n if spread else 0,
        numerator=total.numerator if fraction else 0,
        denominator=total.denominator if fraction else 0,
        histogram=total.histogram if all(sum(t.histogram) == t.respondents for t in tallies) else (),
    )


def may_gather(tally: Tally) -> bool:
    """Whether a unit may be in a packet with others: not when how many they are is what it says. Of a small count even
    the bounds that a sum gives would tell."""
    return tally.respondents > 0 and bool(tally.n or tally.denominator or tally.histogram)


def _place(unit: Waiting, step: tuple[AreaLevel, int] | None) -> tuple[str, str] | None:
    """The area and period of a step that hold a unit, None when its own are wider."""
    if step is None:
        return unit.areas[0][1], unit.period
    level, length = step
    periods = around(unit.period)
    area = next((code for each, code in unit.areas if each is level), None)
    return None if area is None or length > len(periods) else (area, periods[-length])
