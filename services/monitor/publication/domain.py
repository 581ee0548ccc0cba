"""What becomes public of what waits: the decision behind everything public. See docs/decisions/0010 and 0023.

It looks at how many people are behind a unit, where and when; at what they said only where a share
or count must not be of a few.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from shared.contracts.vocabulary import AreaLevel, SourceKind

from ..figure.cells import Ancestry, AreaChain, PublicCell, PublicLine
from ..figure.periods import around, year_of
from ..figure.public import PublicTally, publishable
from ..figure.quantity import Quantity
from ..figure.tally import NOTHING, Tally

#: Which unit: its ref and number.
Key = tuple[str, int]

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
class Unit:
    """What may be published, one by one too small.

    `ref` is what comes and goes together and is of the same people: `dialogue/<id>`, or of an observation its
    indicator, source, area and period. `number` tells the units of a ref apart and always means the same one: a
    finding's place in its dialogue. `event` is the id of the event that brought it.
    """

    ref: str
    number: int
    indicator: str
    source: SourceKind
    area: str
    period: str
    tally: Tally
    event: str

    @property
    def key(self) -> Key:
        """Which unit."""
        return self.ref, self.number

    @property
    def pool(self) -> tuple[str, str, str]:
        """With which others it may be in a packet: those of its indicator, kind of source and year."""
        return self.indicator, self.source.value, self.period[:4]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The fewest respondents that may be published, per kind of source."""

    default: int
    kinds: Mapping[SourceKind, int] = field(default_factory=dict)

    def of(self, source: SourceKind) -> int:
        """For this kind of source."""
        return self.kinds.get(source, self.default)


@dataclass(frozen=True, slots=True)
class Packet:
    """Units that are public as one, and the line that they are."""

    line: PublicLine
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class StoredUnit:
    """A unit that is there, and in which packet: None while it waits."""

    unit: Unit
    packet: int | None


@dataclass(frozen=True, slots=True)
class StandingPacket:
    """A packet that is public, and of how many units."""

    line: PublicLine
    units: int


@dataclass(frozen=True, slots=True)
class FigureMove:
    """A public cell before and after; `version` counts its moves from 1."""

    cell: PublicCell
    quantity: Quantity
    before: PublicTally
    after: PublicTally
    version: int


@dataclass(frozen=True, slots=True)
class Publication:
    """What a publication did. Cells that stayed as they were are not in it."""

    number: int
    moved: list[FigureMove]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do: which units to forget, and to keep without what they say; which to put; what to publish.

    A unit in `packets` that is not in `put` waited. Packets in `dissolved` are no longer public, for these refs.
    """

    forgotten: list[Key]
    emptied: list[Key]
    put: list[Unit]
    packets: list[Packet]
    dissolved: dict[int, list[str]]


def plan(
    added: Iterable[Unit],
    removed: Iterable[str],
    known: Mapping[Key, StoredUnit],
    standing: Mapping[int, StandingPacket],
    waiting: Iterable[Unit],
    ancestry: Ancestry,
    quantities: Mapping[str, Quantity],
    thresholds: Thresholds,
) -> Plan:
    """Decide what units that come and refs that go make public.

    `known` are the units there are of their refs, `standing` the packets of those, `waiting` all that waits in the
    pools of `added`; `ancestry` has the areas and `quantities` the indicators of all of them, else KeyError.

    A unit is in one packet, once. When one is removed its packet is dissolved, and the others stay behind in it. A unit
    that is there already changes nothing, unless its ref is removed too: then it is replaced. One that was public
    before stays public only when its whole packet comes back, as it was, under one indicator.
    """
    coming = {unit.key: unit for unit in added if may_gather(unit.tally)}
    refs = set(removed)
    ending = {
        key: was
        for key, was in known.items()
        if was.unit.ref in refs and not (key in coming and _said(coming[key]) == _said(was.unit))
    }
    dissolved: dict[int, list[str]] = {}
    for (ref, _), was in sorted(ending.items()):
        if was.packet is not None and was.packet in standing:
            dissolved.setdefault(was.packet, []).append(ref)
    moving = _moving(coming, ending, standing)
    moved = {unit.key for packet in moving for unit in packet.units}
    emptied = [key for key, was in ending.items() if was.packet is not None and key not in moved]
    stuck = {*(key for key in known if key not in ending), *emptied}
    fresh = [unit for key, unit in coming.items() if key not in stuck and key not in moved]
    gathering = {unit.key: unit for unit in waiting if unit.key not in ending} | {unit.key: unit for unit in fresh}
    return Plan(
        forgotten=[key for key, was in ending.items() if was.packet is None or key in moved],
        emptied=emptied,
        put=[*(unit for packet in moving for unit in packet.units), *fresh],
        packets=[*moving, *_form_each(gathering.values(), ancestry, quantities, thresholds)],
        dissolved=dissolved,
    )


def form(waiting: Iterable[Unit], ancestry: Ancestry, quantity: Quantity, threshold: int) -> list[Packet]:
    """The packets of the units of one indicator, kind of source and year, none of which was ever in a packet.

    A unit that may be public by itself is a packet. The others gather in their own place, then in ever wider ones; as
    soon as those in a place may be public together, in the order given, they are a packet there. What is left may be in
    no place. A packet is in the smallest of these places that holds it.
    """
    packets: list[Packet] = []
    left: list[Unit] = []
    for unit in waiting:
        packet = _packet((unit.area, unit.period), [unit], quantity, threshold)
        if packet is not None:
            packets.append(packet)
        else:
            left.append(unit)
    for step in (None, *_STEPS):
        gathering: dict[tuple[str, str], list[Unit]] = {}
        gone: set[Key] = set()
        for unit in left:
            place = _place(unit, ancestry[unit.area, year_of(unit.period)], step)
            if place is None:
                continue
            here = gathering.setdefault(place, [])
            here.append(unit)
            packet = _packet(place, here, quantity, threshold)
            if packet is not None:
                packets.append(packet)
                gone.update(each.key for each in gathering.pop(place))
        left = [unit for unit in left if unit.key not in gone]
    return packets


def people(units: Iterable[Unit]) -> int:
    """How many people are behind units, each once: two topics of one dialogue may count for one indicator."""
    most: dict[str, int] = {}
    for unit in units:
        most[unit.ref] = max(unit.tally.respondents, most.get(unit.ref, 0))
    return sum(most.values())


def may_gather(tally: Tally) -> bool:
    """Whether a unit may be in a packet with others: not when how many they are is what it says. Of a small count even
    the bounds that a sum gives would tell."""
    return tally.respondents > 0 and bool(tally.n or tally.denominator or tally.histogram)


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
        histogram=total.histogram if all(sum(tally.histogram) == tally.respondents for tally in tallies) else (),
    )


def _moving(
    coming: Mapping[Key, Unit], ending: Mapping[Key, StoredUnit], standing: Mapping[int, StandingPacket]
) -> list[Packet]:
    """Packets of which all units come back as they were, under one indicator: public in the same company."""
    back: dict[int, list[Unit]] = defaultdict(list)
    for key, was in ending.items():
        unit = coming.get(key)
        if (
            unit is not None
            and was.packet is not None
            and was.packet in standing
            and _said(unit)[1:] == _said(was.unit)[1:]
        ):
            back[was.packet].append(unit)
    packets = []
    for id_, units in back.items():
        line, unit = standing[id_].line, units[0]
        if len(units) == standing[id_].units and len({unit.indicator for unit in units}) == 1:
            line = PublicLine(unit.indicator, unit.source, line.area, line.period, line.tally)
            packets.append(Packet(line, tuple(units)))
    return packets


def _said(unit: Unit) -> tuple[object, ...]:
    return unit.indicator, unit.source, unit.area, unit.period, unit.tally


def _form_each(
    units: Iterable[Unit], ancestry: Ancestry, quantities: Mapping[str, Quantity], thresholds: Thresholds
) -> Iterable[Packet]:
    pools: dict[tuple[str, str, str], list[Unit]] = defaultdict(list)
    for unit in units:
        pools[unit.pool].append(unit)
    for _, pool in sorted(pools.items()):
        first = pool[0]
        yield from form(pool, ancestry, quantities[first.indicator], thresholds.of(first.source))


def _packet(place: tuple[str, str], units: Sequence[Unit], quantity: Quantity, threshold: int) -> Packet | None:
    """These units as one, None when that may not be public."""
    respondents = people(units)
    if respondents < threshold:
        return None
    tally = publishable(together([unit.tally for unit in units], respondents), quantity, threshold)
    if tally is None:
        return None
    return Packet(PublicLine(units[0].indicator, units[0].source, *place, tally), tuple(units))


def _place(unit: Unit, areas: AreaChain, step: tuple[AreaLevel, int] | None) -> tuple[str, str] | None:
    """The area and period of a step that hold a unit, None when its own are wider."""
    if step is None:
        return unit.area, unit.period
    level, length = step
    periods = around(unit.period)
    area = next((code for each, code in areas if each is level), None)
    return None if area is None or length > len(periods) else (area, periods[-length])
