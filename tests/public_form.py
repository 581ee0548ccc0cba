"""What may be published of a group, computed again by the rules of decision 23. Imports nothing of ours, on purpose."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from operator import add
from typing import Any

THRESHOLD = 10
_MILLION = 10**6
#: Of how many answers more is told than a rounded mean, and the part of the range that it is rounded to.
_DETAIL, _STEPS = 100, 40
_NAMES = ("respondents", "n", "total", "low_n", "high_n", "numerator", "denominator", "detailed_n")
_EXACT = ("respondents", "n", "total", "numerator", "denominator")


@dataclass(frozen=True)
class Public:
    """What is public of a group or of several, as columns have it."""

    respondents: int = 0
    n: int = 0
    total: int = 0
    low_n: int = 0
    high_n: int = 0
    numerator: int = 0
    denominator: int = 0
    detailed_n: int = 0
    classes: tuple[int, ...] = ()

    def __add__(self, other: "Public") -> "Public":
        numbers: dict[str, Any] = dict(zip(_NAMES, map(add, self.numbers, other.numbers), strict=True))
        classes = map(add, *_as_long(self.classes, other.classes))
        return Public(**numbers, classes=_unless_empty(tuple(classes)))

    @property
    def numbers(self) -> tuple[int, ...]:
        """Without the classes."""
        return tuple(getattr(self, name) for name in _NAMES)

    @property
    def row(self) -> tuple[object, ...]:
        """As a row of a table."""
        return (*self.numbers, self.classes)

    def shown(self, ends: tuple[int, int] | None) -> tuple[object, ...]:
        """Of a mean between these ends: n, the mean, its bound and the classes, as an answer and an event have them."""
        bound = "lower-than" if self.low_n == self.n else "higher-than" if self.high_n == self.n else None
        if not self.n:
            return None, None, None, None
        exact = Fraction(self.total, self.n * _MILLION)
        mean = _on_grid(exact, *ends) if ends and self.n < _DETAIL else exact
        classes = list(self.classes) if self.classes and self.detailed_n == self.n else None
        return self.n, round(mean * 1000) / 1000, bound, classes


NOTHING = Public()


@dataclass(frozen=True)
class Exact:
    """What a group answered."""

    respondents: int
    n: int
    total: int
    numerator: int
    denominator: int
    classes: tuple[int, ...]

    def __add__(self, other: "Exact") -> "Exact":
        return Exact(
            self.respondents + other.respondents,
            self.n + other.n,
            self.total + other.total,
            self.numerator + other.numerator,
            self.denominator + other.denominator,
            tuple(map(add, *_as_long(self.classes, other.classes))),
        )


NOBODY = Exact(0, 0, 0, 0, 0, ())


def exact(row: Mapping[str, Any]) -> Exact:
    """Of a row of unit or observation."""
    numbers: dict[str, Any] = {name: int(row[name]) for name in _EXACT}
    return Exact(**numbers, classes=_unless_empty(tuple(row["histogram"])))


def public(row: Mapping[str, Any]) -> Public:
    """Of a row of packet, published or, with its own names, observation."""
    total, classes = (row.get(f"public_{name}", row.get(name)) for name in ("total", "histogram"))
    numbers: dict[str, Any] = {name: int(total if name == "total" else row[name]) for name in _NAMES}
    return Public(**numbers, classes=_unless_empty(tuple(classes)))


def ends_of(unit: str) -> tuple[int, int] | None:
    """The least and the most that a value can be."""
    if unit == "percentage":
        return 0, 100
    low, _, high = unit.removeprefix("score-").partition("-")
    return (int(low), int(high)) if unit.startswith("score-") and low.isdecimal() and high.isdecimal() else None


def public_form(group: Exact, measure: str, unit: str, *, detail: bool = True) -> Public | None:
    """What may be published of a group; None when nothing may."""
    n, part, whole = group.n, group.numerator, group.denominator
    match measure:
        case "ratio" if min(group.respondents, part, whole - part) >= THRESHOLD:
            return Public(group.respondents, n, numerator=part, denominator=whole)
        case "count" if min(group.respondents, part) >= THRESHOLD and (not whole or whole - part >= THRESHOLD):
            return Public(group.respondents, numerator=part, denominator=whole)
        case "distribution" if min(group.respondents, sum(group.classes)) >= THRESHOLD:
            n = sum(group.classes)
            return Public(group.respondents, n, **_classes(group, n, detail))
        case "mean" if min(group.respondents, n) >= THRESHOLD:
            return _mean(group, ends_of(unit), detail)
    return None


def _mean(group: Exact, ends: tuple[int, int] | None, detail: bool) -> Public | None:
    n, mean = group.n, Fraction(group.total, group.n * _MILLION)
    near = Fraction(3, 2) * Fraction(ends[1] - ends[0], _STEPS) if ends else None
    alike = ends is not None and near is not None and not ends[0] + near <= mean < ends[1] - near
    if detail and n >= _DETAIL and not alike:
        return Public(group.respondents, n, n * round(mean * 1000) * 1000, **_classes(group, n, detail))
    if ends is None or near is None:
        return None
    low, high = ends
    total = n * _on_grid(mean, low, high) * _MILLION
    return Public(group.respondents, n, int(total), n if mean < low + near else 0, n if mean >= high - near else 0)


def _classes(group: Exact, n: int, detail: bool) -> dict[str, Any]:
    """The classes of at least 100 answers when all are known and neither one nor all others are of a few."""
    told = detail and n >= _DETAIL and sum(group.classes) == n and max(group.classes) <= n - THRESHOLD
    if not told or any(0 < people < THRESHOLD for people in group.classes):
        return {}
    return {"detailed_n": n, "classes": group.classes}


def _on_grid(mean: Fraction, low: int, high: int) -> Fraction:
    """To the nearest step of the range, the upper one of two as near, two steps from both ends."""
    step = Fraction(high - low, _STEPS)
    nearest = (mean - low) / step + Fraction(1, 2)
    return low + step * min(max(nearest.numerator // nearest.denominator, 2), _STEPS - 2)


def _as_long(ours: tuple[int, ...], theirs: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    size = max(len(ours), len(theirs))
    return (*ours, *(0,) * (size - len(ours))), (*theirs, *(0,) * (size - len(theirs)))


def _unless_empty(classes: tuple[int, ...]) -> tuple[int, ...]:
    return classes if any(classes) else ()
