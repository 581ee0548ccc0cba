"""Someone who collects every public number and solves for what is hidden: exact linear algebra, linear programming over
exact fractions, and for small cases every possibility. Whole numbers only: nothing is lost in rounding.

An unknown is how many of the people behind a unit gave one answer. The attacker knows everything else: which units
there are, of how many people, where, when, in which packet; and adds up what is public as it likes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import gcd

#: Coefficients of a sum of unknowns.
Vector = tuple[int, ...]
#: A public number: the sum, and what it is.
Equation = tuple[Vector, int]


def reduce(equations: Iterable[Equation]) -> list[Equation]:
    """The same knowledge in reduced row echelon form: all that follows by adding and subtracting follows from these."""
    basis: list[list[int]] = []
    leads: list[int] = []
    for vector, value in equations:
        row = _without([*vector, value], basis, leads)
        lead = next((column for column, entry in enumerate(row[:-1]) if entry), None)
        if lead is None:
            if row[-1]:
                raise ValueError("these public numbers contradict each other")
            continue
        basis = [_without(each, [row], [lead]) for each in basis] + [row]
        leads.append(lead)
    return [(tuple(row[:-1]), row[-1]) for row in basis]


def follows(basis: Sequence[Equation], target: Vector) -> bool:
    """Whether a sum follows by adding and subtracting."""
    rows = [[*vector, value] for vector, value in basis]
    leads = [next(column for column, entry in enumerate(vector) if entry) for vector, _ in basis]
    return not any(_without([*target, 0], rows, leads)[:-1])


def small_combination(basis: Sequence[Equation], people: Sequence[tuple[str, int]], fewest: int) -> Vector | None:
    """A sum that follows and is about fewer than `fewest` people, None when there is none. Tries every set of unknowns.

    `people[i]` says who is behind unknown i, and how many they are.
    """
    for inside in _small_sets(people, fewest):
        outside = [column for column in range(len(people)) if column not in inside]
        # Those outside first: a row of the echelon form that starts past them is only about those inside.
        order = [*outside, *sorted(inside)]
        for vector, _ in reduce((tuple(vector[column] for column in order), value) for vector, value in basis):
            if not any(vector[: len(outside)]):
                return tuple(vector[order.index(column)] for column in range(len(people)))
    return None


class Program:
    """All that may be the case: unknowns between 0 and their most, for which the public numbers come out."""

    def __init__(self, basis: Sequence[Equation], most: Sequence[int]) -> None:
        """`basis` as `reduce` gives it. Raises ValueError when nothing can be the case."""
        self._unknowns, rows = len(most), len(basis)
        # Columns: the unknowns, what is left of each until its most, one helper per equation, and the value.
        width = 2 * self._unknowns + rows + 1
        self._width = 2 * self._unknowns
        self._scale = 1
        self._table: list[list[int]] = []
        for number, (vector, value) in enumerate(basis):
            row = [*vector, *[0] * (width - self._unknowns)]
            row[-1] = value
            row = [-entry for entry in row] if value < 0 else row
            row[2 * self._unknowns + number] = 1
            self._table.append(row)
        for unknown, size in enumerate(most):
            row = [0] * width
            row[unknown] = row[self._unknowns + unknown] = 1
            row[-1] = size
            self._table.append(row)
        helpers = range(2 * self._unknowns, width - 1)
        self._basic = [*helpers, *range(self._unknowns, 2 * self._unknowns)]
        costs = [int(column in helpers) for column in range(width - 1)]
        if self._minimise(costs):
            raise ValueError("nothing can be the case")
        for place, column in enumerate(self._basic):
            if column in helpers:
                # At nothing, and the equations are independent: there is an unknown to put in its place.
                self._pivot(place, next(other for other in range(self._width) if self._table[place][other]))

    def bounds(self, target: Vector) -> tuple[int, int, int]:
        """The least and the most that a sum may be, both as numerators of the third."""
        rest = [0] * (len(self._table[0]) - 1 - self._unknowns)
        least = self._minimise([*target, *rest]), self._scale
        most = -self._minimise([*(-weight for weight in target), *rest]), self._scale
        return least[0] * most[1], most[0] * least[1], least[1] * most[1]

    def _minimise(self, costs: Sequence[int]) -> int:
        """The least cost, as numerator of the scale. By Bland's rule, which never goes round in circles."""
        while True:
            weights = [
                (costs[column], row) for column, row in zip(self._basic, self._table, strict=True) if costs[column]
            ]
            entering = next(
                (c for c in range(self._width) if costs[c] * self._scale < sum(w * row[c] for w, row in weights)), None
            )
            if entering is None:
                return sum(weight * row[-1] for weight, row in weights)
            leaving: int | None = None
            for place, row in enumerate(self._table):
                if row[entering] > 0 and (leaving is None or self._sooner(place, leaving, entering)):
                    leaving = place
            assert leaving is not None, "every unknown has a most"
            self._pivot(leaving, entering)

    def _sooner(self, place: int, other: int, entering: int) -> bool:
        ours, theirs = self._table[place], self._table[other]
        ratio, least = ours[-1] * theirs[entering], theirs[-1] * ours[entering]
        return ratio < least or (ratio == least and self._basic[place] < self._basic[other])

    def _pivot(self, place: int, column: int) -> None:
        """Bareiss: the table holds numerators of one scale, and every division is exact."""
        row = self._table[place]
        if row[column] < 0:
            row = [-entry for entry in row]
            self._table[place] = row
        pivot, scale = row[column], self._scale
        for other, each in enumerate(self._table):
            if other != place:
                factor = each[column]
                if factor:
                    self._table[other] = [(pivot * a - factor * b) // scale for a, b in zip(each, row, strict=True)]
                elif pivot != scale:
                    self._table[other] = [pivot * a // scale for a in each]
        self._scale = pivot
        self._basic[place] = column


def possibilities(basis: Sequence[Equation], most: Sequence[int]) -> Iterator[Vector]:
    """Everything that may be the case, one by one."""
    for case in product(*(range(size + 1) for size in most)):
        if all(sum(a * b for a, b in zip(vector, case, strict=True)) == value for vector, value in basis):
            yield case


def equations(seen: Mapping[frozenset[int], int], unknowns: int) -> list[Equation]:
    """Public sums of unknowns, by their numbers, as equations; small sums first."""
    return [
        (tuple(int(unknown in numbers) for unknown in range(unknowns)), value)
        for numbers, value in sorted(seen.items(), key=lambda item: (len(item[0]), sorted(item[0])))
    ]


def _without(row: list[int], basis: Iterable[list[int]], leads: Iterable[int]) -> list[int]:
    """A row less the multiples of others that clear their leading columns."""
    for other, lead in zip(basis, leads, strict=True):
        if row[lead]:
            ours, theirs = other[lead], row[lead]
            row = [ours * a - theirs * b for a, b in zip(row, other, strict=True)]
    divisor = gcd(*row)
    return [entry // divisor for entry in row] if divisor > 1 else row


def _small_sets(people: Sequence[tuple[str, int]], fewest: int) -> Iterator[set[int]]:
    """The sets of unknowns about fewer than so many people, without those inside another."""

    def count(inside: Iterable[int]) -> int:
        most: dict[str, int] = {}
        for unknown in inside:
            who, size = people[unknown]
            most[who] = max(size, most.get(who, 0))
        return sum(most.values())

    def grow(inside: list[int], start: int) -> Iterator[set[int]]:
        if all(count([*inside, other]) >= fewest for other in range(len(people)) if other not in inside):
            yield set(inside)
        for other in range(start, len(people)):
            if count([*inside, other]) < fewest:
                yield from grow([*inside, other], other + 1)

    return grow([], 0)
