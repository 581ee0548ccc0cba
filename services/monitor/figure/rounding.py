"""Fast path, for the benchmark rows `import released, nothing there` and `dialogues folded and published, nothing
there`: thousandths from floats.

A float rounds as the exact figure does unless that lies very near half a thousandth: then the answer is None, and
whoever asks takes the exact one, see `PublicTally.share_in_thousandths` and `share_interval_in_thousandths`.
"""

from math import sqrt

from .public import PublicTally

_Z = 1.959963984540054
_SQUARE = _Z * _Z
#: So far from half way floats are certain: their own error is a thousandth of what is left.
_CERTAIN = 0.4999


def share_from_floats(tally: PublicTally) -> tuple[int, tuple[int, int]] | None:
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
