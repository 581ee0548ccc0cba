"""A trend's geometry: a line through what is known, a band for its 95% confidence, and gaps where nothing is known."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT = 640, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 16, 14, 40
_TICKS = 4
#: More labels than this would run into each other.
_LABELS = 12


@dataclass(frozen=True, slots=True)
class Point:
    """A period's value and its confidence interval. None: nothing is public."""

    period: str
    value: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis and what is written there."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A known value's place."""

    x: float
    y: float
    period: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Trend:
    """`lines` and `bands` are SVG point lists, one for each stretch without gaps."""

    lines: tuple[str, ...]
    bands: tuple[str, ...]
    dots: tuple[Dot, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    bottom: int = HEIGHT - _BOTTOM
    width: int = WIDTH
    height: int = HEIGHT


def trend(points: Sequence[Point], scale: tuple[Decimal, Decimal] | None = None) -> Trend | None:
    """Draw a series in order of time; None when nothing of it is known. `scale` fixes the vertical axis."""
    known = [p.value for p in points if p.value is not None]
    if not known:
        return None
    low, high = scale or _range(points)
    inner, depth = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM
    xs = [round(_LEFT + inner * (n + 0.5) / len(points), 1) for n in range(len(points))]

    def y(value: Decimal) -> float:
        inside = min(max(value, low), high)
        return round(_TOP + depth * (1 - float((inside - low) / (high - low))), 1)

    stretches = _stretches(points)
    every = -(-len(points) // _LABELS)
    return Trend(
        lines=tuple(
            " ".join(f"{xs[n]},{y(v)}" for n in run if (v := points[n].value) is not None) for run in stretches
        ),
        bands=tuple(band for run in stretches if (band := _band(points, run, xs, y))),
        dots=tuple(Dot(xs[n], y(p.value), p.period, p.value) for n, p in enumerate(points) if p.value is not None),
        across=tuple(Tick(xs[n], p.period) for n, p in enumerate(points) if n % every == 0),
        up=tuple(
            Tick(y(value), _written(value)) for value in (low + (high - low) * n / _TICKS for n in range(_TICKS + 1))
        ),
    )


def _range(points: Sequence[Point]) -> tuple[Decimal, Decimal]:
    """From a little below the lowest to a little above the highest, bands included."""
    values = [v for p in points for v in (p.value, p.low, p.high) if v is not None]
    low, high = min(values), max(values)
    margin = (high - low) / 10 or Decimal(1)
    return low - margin, high + margin


def _stretches(points: Sequence[Point]) -> list[list[int]]:
    """Indexes of neighbouring points that are known."""
    found: list[list[int]] = []
    for n, point in enumerate(points):
        if point.value is None:
            continue
        if found and found[-1][-1] == n - 1:
            found[-1].append(n)
        else:
            found.append([n])
    return found


def _band(points: Sequence[Point], run: Sequence[int], xs: Sequence[float], y: Callable[[Decimal], float]) -> str:
    """There along the upper edge and back along the lower one; nothing when an edge is not known."""
    upper = [(xs[n], high) for n in run if (high := points[n].high) is not None]
    lower = [(xs[n], low) for n in reversed(run) if (low := points[n].low) is not None]
    if len(upper) < len(run) or len(lower) < len(run):
        return ""
    return " ".join(f"{x},{y(value)}" for x, value in (*upper, *lower))


def _written(value: Decimal) -> str:
    return f"{value:.2f}".replace(".", ",")
