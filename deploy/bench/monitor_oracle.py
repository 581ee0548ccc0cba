"""What a figure of the monitor must be. Knows nothing of the service: plain arithmetic on what was drawn."""

import math
from fractions import Fraction

from .monitor_sums import DETAIL, Sums, in_steps
from .monitor_world import Json

_MILLION = 10**6
_Z = 1.959963984540054


def wrong(figure: object, measure: str, sums: Sums) -> str | None:
    """What is wrong with a figure as it was answered; None when it is right."""
    if not isinstance(figure, dict):
        return f"{figure!r} is no figure"
    expected: Json = {
        "n": sums.n or None,
        "mean": mean_of(sums) if measure == "mean" else None,
        "bound": bound_of(sums),
        "numerator": sums.numerator if measure in ("ratio", "count") else None,
        "denominator": sums.denominator or None,
        "share": float(_thousandths(sums.numerator, sums.denominator)) if measure == "ratio" else None,
        "distribution": list(sums.histogram) if measure == "distribution" else None,
    }
    found = {name: figure[name] for name in expected}
    if found != expected:
        return f"{found} where {expected} belongs"
    interval = figure["confidenceInterval"]
    seen = (interval["low"], interval["high"]) if interval else None
    right = _is_margin(seen, sums) if measure == "mean" else _is_interval(seen, measure, sums)
    return None if right else f"the interval {seen} does not belong to {sums}"


def mean_of(sums: Sums) -> float:
    """The mean as it is shown: in thousandths, of few in tenths."""
    if sums.n < DETAIL:
        return in_steps(sums.total, sums.n) / _MILLION
    return float(_thousandths(sums.total, sums.n * _MILLION))


def bound_of(sums: Sums) -> str | None:
    """Whether all that is known of the mean is that it is lower or higher."""
    if not sums.n:
        return None
    return "lower-than" if sums.low_n == sums.n else "higher-than" if sums.high_n == sums.n else None


def _is_margin(seen: tuple[float, float] | None, sums: Sums) -> bool:
    """A deviation of 1, a quarter of the range, whoever answered; cut off to thousandths, and at the ends."""
    if seen is None:
        return False
    mean, margin = mean_of(sums), _Z / math.sqrt(sums.n)
    return _is_cut_off(mean - seen[0], margin, mean - 1) and _is_cut_off(seen[1] - mean, margin, 5 - mean)


def _is_cut_off(seen: float, margin: float, room: float) -> bool:
    return abs(seen - room) < 1e-9 if margin - 0.001 > room else -1e-7 < margin - seen < 0.001 + 1e-7


def _is_interval(seen: tuple[float, float] | None, measure: str, sums: Sums) -> bool:
    """Wilson's of a share; the service rounds exact roots, these are floats."""
    if measure != "ratio" or seen is None:
        return measure != "ratio" and seen is None
    n, p = sums.denominator, sums.numerator / sums.denominator
    middle, half = p + _Z * _Z / (2 * n), _Z * math.sqrt(p * (1 - p) / n + _Z * _Z / (4 * n * n))
    ends = (middle - half) / (1 + _Z * _Z / n), (middle + half) / (1 + _Z * _Z / n)
    return all(abs(a - b) < 0.000_51 for a, b in zip(seen, ends, strict=True))


def _thousandths(above: int, below: int) -> Fraction:
    return Fraction(round(Fraction(1000 * above, below)), 1000)
