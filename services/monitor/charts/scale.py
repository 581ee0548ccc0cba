"""Round edges for classes and axes."""

from collections.abc import Iterator
from decimal import Decimal


def edges(low: Decimal, high: Decimal, parts: int, finest: Decimal) -> tuple[Decimal, ...]:
    """The edges of so many parts of one round width, at least `finest`, that hold everything from `low` to `high`."""
    for width in _round_widths(finest):
        start = (low - low % width) - (width if low % width < 0 else 0)
        if start + parts * width >= high:
            return tuple(start + n * width for n in range(parts + 1))
    raise AssertionError("widths grow without end")


def _round_widths(finest: Decimal) -> Iterator[Decimal]:
    """The finest, and then 2, 5, 10, 20, 50.. times as wide."""
    while True:
        yield from (finest, finest * 2, finest * 5)
        finest *= 10
