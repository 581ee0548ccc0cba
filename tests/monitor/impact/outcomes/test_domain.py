"""What an outcome must be to be recorded: all of it is public."""

from dataclasses import replace
from datetime import date

import pytest

from services.monitor.impact.outcomes.domain import Counted, Outcome, check
from shared.refusals import Invalid

TODAY = date(2026, 11, 28)
PEOPLE = Outcome(
    "o1", "slowcare", None, None, None, None, "Leerlingen met een stage", Counted.PEOPLE, 10, "Opgave", TODAY
)


def test_of_enough_people_and_of_any_number_of_things_an_outcome_is_recorded() -> None:
    check(PEOPLE, TODAY, 10)
    check(replace(PEOPLE, counts=Counted.THINGS, count=1), TODAY, 10)


@pytest.mark.parametrize("count", [1, 9])
def test_of_fewer_people_than_the_threshold_it_is_refused_at_its_count(count: int) -> None:
    with pytest.raises(Invalid) as refusal:
        check(replace(PEOPLE, count=count), TODAY, 10)
    assert (refusal.value.code, refusal.value.pointer) == ("too-few-people", "#/count")
    assert refusal.value.detail == (
        "Een uitkomst over minder dan 10 mensen wordt niet vastgelegd: neem de mensen van een instelling over een "
        "periode samen."
    )
