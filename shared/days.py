"""Which days and moments there are: facts lie from 1900 up to and including 2199, and are written in one way."""

import re
from datetime import UTC, date, datetime

FIRST_YEAR, LAST_YEAR = 1900, 2199
FIRST_DAY, LAST_DAY = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})", re.ASCII)


def is_written_as_day(text: str) -> bool:
    """Whether it is written as `2026-11-24` is; such a day need not be there."""
    return _DAY.fullmatch(text) is not None


def read_day(text: str) -> date | None:
    """The day of facts that a text is, `2026-11-24`; None when it is none."""
    try:
        day = date.fromisoformat(text) if is_written_as_day(text) else None
    except ValueError:
        return None
    return day if day is not None and FIRST_DAY <= day <= LAST_DAY else None


def read_moment(text: str) -> datetime | None:
    """The moment that a text is, with its zone: `2026-11-24T09:00:00Z`; None when it is none of those years."""
    if _MOMENT.fullmatch(text) is None:
        return None
    try:
        moment = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if FIRST_YEAR <= moment.year <= LAST_YEAR else None
