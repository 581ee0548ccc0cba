"""The tile map's geometry and colours: a class from 1 (low) to 5 (high) for each municipality that has a value."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .tiles import COLUMNS, ROWS, TILES

CLASSES = 5
_SIDE, _GAP = 40, 4


@dataclass(frozen=True, slots=True)
class Square:
    """A municipality on the map: corner in the units of the view box, class 1-5, or 0 without a value."""

    code: str
    x: int
    y: int
    letters: str
    grade: int


@dataclass(frozen=True, slots=True)
class Band:
    """A line of the legend: values from `low` up to `high`."""

    grade: int
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class TileMap:
    """All squares, the legend, and the size of the view box."""

    squares: tuple[Square, ...]
    legend: tuple[Band, ...]
    side: int = _SIDE
    width: int = COLUMNS * (_SIDE + _GAP) - _GAP
    height: int = ROWS * (_SIDE + _GAP) - _GAP


def tile_map(
    municipalities: Iterable[str], values: Mapping[str, Decimal], scale: tuple[Decimal, Decimal] | None = None
) -> TileMap:
    """Draw these municipalities. `scale` is the whole range of the unit; without it the values' own range is used.

    A municipality without a place on the map is left out: the table beside it has every one.
    """
    bounds = _bounds(list(values.values()), scale)
    step = _SIDE + _GAP
    squares = tuple(
        Square(code, tile.column * step, tile.row * step, tile.letters, _grade(values.get(code), bounds))
        for code in municipalities
        if (tile := TILES.get(code)) is not None
    )
    legend = tuple(Band(n, bounds[n - 1], bounds[n]) for n in range(1, CLASSES + 1)) if bounds else ()
    return TileMap(squares, legend)


def _bounds(values: Sequence[Decimal], scale: tuple[Decimal, Decimal] | None) -> tuple[Decimal, ...]:
    """Six edges of five classes of the same width; none without values."""
    if not values:
        return ()
    low, high = scale or (min(values), max(values))
    if low == high:
        high = low + 1
    return tuple(low + (high - low) * n / CLASSES for n in range(CLASSES + 1))


def _grade(value: Decimal | None, bounds: Sequence[Decimal]) -> int:
    if value is None or not bounds:
        return 0
    return min(max(bisect_right(bounds, value), 1), CLASSES)
