"""Tallies for tests."""

from services.monitor.figure.tally import Tally


def of_mean(value: int, n: int, deviation: int | None) -> Tally:
    """A mean of `n` values, and its standard deviation when it is known, both in millionths."""
    return Tally(
        respondents=n,
        n=n,
        total=value * n,
        squares=0 if deviation is None else n * (value * value + deviation * deviation),
        spread_n=0 if deviation is None else n,
    )
