"""The rules of a dialogue: planned, then held or withdrawn."""

from dataclasses import replace
from datetime import date

import pytest

from services.community.dialogues.domain import Dialogue, Hold, Status, check, hold, withdraw
from shared.contracts.community import DialogueFindingsWithdrawn, DialogueWithdrawn, Finding
from shared.contracts.vocabulary import DialogueTopic, Theme
from shared.refusals import Conflict, Invalid

TODAY = date(2026, 11, 24)
MEETING = Finding(topic=DialogueTopic.MEETING, scores=(0, 2, 5, 8, 5))
HELP = Finding(topic=DialogueTopic.NEIGHBOUR_HELP, scores=(0, 0, 0, 0, 1))
HOLD = Hold(
    held_on=date(2026, 11, 23),
    groups={"bewoners": 16, "vrijwilligers": 4},
    findings=(MEETING, HELP),
    actions=("Een buurtkamer openen",),
)
PLANNED = Dialogue(
    id="d-1",
    municipality="GM0794",
    neighbourhood=None,
    organiser="zet",
    initiative="sociale-stad",
    themes=(Theme.CONNECTION,),
    planned_on=date(2026, 11, 20),
    status=Status.PLANNED,
)
HELD = replace(PLANNED, status=Status.HELD)
WITHDRAWN = replace(HELD, status=Status.WITHDRAWN)


def test_holding_a_planned_dialogue_tells_all_what_they_may_know_and_the_monitor_the_scores() -> None:
    held, recorded = hold(PLANNED, HOLD, TODAY, 10)
    assert (held.dialogue, held.participants, held.action_count) == ("d-1", 20, 1)
    assert held.topics == (DialogueTopic.MEETING, DialogueTopic.NEIGHBOUR_HELP)
    assert (recorded.dialogue, recorded.municipality, recorded.findings) == ("d-1", "GM0794", HOLD.findings)


@pytest.mark.parametrize(
    ("planned", "known"), [("BU07940101", "BU07940101"), ("Binnenstad-Oost", "Binnenstad-Oost"), ("’t Hout", None)]
)
def test_the_monitor_hears_of_a_neighbourhood_by_what_may_be_its_code(planned: str, known: str | None) -> None:
    assert hold(replace(PLANNED, neighbourhood=planned), HOLD, TODAY, 10)[1].neighbourhood == known


@pytest.mark.parametrize(("threshold", "told"), [(20, (20, 1)), (21, (None, None))])
def test_numbers_are_told_from_the_threshold_on(threshold: int, told: tuple[int | None, int | None]) -> None:
    held, _ = hold(PLANNED, HOLD, TODAY, threshold)
    assert (held.participants, held.action_count) == told
    assert (held.topics, held.organiser) == ((DialogueTopic.MEETING, DialogueTopic.NEIGHBOUR_HELP), "zet")


@pytest.mark.parametrize("day", [PLANNED.planned_on, TODAY])
def test_a_dialogue_may_be_held_on_the_planned_day_and_today(day: date) -> None:
    assert hold(PLANNED, replace(HOLD, held_on=day), TODAY, 10)[0].held_on == day


@pytest.mark.parametrize(
    ("state", "held_on", "code", "pointer"),
    [
        (PLANNED, date(2026, 11, 19), "held-before-planned", "#/heldOn"),
        (PLANNED, date(2026, 11, 25), "date-in-future", "#/heldOn"),
        (HELD, HOLD.held_on, "dialogue-held", None),
        (WITHDRAWN, HOLD.held_on, "dialogue-withdrawn", None),
    ],
)
def test_holding_is_refused_when_it_does_not_fit(state: Dialogue, held_on: date, code: str, pointer: str) -> None:
    with pytest.raises(Conflict) as refusal:
        hold(state, replace(HOLD, held_on=held_on), TODAY, 10)
    assert (refusal.value.code, refusal.value.pointer) == (code, pointer)


@pytest.mark.parametrize(
    "again",
    [HOLD, replace(HOLD, held_on=TODAY), replace(HOLD, groups={"bewoners": 20}), replace(HOLD, findings=(MEETING,))],
)
def test_a_second_time_is_refused_in_the_same_words_whatever_it_says(again: Hold) -> None:
    with pytest.raises(Conflict) as refusal:
        hold(HELD, again, TODAY, 10)
    assert (refusal.value.code, refusal.value.pointer) == ("dialogue-held", None)
    assert refusal.value.detail == "Van deze dialoog is al een uitkomst vastgelegd: een tweede wordt niet aangenomen."


def test_withdrawing_a_held_dialogue_takes_its_scores_back() -> None:
    withdrawn, taken_back = withdraw(HELD)
    assert isinstance(withdrawn, DialogueWithdrawn)
    assert withdrawn.was_held
    assert taken_back == DialogueFindingsWithdrawn(dialogue="d-1")


def test_withdrawing_a_planned_dialogue_takes_nothing_back() -> None:
    (withdrawn,) = withdraw(PLANNED)
    assert isinstance(withdrawn, DialogueWithdrawn)
    assert not withdrawn.was_held


def test_withdrawing_again_says_nothing() -> None:
    assert withdraw(WITHDRAWN) == ()


def test_every_participant_may_score_every_topic() -> None:
    check(HOLD)
    check(replace(HOLD, groups={"bewoners": 1}, findings=(HELP,)))


@pytest.mark.parametrize(
    ("findings", "pointer"),
    [
        ((MEETING, HELP, Finding(topic=MEETING.topic, scores=HELP.scores)), "#/findings/2/topic"),
        ((HELP, Finding(topic=DialogueTopic.MEETING, scores=(21, 0, 0, 0, 0))), "#/findings/1/scores"),
        ((Finding(topic=DialogueTopic.MEETING, scores=(0, 0, 0, 0, 0)),), "#/findings/0/scores"),
    ],
)
def test_a_topic_twice_and_more_scores_than_people_are_refused(findings: tuple[Finding, ...], pointer: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check(replace(HOLD, findings=findings))
    assert refusal.value.pointer == pointer
