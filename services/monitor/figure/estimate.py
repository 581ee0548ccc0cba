"""A tally as people read it: one value in the indicator's unit, what it rests on and how sure it is."""

from dataclasses import dataclass
from decimal import Decimal

from shared.contracts.vocabulary import Measure

from .tally import Tally

_HUNDRED = Decimal(100)
#: The least that a value is shown in: classes and axes are no finer.
FINEST = {
    Measure.MEAN: Decimal("0.1"),
    Measure.RATIO: Decimal(1),
    Measure.COUNT: Decimal(1),
    Measure.DISTRIBUTION: Decimal(1),
}
#: Where what a measure can be ends, if it does.
END = {Measure.RATIO: _HUNDRED}
#: A distribution over classes is shown of at least as many answers: percentages need a denominator of 100.
DISTRIBUTION_NEEDS = 100


@dataclass(frozen=True, slots=True)
class Estimate:
    """`value` is a mean, a percentage or a count; `low` and `high` are its 95% confidence interval, where there is one.

    All None when nothing is public. `n` is how many values, or the denominator, it rests on; a count rests on itself.
    """

    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    n: int | None = None
    distribution: tuple[int, ...] = ()


NOTHING_PUBLIC = Estimate()


def estimate(measure: Measure, tally: Tally | None) -> Estimate:
    """What a public tally says; a distribution has no single value."""
    if not tally:
        return NOTHING_PUBLIC
    match measure:
        case Measure.MEAN:
            low, high = tally.mean_interval() or (None, None)
            return Estimate(tally.mean(), low, high, tally.n)
        case Measure.RATIO:
            interval = tally.share_interval()
            low, high = (interval[0] * _HUNDRED, interval[1] * _HUNDRED) if interval else (None, None)
            share = tally.share()
            return Estimate(None if share is None else share * _HUNDRED, low, high, tally.denominator)
        case Measure.COUNT:
            return Estimate(Decimal(tally.numerator))
        case Measure.DISTRIBUTION:
            answers = sum(tally.histogram)
            return Estimate(n=answers, distribution=tally.histogram if answers >= DISTRIBUTION_NEEDS else ())


def format_value(measure: Measure, value: Decimal | None, places: int = 1) -> str:
    """`3,5`, `41,2%` or `1.234`; a dash without a value. `places` is how many decimals what is no count has."""
    if value is None:
        return "–"
    if measure == Measure.COUNT:
        return f"{int(value):,}".replace(",", ".")
    text = f"{value:.{places}f}".replace(".", ",")
    return f"{text}%" if measure == Measure.RATIO else text
