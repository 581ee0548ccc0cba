"""Round edges for classes and axes."""

from collections.abc import Iterator, Sequence
from decimal import Decimal


def edges(
    low: Decimal,
    high: Decimal,
    parts: int,
    finest: Decimal,
    widths: Sequence[int] = (1, 2, 5),
    end: Decimal | None = None,
) -> tuple[Decimal, ...]:
    """The edges of so many parts of one width that hold everything from `low` to `high`.

    A width is one of `widths`, ten or a hundred.. times that, of `finest`. Of values between 0 and `end` no edge lies
    beyond: there may be less parts.
    """
    for width in _round(finest, widths):
        start = (low - low % width) - (width if low % width < 0 else 0)
        if start + parts * width >= high:
            if end is not None:
                start = max(min(start, end - parts * width), Decimal())
            found = (start + n * width for n in range(parts + 1))
            return tuple(edge for edge in found if end is None or edge <= end)
    raise AssertionError("widths grow without end")


def _round(finest: Decimal, widths: Sequence[int]) -> Iterator[Decimal]:
    while True:
        yield from (finest * width for width in widths)
        finest *= 10
