"""Fast path, for the benchmark rows `import released, nothing there` and `dialogues folded and published, nothing
there`: thousandths from floats.

A float rounds as the exact figure does unless that lies very near half a thousandth: then the answer is None, and
whoever asks takes the exact one, see `Tally.mean_in_thousandths` and `Tally.share_in_thousandths`.
"""

from math import sqrt

from .tally import Tally

_Z = 1.959963984540054
_SQUARE = _Z * _Z
#: So far from half way floats are certain: their own error is a thousandth of what is left, for thousandths up to this.
_CERTAIN, _LARGEST = 0.4999, 1e9


def mean_from_floats(tally: Tally) -> tuple[int, int, tuple[int, int]] | None:
    """Mean, deviation and interval, when all three are known and floats are certain of them."""
    n, total = tally.n, tally.total
    if n < 2 or tally.spread_n != n:
        return None
    spread, below = n * tally.squares - total * total, n * 1000
    mean, deviation = total / below, sqrt(spread if spread > 0 else 0) / below
    half = _Z * deviation / sqrt(n - 1)
    low, high = mean - half, mean + half
    if not (low > -_LARGEST and high < _LARGEST):
        return None
    a, b, c, d = round(mean), round(deviation), round(low), round(high)
    if (
        -_CERTAIN < mean - a < _CERTAIN
        and -_CERTAIN < deviation - b < _CERTAIN
        and -_CERTAIN < low - c < _CERTAIN
        and -_CERTAIN < high - d < _CERTAIN
    ):
        return a, b, (c, d)
    return None


def share_from_floats(tally: Tally) -> tuple[int, tuple[int, int]] | None:
    """Share and interval, when both are known and floats are certain of them."""
    a, n = tally.numerator, tally.denominator
    if not (n and 0 <= a <= n):
        return None
    below, centre, half = (n + _SQUARE) / 500, 2 * a + _SQUARE, _Z * sqrt(4 * a * (n - a) / n + _SQUARE)
    share, low, high = 1000 * a / n, (centre - half) / below, (centre + half) / below
    b, c, d = round(share), round(low), round(high)
    if -_CERTAIN < share - b < _CERTAIN and -_CERTAIN < low - c < _CERTAIN and -_CERTAIN < high - d < _CERTAIN:
        return b, (c, d)
    return None
