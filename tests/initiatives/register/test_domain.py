"""The life of an initiative: forward, or stopped; never in the future."""

from datetime import date

import pytest

from services.initiatives.register.domain import ChangePhase, Initiative, change_phase
from shared.contracts.vocabulary import Phase, Theme
from shared.refusals import Conflict

TODAY = date(2026, 11, 24)


def initiative(phase: Phase = Phase.EXPLORING) -> Initiative:
    return Initiative("sociale-stad", phase, date(2026, 1, 1), (Theme.CONNECTION,), ("GM0794",))


@pytest.mark.parametrize("phase", [Phase.PREPARING, Phase.RUNNING, Phase.COMPLETED, Phase.STOPPED])
def test_a_phase_moves_forward_or_stops(phase: Phase) -> None:
    event = change_phase(initiative(), ChangePhase(phase, TODAY), TODAY)
    assert (event.previous, event.phase, event.on) == (Phase.EXPLORING, phase, TODAY)
    assert (event.themes, event.municipalities) == ((Theme.CONNECTION,), ("GM0794",))


@pytest.mark.parametrize("phase", [Phase.EXPLORING, Phase.PREPARING, Phase.RUNNING])
def test_a_phase_does_not_move_back_or_stand_still(phase: Phase) -> None:
    with pytest.raises(Conflict) as refused:
        change_phase(initiative(Phase.RUNNING), ChangePhase(phase, TODAY), TODAY)
    assert (refused.value.code, refused.value.pointer) == ("phase-not-forward", "#/phase")


@pytest.mark.parametrize("ended", [Phase.COMPLETED, Phase.STOPPED])
def test_what_has_ended_stays_ended(ended: Phase) -> None:
    with pytest.raises(Conflict, match="de fase ligt vast"):
        change_phase(initiative(ended), ChangePhase(Phase.STOPPED, TODAY), TODAY)


def test_a_phase_is_not_reached_before_the_previous_one_or_in_the_future() -> None:
    with pytest.raises(Conflict, match="begon op 2026-01-01"):
        change_phase(initiative(Phase.PREPARING), ChangePhase(Phase.RUNNING, date(2025, 12, 31)), TODAY)
    with pytest.raises(Conflict, match="nog niet is bereikt"):
        change_phase(initiative(), ChangePhase(Phase.RUNNING, date(2026, 11, 25)), TODAY)


def test_an_initiative_may_have_moved_on_before_it_was_registered() -> None:
    event = change_phase(initiative(), ChangePhase(Phase.RUNNING, date(2025, 12, 31)), TODAY)
    assert event.on == date(2025, 12, 31)
