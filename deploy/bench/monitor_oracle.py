"""What a figure of the monitor must be. Knows nothing of the service: plain arithmetic on what was drawn."""

import math
from fractions import Fraction

from .monitor_world import Json, Sums

_MILLION = 10**6


def wrong(figure: object, measure: str, sums: Sums) -> str | None:
    """What is wrong with a figure as it was answered; None when it is right."""
    if not isinstance(figure, dict):
        return f"{figure!r} is no figure"
    expected: Json = {
        "n": sums.n or None,
        "mean": float(_thousandths(sums.total, sums.n * _MILLION)) if measure == "mean" else None,
        "numerator": sums.numerator if measure in ("ratio", "count") else None,
        "denominator": sums.denominator or None,
        "share": float(_thousandths(sums.numerator, sums.denominator)) if measure == "ratio" else None,
        "distribution": list(sums.histogram) if measure == "distribution" else None,
    }
    found = {name: figure[name] for name in expected}
    if found != expected:
        return f"{found} where {expected} belongs"
    about = _about(measure, sums)
    interval = figure["confidenceInterval"]
    seen = (figure["standardDeviation"], *((interval["low"], interval["high"]) if interval else (None, None)))
    # The service rounds exact roots; these are floats.
    near = all(a is b if a is None or b is None else abs(a - b) < 0.000_51 for a, b in zip(seen, about, strict=True))
    return None if near else f"deviation and interval {seen} where {about} belongs"


def _about(measure: str, sums: Sums) -> tuple[float | None, float | None, float | None]:
    z = 1.959963984540054
    if measure == "mean":
        mean = sums.total / sums.n / _MILLION
        variance = float(Fraction(sums.squares * sums.n - sums.total**2, sums.n**2 * _MILLION**2))
        half = z * math.sqrt(variance / (sums.n - 1))
        return math.sqrt(variance), mean - half, mean + half
    if measure == "ratio":
        n, p = sums.denominator, sums.numerator / sums.denominator
        middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return None, (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)
    return None, None, None


def _thousandths(above: int, below: int) -> Fraction:
    return Fraction(round(Fraction(1000 * above, below)), 1000)
