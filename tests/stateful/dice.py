"""Values at the edges of what may be asked, drawn by a seed."""

import random
import string
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID

Value = TypeVar("Value")

FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)
#: Days on which something is the first, the last, or different: of facts, of the programme, of a leap year.
DAYS = (
    FIRST,
    date(1900, 2, 28),
    date(1999, 12, 31),
    date(2015, 12, 31),
    date(2016, 1, 1),
    date(2016, 2, 29),
    date(2017, 1, 1),
    date(2018, 12, 31),
    date(2019, 1, 1),
    date(2020, 2, 29),
    date(2024, 2, 29),
    date(2100, 2, 28),
    LAST,
)
#: One line each: the shortest and the longest, and letters that a program may trip over.
LINES = (
    "A",
    "x" * 200,
    "'s-Gravenmoer & Élan",
    "Ge\N{LATIN SMALL LETTER E WITH DIAERESIS}nqu\N{LATIN SMALL LETTER E WITH CIRCUMFLEX}teerd",
    "Gee\N{COMBINING ACUTE ACCENT}n",
    "Z\N{COMBINING LONG STROKE OVERLAY}\N{COMBINING TILDE}\N{COMBINING OGONEK}ij",
    "Familie \N{WOMAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}",
    "\N{WAVING WHITE FLAG}\N{VARIATION SELECTOR-16}\N{ZERO WIDTH JOINER}\N{RAINBOW} vlag",
    "\N{GRINNING FACE}" * 200,
    "\N{ARABIC LETTER AIN}\N{ARABIC LETTER REH}\N{ARABIC LETTER BEH} 12",
    "\N{HEBREW LETTER ALEF}\N{HEBREW LETTER BET}",
    "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}stanbul stra\N{LATIN SMALL LETTER SHARP S}e",
    "\N{CJK UNIFIED IDEOGRAPH-6F22}\N{CJK UNIFIED IDEOGRAPH-5B57}",
    "\N{MATHEMATICAL BOLD FRAKTUR CAPITAL A}",
    "<script>alert(1)</script>",
    "</title><b>&amp;&lt;",
    "'; DROP TABLE area; --",
    "{{ 7 * 7 }} {% raw %}",
    "%s %(n)d {0} $1",
    "a&b=c#d?e/f;g",
    "=1+1",
    "-",
    "null",
    "0",
    "\\u0000 \\x00",
)
#: What no field takes, or hardly any: it is refused, or it does no harm.
ODD: tuple[object, ...] = (
    "",
    " ",
    "\N{NO-BREAK SPACE}",
    "\N{ZERO WIDTH SPACE}",
    "\x00",
    "a\x00b",
    "\x85",
    "\N{RIGHT-TO-LEFT OVERRIDE}abc",
    "\N{WORD JOINER}",
    "0001-01-02",
    "0202-01-02",
    "1899-12-30",
    "2200-01-02",
    "9999-12-30",
    "2023-02-30",
    "x" * 4001,
    "bestaat-niet",
    "GM9998",
    None,
    True,
    0,
    -1,
    2**31,
    2**63,
    10**30,
    1.5,
    [],
    {},
    ["GM0794", "GM0794"],
)


class Dice:
    """All chance of a run. The same seed makes the same choices."""

    def __init__(self, seed: object) -> None:
        self.random = random.Random(f"{seed}")

    def chance(self, part: float) -> bool:
        """True in this part of the times."""
        return self.random.random() < part

    def one(self, options: Sequence[Value]) -> Value:
        """One of these."""
        return self.random.choice(options)

    def some(self, options: Sequence[Value], most: int, least: int = 1) -> list[Value]:
        """A few of these, each once: often as few, sometimes as many as there may be."""
        if not options:
            return []
        most = min(most, len(options))
        least = min(least, most)
        number = self.one((least, most, self.random.randint(least, most)))
        return self.random.sample(options, number)

    def day(self, today: date, since: date = FIRST, until: date = LAST) -> date:
        """A day from `since` to `until`, often the first or the last that may be, or next to today."""
        near = (today - timedelta(days=1), today, today + timedelta(days=1))
        days = [day for day in (*DAYS, *near, since, until) if since <= day <= until]
        return self.one(days)

    def line(self) -> str:
        """One line of text of at most 200 characters."""
        return self.one(LINES)

    def text(self) -> str:
        """Text of at most 4000 characters."""
        return self.one((self.line(), f"{self.line()[:90]}\n\n\t{self.line()[:90]}", "é" * 4000))

    def uuid(self) -> str:
        """A new id."""
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def slug(self, most: int = 64) -> str:
        """A new id: a UUID, a short slug, or the longest that may be."""
        letters = string.ascii_lowercase + string.digits
        if most >= 36 and self.chance(0.5):
            return self.uuid()
        size = self.one((6, most))
        return self.one(string.ascii_lowercase) + "".join(self.random.choices(letters + "-", k=size - 1))

    def number(self, least: int, most: int) -> int:
        """A whole number from `least` to `most`, often one of the two or beside it."""
        near = [n for n in (least, least + 1, 10, 100, most - 1, most) if least <= n <= most]
        return self.one((*near, self.random.randint(least, most)))

    def odd(self) -> object:
        """What hardly any field takes."""
        return self.one(ODD)
