"""The sums behind a figure: whole numbers only, so that they add and take back exactly in any order."""

from decimal import Decimal
from itertools import zip_longest
from math import isqrt
from operator import add

import msgspec

#: Values are held in millionths of the indicator's unit, their squares in millionths of millionths.
MILLION = 10**6
#: Two-sided 95%: 1.959963984540054.
_Z, _Z_UNIT = 1_959963984540054, 10**15
#: Roots are taken so much finer than they are shown: a billionth of a billionth.
_FINE = 10**18


class Tally(msgspec.Struct, frozen=True, gc=False):
    """What adds up. A mean has `n`, `total` and `squares`; a ratio or count has `numerator` and `denominator`.

    `respondents` are the people behind it: what suppression counts. `spread_n` is of how many values the squares are
    known: a survey may tell a mean without its deviation. `histogram[i]` counts values in class i.
    """

    respondents: int = 0
    n: int = 0
    total: int = 0
    squares: int = 0
    spread_n: int = 0
    numerator: int = 0
    denominator: int = 0
    histogram: tuple[int, ...] = ()

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.respondents + other.respondents,
            self.n + other.n,
            self.total + other.total,
            self.squares + other.squares,
            self.spread_n + other.spread_n,
            self.numerator + other.numerator,
            self.denominator + other.denominator,
            added_counts(self.histogram, other.histogram),
        )

    def __neg__(self) -> "Tally":
        return Tally(
            -self.respondents,
            -self.n,
            -self.total,
            -self.squares,
            -self.spread_n,
            -self.numerator,
            -self.denominator,
            tuple(-count for count in self.histogram),
        )

    def __bool__(self) -> bool:
        """Whether there is anything in it."""
        return self != NOTHING

    def beside(self, other: "Tally") -> "Tally":
        """Merge with what the same people said on something else: they are counted once."""
        return msgspec.structs.replace(self + other, respondents=max(self.respondents, other.respondents))


NOTHING = Tally()


def of_scores(scores: tuple[int, ...]) -> Tally:
    """The tally of one dialogue finding: `scores[i]` people gave score i + 1."""
    n = sum(scores)
    return Tally(
        respondents=n,
        n=n,
        total=MILLION * sum(score * people for score, people in enumerate(scores, 1)),
        squares=MILLION * MILLION * sum(score * score * people for score, people in enumerate(scores, 1)),
        spread_n=n,
        histogram=tuple(scores),
    )


def added_counts(ours: tuple[int, ...], theirs: tuple[int, ...]) -> tuple[int, ...]:
    """Counts per class, added class by class; empty when nothing is left."""
    if len(ours) == len(theirs):
        total = tuple(map(add, ours, theirs))
    else:
        total = tuple(a + b for a, b in zip_longest(ours, theirs, fillvalue=0))
    return total if any(total) else ()


def rounded(numerator: int, denominator: int) -> int:
    """The nearest whole number, the even one of two as near."""
    whole, rest = divmod(2 * numerator + denominator, 2 * denominator)
    return whole - (rest == 0 and whole & 1)


def thousandths(number: int) -> Decimal:
    """A whole number of thousandths."""
    return Decimal(number).scaleb(-3)


def share_interval_in_thousandths(numerator: int, denominator: int) -> tuple[int, int] | None:
    """The 95% confidence interval of a share, Wilson score; None unless it lies between none and all."""
    n, a = denominator, numerator
    if not n or not 0 <= a <= n:
        return None
    # (2a + z² ± z √(4a(n - a)/n + z²)) / 2(n + z²), everything _Z_UNIT² times as large, and _FINE.
    square = _Z * _Z
    half = _Z * isqrt((4 * a * (n - a) * _Z_UNIT**2 + square * n) * _FINE**2 // n)
    middle = (2 * a * _Z_UNIT**2 + square) * _FINE
    unit = 2 * (n * _Z_UNIT**2 + square) * _FINE
    return rounded((middle - half) * 1000, unit), rounded((middle + half) * 1000, unit)
