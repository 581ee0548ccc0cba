"""A geography that remembers says what one without memory says, however often it is asked."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.monitor.areas.memory import RememberingGeography

from .brabant import brabant, read

PLAIN, KEPT = brabant(), RememberingGeography(*read())
QUESTIONS = st.lists(
    st.tuples(
        st.sampled_from(sorted(PLAIN.areas)),
        st.integers(2016, 2023),
        st.sampled_from(["2015", "2016", "2018-12", "2019-Q1", "2021", "2022-03"]),
    ),
    max_size=10,
)


@pytest.mark.twin_of("services.monitor.areas.memory")
@given(QUESTIONS)
def test_both_say_the_same(questions: list[tuple[str, int, str]]) -> None:
    for area, year, period in questions * 2:
        assert KEPT.parts(area, year, period) == PLAIN.parts(area, year, period)
        assert KEPT.is_given(area, year, period) == PLAIN.is_given(area, year, period)
        assert KEPT.municipalities_on(date(year, 1, 1)) == PLAIN.municipalities_on(date(year, 1, 1))
