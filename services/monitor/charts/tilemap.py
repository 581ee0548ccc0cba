"""The tile map's geometry and colours: a class from 1 (low) to 5 (high) for each municipality that has a value."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .scale import edges
from .tiles import COLUMNS, ROWS, TILES

CLASSES = 5
#: Widths of a class: five of them should not reach far past the values.
_WIDTHS = (1, 2, 3, 4, 5, 6, 8)
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
    municipalities: Iterable[str],
    values: Mapping[str, Decimal],
    finest: Decimal = Decimal("0.1"),
    end: Decimal | None = None,
) -> TileMap:
    """Draw these municipalities, in five classes of a round width of at least `finest` that hold all values, none of
    them beyond `end`.

    A municipality without a place on the map is left out, and of two at one place (before and after a merger) the one
    with a value is drawn: the table beside it has every one.
    """
    bounds = edges(min(values.values()), max(values.values()), CLASSES, finest, _WIDTHS, end) if values else ()
    step = _SIDE + _GAP
    squares: dict[tuple[int, int], Square] = {}
    for code in sorted(municipalities, key=lambda code: code not in values):
        tile = TILES.get(code)
        if tile is not None:
            x, y = tile.column * step, tile.row * step
            squares.setdefault((x, y), Square(code, x, y, tile.letters, _grade(values.get(code), bounds)))
    legend = tuple(Band(n, bounds[n - 1], bounds[n]) for n in range(1, len(bounds)))
    return TileMap(tuple(squares.values()), legend)


def _grade(value: Decimal | None, bounds: Sequence[Decimal]) -> int:
    if value is None or not bounds:
        return 0
    return min(max(bisect_right(bounds, value), 1), CLASSES)
