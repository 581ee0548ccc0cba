"""Finds groups of which everyone's answer is known, since all, or all but one, can only have answered the same."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations
from math import ceil, floor

from .equations import DETAIL, STEPS
from .knowledge import Knowledge, Line, Spot
from .sums import Values, number

#: On a longer scale answers are not whole numbers.
_LONGEST = 10
#: Half of what a mean of a hundred is rounded to.
_HALF = Decimal("0.0005")


def alike(knowledge: Knowledge) -> Iterator[str]:
    """One figure, or what one version of an observation has more than another, that only one set of answers gives."""
    by_spot: dict[Spot, list[Line]] = defaultdict(list)
    for line in (*knowledge.lines, *knowledge.rows):
        scale = knowledge.scale(line.spot.code)
        if scale is None or scale[1] - scale[0] >= _LONGEST:
            continue
        n, found = _size(line.values), _totals(line.values, scale)
        if n and found and _is_told(n, found, scale):
            yield f"{line.where}: {n} people of {line.spot} all answered alike"
        if line.sign > 0 and line.imported:
            by_spot[line.spot].append(line)
    for spot, lines in by_spot.items():
        scale = knowledge.scale(spot.code)
        for one, other in combinations(sorted(lines, key=lambda line: _size(line.values)), 2):
            less, more = (_totals(line.values, scale) if scale else None for line in (one, other))
            n = _size(other.values) - _size(one.values)
            if n and scale and less and more and _is_told(n, (more[0] - less[1], more[1] - less[0]), scale):
                yield f"{one.where} and {other.where}: the {n} people between them in {spot} all answered alike"


def _size(values: Values) -> int:
    return int(number(values, "n") or 0)


def _totals(values: Values, scale: tuple[int, int]) -> tuple[int, int] | None:
    """The least and the most that the answers can come to."""
    n, mean = number(values, "n"), number(values, "mean")
    total = number(values, "total")
    if n and total is not None:
        mean = total / n / 10**6
    if not n or mean is None:
        return None
    low, high = Decimal(scale[0]), Decimal(scale[1])
    if number(values, "low_n") or number(values, "high_n"):
        return (scale[0] * int(n), floor(mean * n)) if number(values, "low_n") else (ceil(mean * n), scale[1] * int(n))
    half = (high - low) / STEPS / 2 if n < DETAIL else _HALF
    return ceil((mean - half) * n), floor((mean + half) * n)


def _is_told(n: int, totals: tuple[int, int], scale: tuple[int, int]) -> bool:
    """Whether the answers of n people follow: at an end all, or all but one."""
    least, most = max(totals[0], scale[0] * n), min(totals[1], scale[1] * n)
    return least <= most and (most - scale[0] * n <= 1 or scale[1] * n - least <= 1)
