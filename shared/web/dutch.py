"""Days, numbers and words as a Dutch reader expects them."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

#: What stands for an apostrophe in a name, as people and their programs write it.
_APOSTROPHE = "'\u2019\u2018\u201b\u2032\u2035\u02b9\u02bb\u02bc\u02bd\u02c8\uff07\ua78c`\u00b4"
#: `'s-`, `'t ` and `'n `: an article with its apostrophe. `De` and `Het` are looked up as they are written.
_ARTICLE = re.compile(rf"^\s*[{_APOSTROPHE}][stn](?:[- \u00a0\u2010\u2011\u2013]+|$)", re.IGNORECASE)
_WORD_OR_NUMBER = re.compile(r"[0-9]+|[^\W0-9_]+")
#: Letters with a stroke or tied to another, which have no plain one in Unicode.
_STROKED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"})
_DIGITS = "0123456789"
_AMSTERDAM = ZoneInfo("Europe/Amsterdam")


_MONTHS = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
]


def dutch_date(day: date) -> str:
    """`24 november 2026`; a moment is shown by its date in the Netherlands."""
    if isinstance(day, datetime):
        day = day.astimezone(_AMSTERDAM)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def dutch_moment(moment: datetime) -> str:
    """`24 november 2026, 13:05` in the Netherlands."""
    local = moment.astimezone(_AMSTERDAM)
    return f"{dutch_date(local)}, {local:%H:%M}"


def by_name(name: str) -> tuple[tuple[tuple[int, int, str], ...], str]:
    """What a name is sorted by, as a Dutch reader looks it up: without accents, capitals and signs, numbers by what
    they count, `'s-Hertogenbosch` at the H, and a name before those that begin with it. Postgres here sorts by code
    point, with Élan after Zuid."""
    letters = unicodedata.normalize("NFKD", _ARTICLE.sub("", name)).casefold().translate(_STROKED)
    plain = "".join(each for each in letters if not unicodedata.combining(each) and each not in _APOSTROPHE)
    return tuple(map(_place, _WORD_OR_NUMBER.findall(plain))), name


def _place(part: str) -> tuple[int, int, str]:
    """Numbers before words. Of two numbers the longer counts more: no number is too long to be one."""
    if part[0] in _DIGITS:
        counted = part.lstrip("0")
        return 0, len(counted), counted
    return 1, 0, part


def decimal(value: float, places: int = 1) -> str:
    """A number with a decimal comma."""
    return f"{value:.{places}f}".replace(".", ",")


def whole(value: float) -> str:
    """A whole number with its thousands apart: `12.400`."""
    return f"{value:,.0f}".replace(",", ".")


def words(slug: str) -> str:
    """A slug as words: `sociaal-ondernemen` becomes `sociaal ondernemen`."""
    return slug.replace("-", " ")


def enumeration(parts: Iterable[str]) -> str:
    """`ontmoeting, burenhulp en volhouden`; there must be one part at least."""
    *first, last = parts
    return f"{', '.join(first)} en {last}" if first else last


def placename(code: str, names: Mapping[str, str]) -> str:
    """The name of an area, its code while the name has not arrived."""
    return names.get(code, code)


def month(period: str) -> str:
    """`november 2026` from `2026-11`."""
    year, number = period.split("-")
    return f"{_MONTHS[int(number) - 1]} {year}"


def iso_utc(moment: datetime) -> str:
    """For `<time datetime>`."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")
