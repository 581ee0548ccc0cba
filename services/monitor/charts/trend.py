"""A trend's geometry: a line through what is known, a band for its 95% confidence, and gaps where nothing is known."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from .scale import edges

WIDTH, HEIGHT = 440, 230
_LEFT, _RIGHT, _TOP, _BOTTOM = 54, 12, 26, 34
_PARTS = 4
#: How wide a letter of a label is along the axes, and the white between two labels and around one.
_LETTER, _WHITE, _DIGIT, _AROUND = 7, 16, 8, 14


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """A period's value and its confidence interval. None: nothing is public.

    `label` is written under it; `anew` says why it may not be joined to what was before.
    """

    period: str
    label: str
    value: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None
    anew: str | None = None


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
    point: TrendPoint


@dataclass(frozen=True, slots=True)
class Whisker:
    """The confidence interval of a value without neighbours, which a band cannot show."""

    x: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Trend:
    """`lines` and `bands` are SVG point lists, one for each stretch without gaps; `leaps` join stretches."""

    lines: tuple[str, ...]
    leaps: tuple[str, ...]
    bands: tuple[str, ...]
    whiskers: tuple[Whisker, ...]
    dots: tuple[Dot, ...]
    marks: tuple[Tick, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    top: int = _TOP
    bottom: int = HEIGHT - _BOTTOM
    width: int = WIDTH
    height: int = HEIGHT


def trend(
    points: Sequence[TrendPoint], finest: Decimal, write: Callable[[Decimal], str], end: Decimal | None = None
) -> Trend | None:
    """Draw a series in order of time, of periods of one kind without holes; None when less than two are known.

    The axis is in round steps of at least `finest`, bands included, and goes no further than `end`.
    """
    known = [p for p in points if p.value is not None]
    if len(known) < 2:
        return None
    shown = [value for p in known for value in (p.value, p.low, p.high) if value is not None]
    ticks = edges(min(shown), max(shown), _PARTS, finest, end=end)
    up = [write(value) for value in ticks]
    left = max(_LEFT, max(map(len, up)) * _DIGIT + _AROUND)
    span, depth = WIDTH - left - _RIGHT, HEIGHT - _TOP - _BOTTOM
    xs = [round(left + span * (n + 0.5) / len(points), 1) for n in range(len(points))]

    def y(value: Decimal) -> float:
        return round(_TOP + depth * (1 - float((value - ticks[0]) / (ticks[-1] - ticks[0]))), 1)

    ys = [None if p.value is None else y(p.value) for p in points]
    runs = _runs(points)
    widest = max(len(point.label) for point in points) * _LETTER + _WHITE
    every = -(-len(points) // (span // widest))
    return Trend(
        lines=tuple(" ".join(f"{xs[n]},{ys[n]}" for n in run) for run in runs if len(run) > 1),
        leaps=tuple(
            f"{xs[a[-1]]},{ys[a[-1]]} {xs[b[0]]},{ys[b[0]]}"
            for a, b in pairwise(runs)
            if not any(point.anew for point in points[a[-1] + 1 : b[0] + 1])
        ),
        bands=tuple(band for run in runs if len(run) > 1 and (band := _band(points, run, xs, y))),
        whiskers=tuple(
            Whisker(xs[n], y(high), y(low))
            for (n, *others) in runs
            if not others and (low := points[n].low) is not None and (high := points[n].high) is not None
        ),
        dots=tuple(Dot(xs[n], at, points[n]) for n, at in enumerate(ys) if at is not None),
        marks=tuple(
            Tick(round(xs[n] - span / len(points) / 2, 1), p.anew) for n, p in enumerate(points) if n and p.anew
        ),
        across=tuple(Tick(xs[n], p.label) for n, p in enumerate(points) if n % every == 0),
        up=tuple(Tick(y(value), text) for value, text in zip(ticks, up, strict=True)),
        left=left,
    )


def _runs(points: Sequence[TrendPoint]) -> list[list[int]]:
    """Indexes of neighbouring points that are known and may be joined."""
    found: list[list[int]] = []
    for n, point in enumerate(points):
        if point.value is None:
            continue
        if found and found[-1][-1] == n - 1 and not point.anew:
            found[-1].append(n)
        else:
            found.append([n])
    return found


def _band(points: Sequence[TrendPoint], run: Sequence[int], xs: Sequence[float], y: Callable[[Decimal], float]) -> str:
    """There along the upper edge and back along the lower one; nothing when an edge is not known."""
    upper = [(xs[n], high) for n in run if (high := points[n].high) is not None]
    lower = [(xs[n], low) for n in reversed(run) if (low := points[n].low) is not None]
    if len(upper) < len(run) or len(lower) < len(run):
        return ""
    return " ".join(f"{x},{y(value)}" for x, value in (*upper, *lower))
