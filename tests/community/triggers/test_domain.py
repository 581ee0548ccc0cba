"""What the newsletter may want to tell."""

import pytest

from services.community.triggers.domain import SHIFT, trigger_of
from shared.contracts import Contract
from shared.contracts.monitor import AggregateMoved
from shared.contracts.vocabulary import AggregateKind, AreaLevel, SourceKind, TriggerReason

from ..samples import (
    BASELINE,
    COMMITMENT,
    EDITION,
    FINDING,
    HELD,
    IMPORTED,
    INITIATIVE,
    JUDGED,
    LESSON,
    MOVED,
    PHASE,
    PLANNED,
    WITHDRAWN,
    Change,
)

TWO_PLACES = Change(LESSON, municipalities=("GM0828", "GM0794"))


@pytest.mark.parametrize(
    ("event", "reason", "about", "initiative", "municipality"),
    [
        (PHASE, TriggerReason.PHASE_REACHED, "initiative/sociale-stad", "sociale-stad", "GM0794"),
        (LESSON, TriggerReason.LESSON_DRAWN, "initiative/sociale-stad", "sociale-stad", "GM0794"),
        (TWO_PLACES, TriggerReason.LESSON_DRAWN, "initiative/sociale-stad", "sociale-stad", None),
        (HELD, TriggerReason.DIALOGUE_HELD, HELD.subject, "sociale-stad", "GM0794"),
        (FINDING, TriggerReason.BUDGET_FINDING, "budget-finding/zet-jaarbedrag", None, None),
        (EDITION, TriggerReason.EDITION_PUBLISHED, "edition/monitor-2019", None, None),
        (JUDGED, TriggerReason.GOAL_JUDGED, "goal/dementievriendelijk-30", None, None),
        (Change(JUDGED, area="GM0794"), TriggerReason.GOAL_JUDGED, "goal/dementievriendelijk-30", None, "GM0794"),
        (MOVED, TriggerReason.INDICATOR_MOVED, "aggregate/indicator.verbondenheid.GM0794.2026-11", None, "GM0794"),
    ],
)
def test_seven_things_are_worth_a_newsletter(
    event: Contract, reason: TriggerReason, about: str, initiative: str | None, municipality: str | None
) -> None:
    trigger = trigger_of("e-1", event)
    assert trigger is not None
    assert (trigger.reason, trigger.cause, trigger.about) == (reason, "e-1", about)
    assert (trigger.initiative, trigger.municipality) == (initiative, municipality)


@pytest.mark.parametrize("event", [INITIATIVE, PLANNED, WITHDRAWN, COMMITMENT, BASELINE, IMPORTED])
def test_other_news_is_not(event: Contract) -> None:
    assert trigger_of("e-1", event) is None


def test_one_event_always_raises_the_same_trigger_and_another_event_another() -> None:
    # Readers know a trigger by its id: it may never change.
    ids = [trigger.trigger for id_ in ("e-1", "e-1", "e-2") if (trigger := trigger_of(id_, HELD)) is not None]
    assert ids[0] == ids[1] == "4e940f45-493b-596c-9166-56e5efe52367"
    assert ids[2] != ids[0]


@pytest.mark.parametrize(
    ("moved", "raised"),
    [
        (MOVED, True),
        (Change(MOVED, mean=2.6), True),
        (Change(MOVED, mean=3.599), False),
        # As floats 0.49999999999999956 apart.
        (Change(MOVED, mean=4.1, previous_mean=3.6), True),
        (Change(MOVED, level=AreaLevel.REGION, area="zuidoost-brabant"), True),
        (Change(MOVED, level=AreaLevel.PROVINCE, area="PV30"), False),
        (Change(MOVED, of=AggregateKind.THEME, code="verbinding"), False),
        (Change(MOVED, previous_mean=None), False),
        (Change(MOVED, mean=None, n=0), False),
        (Change(MOVED, suppressed=True, mean=None, n=None), False),
        (Change(MOVED, period="2026-Q4"), False),
        (Change(MOVED, period="2026"), False),
        (Change(MOVED, level=AreaLevel.NEIGHBOURHOOD, area="BU07940101"), False),
        (Change(MOVED, source=SourceKind.SURVEY), False),
    ],
)
def test_an_indicator_that_moves_half_a_point_in_a_municipality_or_region_is_told(
    moved: AggregateMoved, raised: bool
) -> None:
    assert SHIFT == 0.5
    assert (trigger_of("e-1", moved) is not None) is raised


def test_a_region_is_not_passed_off_as_a_municipality() -> None:
    trigger = trigger_of("e-1", Change(MOVED, level=AreaLevel.REGION, area="zuidoost-brabant"))
    assert trigger is not None
    assert trigger.municipality is None
