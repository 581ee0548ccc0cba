"""Which part of the activity a reader asks for."""

import pytest

from services.community.activity.domain import ActivityFilter, tags_of
from shared.contracts.catalogue import entry_of

from ..samples import HELD, PLANNED


@pytest.mark.parametrize(
    ("wanted", "accepted"),
    [
        (ActivityFilter(), True),
        (
            ActivityFilter(initiative="sociale-stad", municipality="GM0794", theme="verbinding", organisation="zet"),
            True,
        ),
        (ActivityFilter(type=HELD.type), True),
        (ActivityFilter(type=PLANNED.type), False),
        (ActivityFilter(municipality="GM0794", theme="gezondheid"), False),
        (ActivityFilter(organisation="sociale-stad"), False),
    ],
)
def test_every_part_of_a_wanted_must_fit(wanted: ActivityFilter, accepted: bool) -> None:
    assert wanted.accepts(tags_of(HELD.type, entry_of(HELD).concerns(HELD))) is accepted
