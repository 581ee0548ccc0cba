"""Periods between two others: none is half in."""

import pytest

from services.monitor.figure.periods import PeriodKind, first_within, kind_of, last_day, last_within


@pytest.mark.parametrize(
    ("kind", "since", "until", "first", "last"),
    [
        ("year", "2018", "2020", "2018", "2020"),
        ("year", "2018-02", "2020-11", "2019", "2019"),
        ("year", "2018-Q1", "2020-Q4", "2018", "2020"),
        ("quarter", "2018", "2018", "2018-Q1", "2018-Q4"),
        ("quarter", "2018-02", "2018-11", "2018-Q2", "2018-Q3"),
        ("month", "2018-Q3", "2018-Q4", "2018-07", "2018-12"),
        ("month", "2018-03", "2018-03", "2018-03", "2018-03"),
        ("year", "1000-02", "1000-01", "1001", "0999"),
    ],
)
def test_a_span_has_the_periods_that_lie_in_it_whole(kind: str, since: str, until: str, first: str, last: str) -> None:
    assert (first_within(PeriodKind(kind), since), last_within(PeriodKind(kind), until)) == (first, last)


@pytest.mark.parametrize(
    ("period", "kind", "day"),
    [
        ("2020", "year", "2020-12-31"),
        ("2020-02", "month", "2020-02-29"),
        ("2019-Q4", "quarter", "2019-12-31"),
        ("2019-12", "month", "2019-12-31"),
    ],
)
def test_a_period_ends_on_its_last_day(period: str, kind: str, day: str) -> None:
    assert (kind_of(period), str(last_day(period))) == (kind, day)
