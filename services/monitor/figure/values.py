"""What a public tally says of its quantity: the values that every surface shows, in thousandths."""

from dataclasses import dataclass
from decimal import Decimal

from shared.contracts.vocabulary import Bound, Measure

from .public import PublicTally
from .quantity import Quantity

Interval = tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class FigureValues:
    """As a `Figure` has them: what its measure does not have, or nothing is known of, is None."""

    n: int | None = None
    mean: Decimal | None = None
    bound: Bound | None = None
    mean_interval: Interval | None = None
    numerator: int | None = None
    denominator: int | None = None
    share: Decimal | None = None
    share_interval: Interval | None = None
    distribution: tuple[int, ...] = ()


def values_of(tally: PublicTally, quantity: Quantity) -> FigureValues:
    """The same as `json.members` says, which is written out for speed."""
    n = tally.n or None
    match quantity.measure:
        case Measure.MEAN:
            return FigureValues(
                n,
                mean=tally.mean(quantity),
                bound=tally.bound(),
                mean_interval=tally.mean_interval(quantity),
                distribution=tally.distribution(),
            )
        case Measure.RATIO:
            return FigureValues(
                n,
                numerator=tally.numerator,
                denominator=tally.denominator or None,
                share=tally.share(),
                share_interval=tally.share_interval(),
                distribution=tally.distribution(),
            )
        case Measure.COUNT:
            return FigureValues(
                n,
                numerator=tally.numerator,
                denominator=tally.denominator or None,
                distribution=tally.distribution(),
            )
        case Measure.DISTRIBUTION:
            return FigureValues(n, distribution=tally.distribution())
