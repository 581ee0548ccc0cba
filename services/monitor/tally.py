"""The sums behind a figure: whole numbers only, so that they add and take back exactly in any order."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from itertools import zip_longest
from operator import add

#: Values are held in millionths of the indicator's unit, their squares in millionths of millionths.
MILLION = 10**6
_EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)
#: Two-sided 95%.
_Z = Decimal("1.959963984540054")
_SHOWN = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Tally:
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

    def mean(self) -> Decimal | None:
        """Of all values, 3 decimals; None without values."""
        return _shown(_quotient(self.total, self.n * MILLION)) if self.n else None

    def share(self) -> Decimal | None:
        """Numerator over denominator, 3 decimals; None without a denominator."""
        return _shown(_quotient(self.numerator, self.denominator)) if self.denominator else None

    def deviation(self) -> Decimal | None:
        """Standard deviation of the population, 3 decimals; None when it is not known of every value."""
        variance = self._variance()
        return None if variance is None else _shown(_EXACT.sqrt(variance))

    def mean_interval(self) -> tuple[Decimal, Decimal] | None:
        """The 95% confidence interval of the mean, normal approximation; None when the deviation is not known."""
        variance, mean = self._variance(), _quotient(self.total, self.n * MILLION) if self.n else None
        if variance is None or mean is None or self.n < 2:
            return None
        half = _EXACT.multiply(_Z, _EXACT.sqrt(_EXACT.divide(variance, Decimal(self.n - 1))))
        return _shown(mean - half), _shown(mean + half)

    def share_interval(self) -> tuple[Decimal, Decimal] | None:
        """The 95% confidence interval of the share, Wilson score; None without a denominator."""
        if not self.denominator or not 0 <= self.numerator <= self.denominator:
            return None
        n, share, square = Decimal(self.denominator), _quotient(self.numerator, self.denominator), _Z * _Z
        middle = share + square / (2 * n)
        half = _Z * _EXACT.sqrt(share * (1 - share) / n + square / (4 * n * n))
        scale = 1 + square / n
        return _shown((middle - half) / scale), _shown((middle + half) / scale)

    def _variance(self) -> Decimal | None:
        if not self.n or self.spread_n != self.n:
            return None
        exact = self.n * self.squares - self.total * self.total
        return _quotient(max(exact, 0), self.n * self.n * MILLION * MILLION)


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


def of_mean(value: int, n: int, deviation: int | None) -> Tally:
    """A mean of `n` values, and its standard deviation when it is known, both in millionths."""
    return Tally(
        respondents=n,
        n=n,
        total=value * n,
        squares=0 if deviation is None else n * (value * value + deviation * deviation),
        spread_n=0 if deviation is None else n,
    )


def _added(ours: tuple[int, ...], theirs: tuple[int, ...]) -> tuple[int, ...]:
    if len(ours) == len(theirs):
        total = tuple(map(add, ours, theirs))
    else:
        total = tuple(a + b for a, b in zip_longest(ours, theirs, fillvalue=0))
    return total if any(total) else ()


def _quotient(numerator: int, denominator: int) -> Decimal:
    return _EXACT.divide(Decimal(numerator), Decimal(denominator))


def _shown(value: Decimal) -> Decimal:
    return value.quantize(_SHOWN, context=_EXACT)
