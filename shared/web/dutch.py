"""Days, numbers and words as a Dutch reader expects them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

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
