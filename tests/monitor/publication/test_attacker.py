"""An attacker who sees every public number at every moment learns of no fewer people than the threshold. The same
attacker breaks ways of publishing that look safe: each is a negative control.

What it sees after every step of a history: every live figure of indicator and theme, at every level and in every
period, every packet as explanations show it, and municipalities that merge as one. Editions and the feed are figures of
some moments, and differences of them: they are in it. ATTACKER_HISTORIES is how many random histories are attacked.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

import pytest

from services.monitor.publication.domain import people

from .attacker import Equation, Program, Vector, equations, follows, possibilities, reduce, small_combination
from .worlds import (
    History,
    Publishing,
    answer,
    complementary,
    everything,
    exact,
    forgetful_packets,
    history,
    packets,
    reused_packets,
    threshold_only,
)

HISTORIES = int(os.environ.get("ATTACKER_HISTORIES", "2000"))


@dataclass(frozen=True, slots=True)
class Attack:
    """Unknowns are numbered: `most[i]` people are behind unknown i, `who[i]` says which. `seen` is what was public at
    any moment, `basis` all that follows from it by adding and subtracting, `hidden` every unit and every cell at any
    moment of fewer people than the threshold."""

    threshold: int
    who: list[tuple[str, int]]
    most: list[int]
    truth: list[int]
    seen: dict[frozenset[int], int]
    basis: list[Equation]
    hidden: list[frozenset[int]]

    def vector(self, inside: frozenset[int]) -> Vector:
        """The sum of these unknowns."""
        return tuple(int(number in inside) for number in range(len(self.most)))


def attack(publishing: Publishing, case: History) -> Attack:
    units = case.units
    numbers = {key: number for number, key in enumerate(units)}
    seen = {frozenset(numbers[key] for key in keys): value for keys, value in everything(publishing, case).items()}
    small = {frozenset([numbers[key]]) for key, unit in units.items() if unit.tally.n < case.threshold}
    for cells in exact(case):
        small |= {
            frozenset(numbers[unit.key] for unit in inside)
            for inside in cells.values()
            if people(inside) < case.threshold
        }
    return Attack(
        case.threshold,
        [(unit.ref, unit.tally.n) for unit in units.values()],
        [unit.tally.n for unit in units.values()],
        [answer(unit.tally) for unit in units.values()],
        seen,
        reduce(equations(seen, len(numbers))),
        sorted(small, key=sorted),
    )


def derived(found: Attack) -> Iterator[frozenset[int]]:
    """What follows by adding and subtracting, of too few people."""
    return (inside for inside in found.hidden if follows(found.basis, found.vector(inside)))


def cornered(found: Attack) -> Iterator[frozenset[int]]:
    """What can only be one number, of too few people; not when they are in a public group who all answered alike, which
    tells of each of them to anyone."""
    alike = {
        number
        for numbers, value in found.seen.items()
        if value in (0, sum(found.most[number] for number in numbers))
        for number in numbers
    }
    program = Program(found.basis, found.most)
    for inside in found.hidden:
        least, most, _ = program.bounds(found.vector(inside))
        if least == most and not inside <= alike:
            yield inside


def alone(found: Attack) -> Iterator[Vector]:
    """A combination of public numbers that is about too few people."""
    combination = small_combination(found.basis, found.who, found.threshold)
    return iter(() if combination is None else (combination,))


def broken(publishing: Publishing, cases: int, moving: bool = True) -> dict[str, int]:
    """How many histories each attack breaks."""
    broke: Counter[str] = Counter()
    for seed in range(cases):
        found = attack(publishing, history(seed, moving=moving))
        for way in (derived, alone, cornered):
            broke[way.__name__] += any(True for _ in way(found))
    print(publishing.__name__, dict(broke), "of", cases)
    return dict(broke)


@pytest.mark.long
def test_over_thousands_of_histories_every_attack_on_packets_fails() -> None:
    counted: Counter[str] = Counter()
    for seed in range(HISTORIES):
        found = attack(packets, history(seed))
        groups = [frozenset(n for n, weight in enumerate(vector) if weight) for vector, _ in found.basis]
        assert all(set(vector) <= {0, 1} for vector, _ in found.basis)
        assert sum(map(len, groups)) == len(frozenset().union(*groups)), "everyone is in one group at most"
        assert not any(derived(found))
        assert not any(cornered(found))
        if seed % 5 == 0:
            assert not any(alone(found))
        counted.update(numbers=len(found.seen), groups=len(groups), hidden=len(found.hidden))
    print(dict(counted))
    assert counted["groups"] > 4 * HISTORIES and counted["hidden"] > 10 * HISTORIES


@pytest.mark.long
def test_all_that_is_public_tells_of_something_hidden_what_the_one_group_around_it_tells() -> None:
    for seed in range(HISTORIES // 10):
        found = attack(packets, history(seed))
        program = Program(found.basis, found.most)
        for inside in found.hidden:
            least, most = 0, sum(found.most[number] for number in inside)
            for vector, value in found.basis:
                group = [number for number, weight in enumerate(vector) if weight]
                ours = sum(found.most[number] for number in group if number in inside)
                others = sum(found.most[number] for number in group) - ours
                least += max(0, value - others)
                most -= ours - min(ours, value)
            assert program.bounds(found.vector(inside)) == (least, most, 1)


@pytest.mark.long
def test_trying_every_possibility_finds_no_more() -> None:
    tried = 0
    for seed in range(HISTORIES // 2):
        found = attack(packets, history(seed, steps=5))
        if prod(size + 1 for size in found.most) > 5000:
            continue
        tried += 1
        cases = list(possibilities(found.basis, found.most))
        assert tuple(found.truth) in cases
        program = Program(found.basis, found.most)
        for inside in found.hidden:
            sums = {sum(case[number] for number in inside) for case in cases}
            assert program.bounds(found.vector(inside)) == (min(sums), max(sums), 1)
    assert tried > HISTORIES // 10


def test_a_threshold_alone_is_broken() -> None:
    assert min(broken(threshold_only, 60).values()) >= 55


@pytest.mark.long
def test_hiding_more_in_the_table_of_each_moment_is_broken_by_the_next() -> None:
    assert min(broken(complementary, 60).values()) >= 55


@pytest.mark.long
def test_packets_whose_units_are_published_again_are_broken_by_programming_only() -> None:
    broke = broken(reused_packets, 200, moving=False)
    assert broke["derived"] == broke["alone"] == 0 < broke["cornered"]


@pytest.mark.long
def test_packets_that_split_when_a_topic_moves_are_broken() -> None:
    assert min(broken(forgetful_packets, 60).values()) > 0
    assert broken(forgetful_packets, 50, moving=False) == {"derived": 0, "alone": 0, "cornered": 0}


def test_the_attacker_finds_what_every_possibility_shows() -> None:
    """Sums over stretches: there the real bounds are whole numbers."""
    rng = random.Random(7)
    for _ in range(200):
        most = [rng.randint(0, 3) for _ in range(5)]
        truth = [rng.randint(0, size) for size in most]
        vectors = []
        for _ in range(rng.randint(0, 4)):
            first, last = sorted((rng.randrange(5), rng.randrange(5)))
            vectors.append(tuple(int(first <= number <= last) for number in range(5)))
        basis = reduce((v, sum(a * b for a, b in zip(v, truth, strict=True))) for v in vectors)
        cases = list(possibilities(basis, most))
        program = Program(basis, most)
        for number in range(5):
            target = tuple(int(number == other) for other in range(5))
            values = {case[number] for case in cases}
            least, top, scale = program.bounds(target)
            assert (least, top) == (min(values) * scale, max(values) * scale)
            if follows(basis, target):
                assert len(values) == 1
                assert small_combination(basis, [(str(n), 1) for n in range(5)], 2) is not None


def test_a_sum_of_small_counts_would_give_each_away() -> None:
    """Why a small count never gathers: that each is below 10 is known, and two that make 18 are 9 and 9."""
    assert Program(reduce([((1, 1), 18)]), [9, 9]).bounds((1, 0)) == (9, 9, 1)
