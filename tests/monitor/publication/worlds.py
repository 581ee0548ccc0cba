"""Small random histories of dialogues, and ways of publishing them: ours, and those that do not hold."""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from services.monitor.figure.cells import AreaChain, PublicCell, PublicLine, public_cells, roll_up
from services.monitor.figure.public import NOTHING_PUBLIC, PublicTally
from services.monitor.figure.quantity import SCORES
from services.monitor.figure.tally import Tally, of_scores
from services.monitor.publication.domain import Key, StandingPacket, StoredUnit, Thresholds, Unit, form, people, plan
from shared.contracts.vocabulary import AreaLevel, SourceKind, Theme

from ..figure.chains import Always
from .attacker import equations, follows, reduce

THEMES = {"verbondenheid": Theme.CONNECTION, "buurthulp": Theme.CONNECTION}
QUANTITIES = dict.fromkeys(THEMES, SCORES)
_PROVINCE = (AreaLevel.PROVINCE, "PV30")
_EAST, _WEST = (AreaLevel.REGION, "oost"), (AreaLevel.REGION, "west")
MUNICIPALITIES = {"GM1": _EAST, "GM2": _EAST, "GM3": _WEST}
CHAINS: dict[str, AreaChain] = {
    **{code: ((AreaLevel.MUNICIPALITY, code), region, _PROVINCE) for code, region in MUNICIPALITIES.items()},
    "WK1": ((AreaLevel.NEIGHBOURHOOD, "WK1"), (AreaLevel.MUNICIPALITY, "GM1"), _EAST, _PROVINCE),
    "oost": (_EAST, _PROVINCE),
    "west": (_WEST, _PROVINCE),
    "PV30": (_PROVINCE,),
}
ANCESTRY = Always(CHAINS)
MONTHS = ("2019-01", "2019-03", "2019-05")
#: Municipalities that merge: their figures are asked for as one.
MERGED = ("GM1", "GM3")

#: A set of units of which the sum is public, and what it is.
Seen = dict[frozenset[Key], int]


@dataclass(frozen=True, slots=True)
class Step:
    """What happens at once: units that come, refs that go."""

    added: tuple[Unit, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class History:
    """What happens, in order, and from how many people on figures may be public."""

    threshold: int
    steps: tuple[Step, ...]

    @property
    def units(self) -> dict[Key, Unit]:
        """Every unit there ever was."""
        return {unit.key: unit for step in self.steps for unit in step.added}


#: Shows the units whose sums are public after each step.
Publishing = Callable[[History], Iterator[Seen]]


def history(seed: int, steps: int = 12, moving: bool = True) -> History:
    """Dialogues come, some go again, and if `moving`, now and then a topic counts for another indicator from some month
    on."""
    rng = random.Random(seed)
    threshold = rng.randint(3, 6)
    there: dict[str, list[Unit]] = {}
    made = []
    for number in range(steps):
        chance = rng.random()
        if there and chance < 0.25:
            ref = rng.choice(list(there))
            del there[ref]
            made.append(Step((), (ref,)))
        elif there and moving and chance < 0.35:
            since = rng.choice(MONTHS)
            moved = {
                ref: [_elsewhere(unit) for unit in units] for ref, units in there.items() if units[0].period >= since
            }
            there |= moved
            made.append(Step(tuple(unit for units in moved.values() for unit in units), tuple(moved)))
        else:
            units = [
                unit
                for each in range(rng.choice((1, 1, 1, 2)))
                for unit in _dialogue(rng, f"d{number}-{each}", threshold)
            ]
            for unit in units:
                there.setdefault(unit.ref, []).append(unit)
            made.append(Step(tuple(units), ()))
    return History(threshold, tuple(made))


def _dialogue(rng: random.Random, ref: str, threshold: int) -> Iterator[Unit]:
    area, month = rng.choice([*MUNICIPALITIES, "WK1"]), rng.choice(MONTHS)
    size = rng.choice([*range(1, threshold), *range(1, threshold + 2)])
    for number, indicator in enumerate(list(THEMES)[: rng.choice((1, 1, 2))]):
        most = rng.randint(0, size)
        tally = of_scores((size - most, 0, 0, 0, most))
        yield Unit(ref, number, indicator, SourceKind.DIALOGUE, area, month, tally, ref)


def _elsewhere(unit: Unit) -> Unit:
    if unit.number:
        return unit
    return replace(unit, indicator="buurthulp" if unit.indicator == "verbondenheid" else "verbondenheid")


def answer(tally: Tally) -> int:
    """The number behind each public sum, as if it were told exactly: how many of them gave the best score."""
    return tally.histogram[4] if tally.histogram else 0


def packets(history: History) -> Iterator[Seen]:
    """Ours: what `publishing.publish` does, without Postgres."""
    return _by_packets(history, forget=False)


def forgetful_packets(history: History) -> Iterator[Seen]:
    """As ours, but what comes back under another indicator counts as never seen."""
    return _by_packets(history, forget=True)


def _by_packets(history: History, forget: bool) -> Iterator[Seen]:
    known: dict[Key, StoredUnit] = {}
    standing: dict[int, StandingPacket] = {}
    company: dict[int, frozenset[Key]] = {}
    published: dict[PublicCell, PublicTally] = {}
    made = 0
    for step in history.steps:
        for removed, added in [(step.removed, ()), ((), step.added)] if forget else [(step.removed, step.added)]:
            refs = {*removed, *(unit.ref for unit in added)}
            pools = {unit.pool for unit in added}
            decided = plan(
                added,
                removed,
                {key: was for key, was in known.items() if key[0] in refs},
                standing,
                [
                    known[key].unit
                    for key in sorted(known)
                    if known[key].packet is None and known[key].unit.pool in pools
                ],
                ANCESTRY,
                QUANTITIES,
                Thresholds(history.threshold),
            )
            for key in (*decided.forgotten, *(decided.emptied if forget else ())):
                del known[key]
            known |= {unit.key: StoredUnit(unit, None) for unit in decided.put}
            lines = [packet.line for packet in decided.packets]
            lines += [replace(standing[id_].line, tally=-standing[id_].line.tally) for id_ in decided.dissolved]
            for id_ in decided.dissolved:
                del standing[id_], company[id_]
            for packet in decided.packets:
                made += 1
                standing[made] = StandingPacket(packet.line, len(packet.units))
                company[made] = frozenset(unit.key for unit in packet.units)
                known |= {unit.key: StoredUnit(unit, made) for unit in packet.units}
            for cell, delta in roll_up(lines, THEMES, ANCESTRY).items():
                published[cell] = published.get(cell, NOTHING_PUBLIC) + delta
        lines_of = [(packet.line, company[id_]) for id_, packet in standing.items()]
        yield shown(published, lines_of, history.units)


def shown(
    published: Mapping[PublicCell, PublicTally],
    packets: Iterable[tuple[PublicLine, frozenset[Key]]],
    units: Mapping[Key, Unit],
) -> Seen:
    """What is public at a moment: every packet by itself, as explanations have it, every figure, and municipalities
    that merge as one. The attacker is given the sums to the last answer, as if nothing were rounded."""

    def exactly(keys: Iterable[Key]) -> int:
        return sum(answer(units[key].tally) for key in keys)

    behind: dict[PublicCell, frozenset[Key]] = {}
    seen: Seen = {}
    for line, keys in packets:
        seen[keys] = exactly(keys)
        for cell in public_cells(line, THEMES[line.indicator], CHAINS[line.area]):
            behind[cell] = behind.get(cell, frozenset()) | keys
    assert behind.keys() == {cell for cell, tally in published.items() if tally}
    for cell, keys in behind.items():
        seen[keys] = exactly(keys)
        other = cell._replace(area=MERGED[1])
        if cell.area == MERGED[0] and other in behind:
            seen[keys | behind[other]] = exactly(keys | behind[other])
    return seen


def reused_packets(history: History) -> Iterator[Seen]:
    """Packets of which the units, when they are dissolved, wait again: they count for nothing, but are published again
    in the next packet around them."""
    fresh: dict[Key, Unit] = {}
    used: dict[Key, Unit] = {}
    standing: list[tuple[PublicLine, tuple[Unit, ...]]] = []
    for step in history.steps:
        gone = set(step.removed)
        for line, units in [each for each in standing if any(unit.ref in gone for unit in each[1])]:
            standing.remove((line, units))
            used |= {unit.key: unit for unit in units}
        fresh = {key: unit for key, unit in fresh.items() if key[0] not in gone}
        used = {key: unit for key, unit in used.items() if key[0] not in gone}
        fresh |= {unit.key: unit for unit in step.added}
        for pool in {unit.pool for unit in fresh.values()}:
            waiting = [unit for unit in fresh.values() if unit.pool == pool]
            for packet in form(waiting, ANCESTRY, SCORES, history.threshold):
                line = packet.line
                again = [u for u in used.values() if u.pool == pool and _lies_in(u, line)]
                units = (*packet.units, *again)
                standing.append((line, units))
                for unit in units:
                    fresh.pop(unit.key, None)
                    used.pop(unit.key, None)
        published = roll_up((line for line, _ in standing), THEMES, ANCESTRY)
        yield shown(
            published, [(line, frozenset(unit.key for unit in units)) for line, units in standing], history.units
        )


def _lies_in(unit: Unit, line: PublicLine) -> bool:
    return any(
        (cell.area, cell.period) == (line.area, line.period)
        for cell in public_cells(_line(unit), THEMES[unit.indicator], CHAINS[unit.area])
    )


def exact(history: History) -> Iterator[dict[PublicCell, list[Unit]]]:
    """All there is, small and large: the units of every cell after each step."""
    there: dict[Key, Unit] = {}
    for step in history.steps:
        there = {key: unit for key, unit in there.items() if key[0] not in step.removed}
        there |= {unit.key: unit for unit in step.added}
        cells: dict[PublicCell, list[Unit]] = {}
        for unit in there.values():
            for cell in public_cells(_line(unit), THEMES[unit.indicator], CHAINS[unit.area]):
                cells.setdefault(cell, []).append(unit)
        yield cells


def threshold_only(history: History) -> Iterator[Seen]:
    """The naive way: whatever is of enough people is public, at once and exactly."""
    for cells in exact(history):
        yield {_keys(units): _answers(units) for units in cells.values() if people(units) >= history.threshold}


def complementary(history: History) -> Iterator[Seen]:
    """The way of a census: of each moment's table so much more is hidden that nothing small follows from that table."""
    for cells in exact(history):
        tables = {_keys(units): units for units in cells.values()}
        numbers = {key: number for number, key in enumerate(sorted({key for keys in tables for key in keys}))}
        small = [keys for keys, units in tables.items() if people(units) < history.threshold]
        public: Seen = {}
        for keys, units in sorted(tables.items(), key=lambda item: (-len(item[0]), sorted(item[0]))):
            if people(units) < history.threshold:
                continue
            wider = {**public, keys: _answers(units)}
            basis = reduce(
                equations({frozenset(numbers[k] for k in each): value for each, value in wider.items()}, len(numbers))
            )
            if not any(follows(basis, tuple(int(key in keys) for key in numbers)) for keys in small):
                public = wider
        yield public


def everything(publishing: Publishing, history: History) -> Seen:
    """All that was public at any moment."""
    seen: Seen = {}
    for now in publishing(history):
        for keys, value in now.items():
            assert seen.setdefault(keys, value) == value, "the same sum is never two numbers"
    return seen


def _line(unit: Unit) -> PublicLine:
    return PublicLine(unit.indicator, unit.source, unit.area, unit.period, NOTHING_PUBLIC)


def _keys(units: Iterable[Unit]) -> frozenset[Key]:
    return frozenset(unit.key for unit in units)


def _answers(units: Sequence[Unit]) -> int:
    return sum(answer(unit.tally) for unit in units)
