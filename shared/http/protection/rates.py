"""How often someone may ask: so many a minute, at once or spread, in bounded memory."""

import math
from typing import NamedTuple

#: Of so many at once the standing is known. Who is forgotten for another starts afresh.
_KNOWN = 10_000
_WINDOW = 60.0
#: What adding fractions of a second again and again may be off.
_OFF = 1e-4


class Standing(NamedTuple):
    """Whether this one is allowed, how many are left now, and in how many seconds there are more."""

    allowed: bool
    left: int
    seconds: int


class Rate:
    """At most so many a minute for each.

    Kept is when the last of what each asked would be due at an even pace: one number says all. What is refused does not
    count.
    """

    def __init__(self, name: str, a_minute: int) -> None:
        """`name` is what readers of the headers see."""
        self.policy = b'"%s";q=%d;w=%d' % (name.encode(), a_minute, _WINDOW)
        self._name = name.encode()
        self._pace = _WINDOW / a_minute
        self._due: dict[str, float] = {}

    def take(self, who: str, now: float) -> Standing:
        """One more, at a time in seconds."""
        before = max(self._due.pop(who, now), now)
        due = before + self._pace
        allowed = due - now <= _WINDOW + _OFF
        if not allowed:
            due = before
        elif len(self._due) >= _KNOWN:
            del self._due[next(iter(self._due))]
        self._due[who] = due
        left = int((_WINDOW + _OFF - (due - now)) / self._pace)
        return Standing(allowed, left, math.ceil(self._pace))

    def told(self, standing: Standing) -> bytes:
        """A standing as the header RateLimit has it."""
        return b'"%s";r=%d;t=%d' % (self._name, standing.left, standing.seconds)

    def __len__(self) -> int:
        """Of how many the standing is kept."""
        return len(self._due)


def rate(name: str, a_minute: int) -> Rate | None:
    """A rate, or None when it is 0: no limit."""
    return Rate(name, a_minute) if a_minute else None
