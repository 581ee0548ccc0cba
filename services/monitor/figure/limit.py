"""Public values as exact fractions, for what is held against them: a goal, a cut-off, another value. Pure."""

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from shared.contracts.vocabulary import Bound, Measure

from .public import PublicTally
from .quantity import DETAIL_NEEDS, Quantity
from .tally import MILLION


@dataclass(frozen=True, slots=True)
class Limit:
    """Of a value is known only that it is lower, or higher, than this."""

    value: Fraction
    bound: Bound


#: A value, or what little is known of it.
KnownValue: TypeAlias = Fraction | Limit

_OPPOSITE = {Bound.LOWER_THAN: Bound.HIGHER_THAN, Bound.HIGHER_THAN: Bound.LOWER_THAN}


def known_value(tally: PublicTally, quantity: Quantity) -> KnownValue | None:
    """The one value of a public tally, to the last digit; of fewer than 100 answers the mean as it is shown. None when
    it has no single value."""
    match quantity.measure:
        case Measure.MEAN:
            value, bound = _mean(tally, quantity), tally.bound()
            return value if value is None or bound is None else Limit(value, bound)
        case Measure.RATIO:
            return Fraction(tally.numerator, tally.denominator) if tally.denominator else None
        case Measure.COUNT:
            return Fraction(tally.numerator)
        case Measure.DISTRIBUTION:
            return None


def _mean(tally: PublicTally, quantity: Quantity) -> Fraction | None:
    shown = tally.mean_in_thousandths(quantity)
    if shown is None:
        return None
    return Fraction(shown, 1000) if tally.n < DETAIL_NEEDS else Fraction(tally.total, tally.n * MILLION)


def subtract(one: KnownValue, other: KnownValue) -> KnownValue | None:
    """One less the other; None when the bounds of both leave open what that comes to."""
    mine, theirs = _bound(one), _bound(other)
    bounds = {bound for bound in (mine, _OPPOSITE[theirs] if theirs else None) if bound}
    if len(bounds) > 1:
        return None
    gap = _number(one) - _number(other)
    return Limit(gap, bounds.pop()) if bounds else gap


def reaches(value: KnownValue, edge: Fraction, *, at_most: bool = False, beyond: bool = False) -> bool | None:
    """Whether a value is at least the edge, or at most; `beyond` it, when the edge itself will not do. None when a
    bound leaves that open."""
    number, bound = _number(value), _bound(value)
    if bound is None:
        return not beyond if number == edge else (number < edge) is at_most
    lower = bound is Bound.LOWER_THAN
    certain = number <= edge if lower else number >= edge
    return lower is at_most if certain else None


def _number(value: KnownValue) -> Fraction:
    return value.value if isinstance(value, Limit) else value


def _bound(value: KnownValue) -> Bound | None:
    return value.bound if isinstance(value, Limit) else None
