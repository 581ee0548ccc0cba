"""Round edges for classes and axes."""

from collections.abc import Iterator, Sequence
from decimal import Decimal


def edges(
    low: Decimal, high: Decimal, parts: int, finest: Decimal, widths: Sequence[int] = (1, 2, 5)
) -> tuple[Decimal, ...]:
    """The edges of so many parts of one width that hold everything from `low` to `high`.

    A width is one of `widths`, ten or a hundred.. times that, of `finest`.
    """
    for width in _round(finest, widths):
        start = (low - low % width) - (width if low % width < 0 else 0)
        if start + parts * width >= high:
            return tuple(start + n * width for n in range(parts + 1))
    raise AssertionError("widths grow without end")


def _round(finest: Decimal, widths: Sequence[int]) -> Iterator[Decimal]:
    while True:
        yield from (finest * width for width in widths)
        finest *= 10
