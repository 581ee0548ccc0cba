"""The sums behind a figure: whole numbers only, so that they add and take back exactly in any order."""

from decimal import Decimal
from itertools import zip_longest
from math import isqrt
from operator import add

import msgspec

#: Values are held in millionths of the indicator's unit, their squares in millionths of millionths.
MILLION = 10**6
#: Shown are thousandths.
_SHOWN = 1000
_TO_SHOWN = MILLION // _SHOWN
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
            _added(self.histogram, other.histogram),
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

    def mean(self) -> Decimal | None:
        """Of all values, 3 decimals; None without values."""
        return _shown(_rounded(self.total, self.n * _TO_SHOWN)) if self.n else None

    def share(self) -> Decimal | None:
        """Numerator over denominator, 3 decimals; None without a denominator."""
        return _shown(_rounded(self.numerator * _SHOWN, self.denominator)) if self.denominator else None

    def deviation(self) -> Decimal | None:
        """Standard deviation of the population, 3 decimals; None when it is not known of every value."""
        spread = self._spread()
        return None if spread is None else _shown(self._deviation(spread))

    def mean_interval(self) -> tuple[Decimal, Decimal] | None:
        """The 95% confidence interval of the mean, normal approximation; None when the deviation is not known."""
        spread = self._spread()
        interval = None if spread is None else self._mean_interval(spread)
        return None if interval is None else (_shown(interval[0]), _shown(interval[1]))

    def share_interval(self) -> tuple[Decimal, Decimal] | None:
        """The 95% confidence interval of the share, Wilson score; None without a denominator."""
        interval = self._share_interval()
        return None if interval is None else (_shown(interval[0]), _shown(interval[1]))

    def mean_in_thousandths(self) -> tuple[int, int | None, tuple[int, int] | None] | None:
        """Mean, deviation and interval at once, for who shows many."""
        if not self.n:
            return None
        mean, spread = _rounded(self.total, self.n * _TO_SHOWN), self._spread()
        return (mean, None, None) if spread is None else (mean, self._deviation(spread), self._mean_interval(spread))

    def share_in_thousandths(self) -> tuple[int, tuple[int, int] | None] | None:
        """Share and interval at once, for who shows many."""
        return (
            (_rounded(self.numerator * _SHOWN, self.denominator), self._share_interval()) if self.denominator else None
        )

    def _deviation(self, spread: int) -> int:
        return _rounded_root(spread, (self.n * _TO_SHOWN) ** 2)

    def _mean_interval(self, spread: int) -> tuple[int, int] | None:
        if self.n < 2:
            return None
        # n times the half width, in millionths, _FINE times as large.
        half = _Z * isqrt(spread * _FINE**2 // (self.n - 1)) // _Z_UNIT
        middle, unit = self.total * _FINE, self.n * _TO_SHOWN * _FINE
        return _rounded(middle - half, unit), _rounded(middle + half, unit)

    def _share_interval(self) -> tuple[int, int] | None:
        n, a = self.denominator, self.numerator
        if not n or not 0 <= a <= n:
            return None
        # (2a + z² ± z √(4a(n - a)/n + z²)) / 2(n + z²), everything _Z_UNIT² times as large, and _FINE.
        square = _Z * _Z
        half = _Z * isqrt((4 * a * (n - a) * _Z_UNIT**2 + square * n) * _FINE**2 // n)
        middle = (2 * a * _Z_UNIT**2 + square) * _FINE
        unit = 2 * (n * _Z_UNIT**2 + square) * _FINE
        return _rounded((middle - half) * _SHOWN, unit), _rounded((middle + half) * _SHOWN, unit)

    def _spread(self) -> int | None:
        """n² times the variance, in millionths of millionths."""
        if not self.n or self.spread_n != self.n:
            return None
        return max(self.n * self.squares - self.total * self.total, 0)


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


def _added(ours: tuple[int, ...], theirs: tuple[int, ...]) -> tuple[int, ...]:
    if len(ours) == len(theirs):
        total = tuple(map(add, ours, theirs))
    else:
        total = tuple(a + b for a, b in zip_longest(ours, theirs, fillvalue=0))
    return total if any(total) else ()


def _rounded(numerator: int, denominator: int) -> int:
    """The nearest whole number, the even one of two as near."""
    whole, rest = divmod(2 * numerator + denominator, 2 * denominator)
    return whole - (rest == 0 and whole & 1)


def _rounded_root(numerator: int, denominator: int) -> int:
    """The whole number nearest to the square root of a fraction, the even one of two as near."""
    doubled = isqrt(4 * numerator // denominator)
    whole = (doubled + 1) // 2
    return whole - (doubled & whole & 1 and doubled * doubled * denominator == 4 * numerator)


def _shown(thousandths: int) -> Decimal:
    return Decimal(thousandths).scaleb(-3)
