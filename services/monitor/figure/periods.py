"""Periods as they are written: a month `2019-03`, a quarter `2019-Q1`, a year `2019`; and which lie within which."""

import re
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from shared.days import FIRST_YEAR, LAST_YEAR

_WRITTEN = re.compile(r"(\d{4})(?:-(?:(0[1-9]|1[0-2])|Q([1-4])))?", re.ASCII)


def is_period(text: str) -> bool:
    """Whether this is how a month, quarter or year is written, one in which facts can lie."""
    return _WRITTEN.fullmatch(text) is not None and FIRST_YEAR <= year_of(text) <= LAST_YEAR


def month_of(day: date) -> str:
    """The month of a day."""
    return day.isoformat()[:7]


def around(period: str) -> tuple[str, ...]:
    """The period and those it lies in, shortest first. Raises ValueError when it is not written as one."""
    match = _WRITTEN.fullmatch(period)
    if match is None:
        raise ValueError(f"{period!r} is not a month, quarter or year")
    year, month, quarter = match.groups()
    if month:
        return period, f"{year}-Q{(int(month) + 2) // 3}", year
    return (period, year) if quarter else (year,)


def year_of(period: str) -> int:
    """The calendar year a period lies in."""
    return int(period[:4])


@lru_cache(2048)
def first_day(period: str) -> date:
    """The day a period begins. Raises ValueError when it is not written as one."""
    match = _WRITTEN.fullmatch(period)
    if match is None:
        raise ValueError(f"{period!r} is not a month, quarter or year")
    year, month, quarter = match.groups()
    return date(int(year), int(month or 3 * int(quarter or 1) - 2), 1)


@lru_cache(2048)
def last_day(period: str) -> date:
    """The last day of a period. Raises ValueError when it is not written as one."""
    first = first_day(period)
    months = {4: 12, 7: 3 if "Q" in period else 1}[len(period)]
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1) - timedelta(days=1)


class PeriodKind(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


def kind_of(period: str) -> PeriodKind:
    """How long a period is, from how it is written."""
    if len(period) == 4:
        return PeriodKind.YEAR
    return PeriodKind.QUARTER if "Q" in period else PeriodKind.MONTH


def containing(kind: PeriodKind, day: date) -> str:
    """The period of a kind that a day lies in."""
    return dict(zip(PeriodKind, around(month_of(day)), strict=True))[kind]


def first_within(kind: PeriodKind, since: str) -> str:
    """The first period of a kind that begins no earlier than `since` does. Raises ValueError when that is no period."""
    period = containing(kind, first_day(since))
    return period if first_day(period) == first_day(since) else containing(kind, last_day(period) + timedelta(days=1))


def last_within(kind: PeriodKind, until: str) -> str:
    """The last period of a kind that ends no later than `until` does. Raises ValueError when that is no period."""
    period = containing(kind, last_day(until))
    return period if last_day(period) == last_day(until) else containing(kind, first_day(period) - timedelta(days=1))
