"""What was drawn for each observation, and what of it is public: plain arithmetic, by decision 23."""

from collections.abc import Iterable
from typing import NamedTuple

_MILLION = 10**6
#: Fewer answers than this have their mean in steps, of scores from 1 to 5.
DETAIL, _STEP, _LOW, _HIGH = 100, _MILLION // 10, _MILLION, 5 * _MILLION


class Answers(NamedTuple):
    """What a group answered, in the order of the columns of the tables. Values in millionths."""

    respondents: int = 0
    n: int = 0
    total: int = 0
    squares: int = 0
    spread_n: int = 0
    numerator: int = 0
    denominator: int = 0
    histogram: tuple[int, ...] = ()


class Sums(NamedTuple):
    """What is public of a group, or of several added up, in the order of the columns of the tables."""

    respondents: int = 0
    n: int = 0
    total: int = 0
    low_n: int = 0
    high_n: int = 0
    numerator: int = 0
    denominator: int = 0
    detailed_n: int = 0
    histogram: tuple[int, ...] = ()

    @staticmethod
    def of(some: Iterable["Sums"]) -> "Sums":
        """All together."""
        each = list(some)
        a, b, c, d, e, f, g, h = (sum(number) for number in list(zip(*each, strict=True))[:8])
        classes = zip(*(one.histogram for one in each), strict=True)
        return Sums(a, b, c, d, e, f, g, h, tuple(map(sum, classes)))


def drawn(measure: str, indicator: int, number: int, year: int) -> Answers:
    """The answers of one observation; of every one something is public."""
    h = (indicator * 7919 + number * 104729 + year * 1299709) % 1_000_003
    match measure:
        case "mean":
            n, value, deviation = 30 + h % 470, _MILLION + h % 401 * 10_000, 500_000 + h % 50 * 10_000
            return Answers(n, n, value * n, n * (value * value + deviation * deviation), n)
        case "ratio":
            whole = 100 + h % 900
            return Answers(whole, numerator=10 + h % (whole - 19), denominator=whole)
        case "count":
            return Answers(20 + h % 5000, numerator=20 + h % 5000)
        case _:
            classes = tuple(20 + h // 3**k % 50 for k in range(5))
            return Answers(sum(classes), sum(classes), histogram=classes)


def shown(measure: str, answers: Answers) -> Sums:
    """What is public of them: of few a mean in steps, of all near an end a bound; of a distribution every class."""
    people, n, total, _, _, numerator, denominator, classes = answers
    low, high = (2 * total < (2 * _LOW + 3 * _STEP) * n), (2 * total >= (2 * _HIGH - 3 * _STEP) * n)
    if measure != "mean" or (n >= DETAIL and not (low or high)):
        detailed = n if classes else 0
        return Sums(people, n, total, 0, 0, numerator, denominator, detailed, classes)
    return Sums(people, n, n * in_steps(total, n), n if low else 0, n if high else 0)


def in_steps(total: int, n: int) -> int:
    """A mean to the nearest step, the upper one of two as near, two steps from both ends."""
    nearest = (2 * total + _STEP * n) // (2 * _STEP * n) * _STEP
    return min(max(nearest, _LOW + 2 * _STEP), _HIGH - 2 * _STEP)


def columns(sums: Answers | Sums) -> str:
    """As COPY has them."""
    return "\t".join(map(str, sums[:-1])) + "\t{" + ",".join(map(str, sums.histogram)) + "}"
