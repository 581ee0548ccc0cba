"""Figures as JSON: the members of a `Figure` from its sums, for answers that have hundreds of them."""

from functools import lru_cache

from shared.contracts.vocabulary import Measure

from .public import PublicTally
from .quantity import Quantity
from .rounding import share_from_floats
from .tally import share_interval_in_thousandths


def members(tally: PublicTally, quantity: Quantity) -> str:
    """The members of a `Figure`."""
    counts = tally.distribution()
    classes = f"[{','.join(map(str, counts))}]" if counts else "null"
    match quantity.measure:
        case Measure.MEAN:
            return _mean(tally, quantity, classes)
        case Measure.RATIO:
            return _ratio(tally, classes)
        case Measure.COUNT:
            numerator, denominator = str(tally.numerator), str(tally.denominator or "null")
        case Measure.DISTRIBUTION:
            numerator = denominator = "null"
    return (
        f'"n":{tally.n or "null"},"mean":null,"bound":null,"numerator":{numerator},"denominator":{denominator},'
        f'"share":null,"confidenceInterval":null,"distribution":{classes}'
    )


def _mean(tally: PublicTally, quantity: Quantity, classes: str) -> str:
    mean, interval = tally.mean_in_thousandths(quantity), tally.mean_interval_in_thousandths(quantity)
    bound = tally.bound()
    told = f'"{bound}"' if bound else "null"
    return (
        f'"n":{tally.n or "null"},"mean":{_decimal(mean)},"bound":{told},"numerator":null,'
        f'"denominator":null,"share":null,"confidenceInterval":{_between(interval)},"distribution":{classes}'
    )


def _ratio(tally: PublicTally, classes: str) -> str:
    share, interval = share_from_floats(tally) or (
        tally.share_in_thousandths(),
        share_interval_in_thousandths(tally.numerator, tally.denominator),
    )
    return (
        f'"n":{tally.n or "null"},"mean":null,"bound":null,"numerator":{tally.numerator},'
        f'"denominator":{tally.denominator or "null"},"share":{_decimal(share)},'
        f'"confidenceInterval":{_between(interval)},"distribution":{classes}'
    )


def _between(interval: tuple[int, int] | None) -> str:
    return f'{{"low":{_decimal(interval[0])},"high":{_decimal(interval[1])}}}' if interval else "null"


@lru_cache(10_000)
def _decimal(thousandths: int | None) -> str:
    return "null" if thousandths is None else str(thousandths / 1000)
