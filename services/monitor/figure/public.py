"""What may be published of a group of people, and nothing else: made here only. See docs/decisions/0023-disclosure.md.

Every public figure, event, page and file is a sum of what `publishable` gives: so all that is public together says no
more than those parts do.
"""

from decimal import Decimal
from math import isqrt

import msgspec

from shared.contracts.vocabulary import Bound, Measure

from .quantity import DETAIL_NEEDS, Quantity
from .tally import MILLION, Tally, added_counts, rounded, share_interval_in_thousandths, thousandths

#: Two-sided 95%: 1.959963984540054, in millionths.
_Z = 1_959_964


class PublicTally(msgspec.Struct, frozen=True, gc=False):
    """What adds up of what is public. A mean has `n` and `total`, in millionths; a ratio or count has `numerator` and
    `denominator`.

    `total` is `n` times the mean as it is shown. Of `low_n` and `high_n` values only a bound of their mean is known.
    `histogram[i]` counts values in class i, of `detailed_n` values.
    """

    respondents: int = 0
    n: int = 0
    total: int = 0
    low_n: int = 0
    high_n: int = 0
    numerator: int = 0
    denominator: int = 0
    detailed_n: int = 0
    histogram: tuple[int, ...] = ()

    def __add__(self, other: "PublicTally") -> "PublicTally":
        return PublicTally(
            self.respondents + other.respondents,
            self.n + other.n,
            self.total + other.total,
            self.low_n + other.low_n,
            self.high_n + other.high_n,
            self.numerator + other.numerator,
            self.denominator + other.denominator,
            self.detailed_n + other.detailed_n,
            added_counts(self.histogram, other.histogram),
        )

    def __neg__(self) -> "PublicTally":
        return PublicTally(
            -self.respondents,
            -self.n,
            -self.total,
            -self.low_n,
            -self.high_n,
            -self.numerator,
            -self.denominator,
            -self.detailed_n,
            tuple(-count for count in self.histogram),
        )

    def __bool__(self) -> bool:
        """Whether there is anything in it."""
        return self != NOTHING_PUBLIC

    def mean(self, quantity: Quantity) -> Decimal | None:
        """Of all values: in thousandths, of fewer than 100 on the quantity's grid; None without values."""
        shown = self.mean_in_thousandths(quantity)
        return None if shown is None else thousandths(shown)

    def mean_in_thousandths(self, quantity: Quantity) -> int | None:
        """The same as a whole number."""
        if not self.n or quantity.measure is not Measure.MEAN:
            return None
        if self.n < DETAIL_NEEDS and quantity.step is not None:
            return rounded(quantity.on_grid(self.total, self.n), MILLION // 1000)
        return rounded(self.total, self.n * (MILLION // 1000))

    def bound(self) -> Bound | None:
        """Whether the mean is a bound only: all its groups answered nearly alike, at the same end."""
        if self.n and self.low_n == self.n:
            return Bound.LOWER_THAN
        return Bound.HIGHER_THAN if self.n and self.high_n == self.n else None

    def mean_interval(self, quantity: Quantity) -> tuple[Decimal, Decimal] | None:
        """The mean and its margin of 95% to both sides, within the ends; None without ends. The margin follows from n
        and the quantity's assumed deviation."""
        found = self.mean_interval_in_thousandths(quantity)
        return None if found is None else (thousandths(found[0]), thousandths(found[1]))

    def mean_interval_in_thousandths(self, quantity: Quantity) -> tuple[int, int] | None:
        """The same as whole numbers."""
        mean = self.mean_in_thousandths(quantity)
        if mean is None or quantity.deviation is None or quantity.low is None or quantity.high is None:
            return None
        margin = _Z * quantity.deviation // isqrt(self.n * MILLION**2) // 1000
        return max(mean - margin, quantity.low // 1000), min(mean + margin, quantity.high // 1000)

    def share(self) -> Decimal | None:
        """Numerator over denominator, 3 decimals; None without a denominator."""
        shown = self.share_in_thousandths()
        return None if shown is None else thousandths(shown)

    def share_in_thousandths(self) -> int | None:
        """The same as a whole number."""
        return rounded(self.numerator * 1000, self.denominator) if self.denominator else None

    def share_interval(self) -> tuple[Decimal, Decimal] | None:
        """The 95% confidence interval of the share, Wilson score; None without a denominator."""
        found = share_interval_in_thousandths(self.numerator, self.denominator)
        return None if found is None else (thousandths(found[0]), thousandths(found[1]))

    def distribution(self) -> tuple[int, ...]:
        """The counts per class when they are known of every value, else none."""
        return self.histogram if self.n and self.detailed_n == self.n else ()


NOTHING_PUBLIC = PublicTally()


def publishable(exact: Tally, quantity: Quantity, threshold: int, *, detail: bool = True) -> PublicTally | None:
    """What may be published of a group, None when nothing may: the only place that makes it.

    Nothing of fewer respondents than the threshold. A ratio when numerator and rest both reach it, a count when it
    does itself. Of fewer than 100 answers, or without `detail`, no more than n and a mean on the quantity's grid. Of a
    group of any size that answered nearly alike a bound.
    """
    if exact.respondents < threshold:
        return None
    match quantity.measure:
        case Measure.RATIO:
            return _ratio(exact, threshold)
        case Measure.COUNT:
            return _count(exact, threshold)
        case Measure.DISTRIBUTION:
            n = sum(exact.histogram)
            return None if n < threshold else _with_classes(PublicTally(exact.respondents, n), exact, threshold, detail)
        case Measure.MEAN:
            return _mean(exact, quantity, threshold, detail)


def _ratio(exact: Tally, threshold: int) -> PublicTally | None:
    if min(exact.numerator, exact.denominator - exact.numerator) < threshold:
        return None
    return PublicTally(exact.respondents, exact.n, numerator=exact.numerator, denominator=exact.denominator)


def _count(exact: Tally, threshold: int) -> PublicTally | None:
    rest = exact.denominator - exact.numerator if exact.denominator else threshold
    if min(exact.numerator, rest) < threshold:
        return None
    return PublicTally(exact.respondents, numerator=exact.numerator, denominator=exact.denominator)


def _mean(exact: Tally, quantity: Quantity, threshold: int, detail: bool) -> PublicTally | None:
    n = exact.n
    if n < threshold:
        return None
    end = quantity.near_end(exact.total, n)
    if end is None and detail and n >= DETAIL_NEEDS:
        mean = rounded(exact.total, n * (MILLION // 1000)) * (MILLION // 1000)
        return _with_classes(PublicTally(exact.respondents, n, n * mean), exact, threshold, detail)
    if quantity.step is None:
        return None
    return PublicTally(
        exact.respondents,
        n,
        n * quantity.on_grid(exact.total, n),
        low_n=n if end is Bound.LOWER_THAN else 0,
        high_n=n if end is Bound.HIGHER_THAN else 0,
    )


def _with_classes(public: PublicTally, exact: Tally, threshold: int, detail: bool) -> PublicTally:
    """With the counts per class, when they are of at least 100 and neither a class nor all others are of a few."""
    counts = exact.histogram
    known = sum(counts) == public.n and public.n >= DETAIL_NEEDS
    alike = any(count > public.n - threshold for count in counts)
    if not (detail and known) or alike or any(0 < count < threshold for count in counts):
        return public
    return msgspec.structs.replace(public, detailed_n=public.n, histogram=counts)
