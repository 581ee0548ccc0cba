"""Figures as JSON, for answers that have hundreds of them: the same digits that `Tally` gives, from one pass in floats.

A float rounds as the exact figure does unless that lies very near half a thousandth; then the exact one is asked.
"""

from functools import lru_cache
from math import sqrt

from shared.contracts.vocabulary import Measure

from .shown import DISTRIBUTION_NEEDS
from .tally import Tally

_Z = 1.959963984540054
_SQUARE = _Z * _Z
#: So far from half way floats are certain: their own error is a thousandth of what is left, for thousandths up to this.
_CERTAIN, _LARGEST = 0.4999, 1e9


def members(tally: Tally, measure: Measure) -> str:
    """The members of a `Figure`."""
    counts = tally.histogram
    classes = f"[{','.join(map(str, counts))}]" if counts and sum(counts) >= DISTRIBUTION_NEEDS else "null"
    if measure is Measure.MEAN:
        return _mean(tally, classes)
    if measure is Measure.RATIO:
        return _ratio(tally, classes)
    numerator = denominator = "null"
    if measure is Measure.COUNT:
        numerator, denominator = str(tally.numerator), str(tally.denominator or "null")
    return (
        f'"n":{tally.n or "null"},"mean":null,"standardDeviation":null,"numerator":{numerator},'
        f'"denominator":{denominator},"share":null,"confidenceInterval":null,"distribution":{classes}'
    )


def _mean(tally: Tally, classes: str) -> str:
    n, total = tally.n, tally.total
    if n > 1 and tally.spread_n == n:
        spread, below = n * tally.squares - total * total, n * 1000
        mean, deviation = total / below, sqrt(spread if spread > 0 else 0) / below
        half = _Z * deviation / sqrt(n - 1)
        low, high = mean - half, mean + half
        if low > -_LARGEST and high < _LARGEST:
            a, b, c, d = round(mean), round(deviation), round(low), round(high)
            if (
                -_CERTAIN < mean - a < _CERTAIN
                and -_CERTAIN < deviation - b < _CERTAIN
                and -_CERTAIN < low - c < _CERTAIN
                and -_CERTAIN < high - d < _CERTAIN
            ):
                return (
                    f'"n":{n},"mean":{_decimal(a)},"standardDeviation":{_decimal(b)},"numerator":null,'
                    f'"denominator":null,"share":null,"confidenceInterval":{{"low":{_decimal(c)},"high":{_decimal(d)}}},'
                    f'"distribution":{classes}'
                )
    exact, spread_, interval = tally.mean_in_thousandths() or (None, None, None)
    return (
        f'"n":{n or "null"},"mean":{_decimal(exact)},"standardDeviation":{_decimal(spread_)},"numerator":null,'
        f'"denominator":null,"share":null,"confidenceInterval":{_between(interval)},"distribution":{classes}'
    )


def _ratio(tally: Tally, classes: str) -> str:
    a, n = tally.numerator, tally.denominator
    if 0 <= a <= n and n:
        below, centre, half = (n + _SQUARE) / 500, 2 * a + _SQUARE, _Z * sqrt(4 * a * (n - a) / n + _SQUARE)
        share, low, high = 1000 * a / n, (centre - half) / below, (centre + half) / below
        b, c, d = round(share), round(low), round(high)
        if -_CERTAIN < share - b < _CERTAIN and -_CERTAIN < low - c < _CERTAIN and -_CERTAIN < high - d < _CERTAIN:
            return (
                f'"n":{tally.n or "null"},"mean":null,"standardDeviation":null,"numerator":{a},"denominator":{n},'
                f'"share":{_decimal(b)},"confidenceInterval":{{"low":{_decimal(c)},"high":{_decimal(d)}}},'
                f'"distribution":{classes}'
            )
    exact, interval = tally.share_in_thousandths() or (None, None)
    return (
        f'"n":{tally.n or "null"},"mean":null,"standardDeviation":null,"numerator":{a},"denominator":{n or "null"},'
        f'"share":{_decimal(exact)},"confidenceInterval":{_between(interval)},"distribution":{classes}'
    )


def _between(interval: tuple[int, int] | None) -> str:
    return f'{{"low":{_decimal(interval[0])},"high":{_decimal(interval[1])}}}' if interval else "null"


@lru_cache(10_000)
def _decimal(thousandths: int | None) -> str:
    return "null" if thousandths is None else str(thousandths / 1000)
