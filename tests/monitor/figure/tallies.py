"""Tallies for tests."""

from services.monitor.figure.public import PublicTally, publishable
from services.monitor.figure.quantity import SCORES, Quantity
from services.monitor.figure.tally import Tally, of_scores
from shared.contracts.vocabulary import Measure


def of_mean(value: int, n: int, deviation: int | None) -> Tally:
    """A mean of `n` values, and its standard deviation when it is known, both in millionths."""
    return Tally(
        respondents=n,
        n=n,
        total=value * n,
        squares=0 if deviation is None else n * (value * value + deviation * deviation),
        spread_n=0 if deviation is None else n,
    )


def published(exact: Tally, quantity: Quantity = SCORES, threshold: int = 10) -> PublicTally:
    """What may be published of a group of which something may."""
    public = publishable(exact, quantity, threshold)
    assert public is not None, "nothing of this group may be public"
    return public


def scores(*counts: int) -> PublicTally:
    """What may be published of people of whom `counts[i]` gave score i + 1."""
    return published(of_scores(counts))


def ratio(numerator: int, denominator: int) -> PublicTally:
    """What may be published of a share."""
    exact = Tally(respondents=denominator, numerator=numerator, denominator=denominator)
    return published(exact, Quantity(Measure.RATIO))


def count(number: int) -> PublicTally:
    """What may be published of so many people."""
    return published(Tally(respondents=number, numerator=number), Quantity(Measure.COUNT))
