"""Figures as JSON: the members of a `Figure` from its sums, for answers that have hundreds of them."""

from functools import lru_cache

from shared.contracts.vocabulary import Measure

from .estimate import DISTRIBUTION_NEEDS
from .rounding import mean_from_floats, share_from_floats
from .tally import Tally


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
    mean, deviation, interval = mean_from_floats(tally) or tally.mean_in_thousandths() or (None, None, None)
    return (
        f'"n":{tally.n or "null"},"mean":{_decimal(mean)},"standardDeviation":{_decimal(deviation)},"numerator":null,'
        f'"denominator":null,"share":null,"confidenceInterval":{_between(interval)},"distribution":{classes}'
    )


def _ratio(tally: Tally, classes: str) -> str:
    share, interval = share_from_floats(tally) or tally.share_in_thousandths() or (None, None)
    return (
        f'"n":{tally.n or "null"},"mean":null,"standardDeviation":null,"numerator":{tally.numerator},'
        f'"denominator":{tally.denominator or "null"},"share":{_decimal(share)},'
        f'"confidenceInterval":{_between(interval)},"distribution":{classes}'
    )


def _between(interval: tuple[int, int] | None) -> str:
    return f'{{"low":{_decimal(interval[0])},"high":{_decimal(interval[1])}}}' if interval else "null"


@lru_cache(10_000)
def _decimal(thousandths: int | None) -> str:
    return "null" if thousandths is None else str(thousandths / 1000)
