"""The rules of an initiative: pure decisions, no clock, no database."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.initiatives import InitiativePhaseChanged
from shared.contracts.vocabulary import Phase, Theme
from shared.refusals import Conflict

_ORDER = (Phase.EXPLORING, Phase.PREPARING, Phase.RUNNING, Phase.EMBEDDING, Phase.COMPLETED)
_ENDED = (Phase.COMPLETED, Phase.STOPPED)


@dataclass(frozen=True, slots=True)
class Initiative:
    """What a decision needs to know."""

    id: str
    phase: Phase
    phase_on: date
    themes: tuple[Theme, ...]
    municipalities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangePhase:
    """Move an initiative to another phase, reached on a date."""

    phase: Phase
    on: date


def change_phase(state: Initiative, command: ChangePhase, today: date) -> InitiativePhaseChanged:
    """A phase moves forward, possibly past one; an initiative may stop until it has ended."""
    if state.phase in _ENDED:
        raise Conflict("initiative-ended", "Dit initiatief is afgerond of gestopt: de fase ligt vast.", "#/phase")
    forward = command.phase in _ORDER and _ORDER.index(command.phase) > _ORDER.index(state.phase)
    if not forward and command.phase is not Phase.STOPPED:
        raise Conflict(
            "phase-not-forward",
            f"Van fase {state.phase} kan dit initiatief niet naar {command.phase}.",
            "#/phase",
        )
    # An initiative explores from the day we heard of it; it may have moved on before that.
    if state.phase is not Phase.EXPLORING and command.on < state.phase_on:
        raise Conflict(
            "phase-before-previous",
            f"De vorige fase begon op {state.phase_on}: kies die dag of later.",
            "#/on",
        )
    if command.on > today:
        raise Conflict("date-in-future", "Een fase die nog niet is bereikt, kan niet worden vastgelegd.", "#/on")
    return InitiativePhaseChanged(
        initiative=state.id,
        previous=state.phase,
        phase=command.phase,
        on=command.on,
        themes=state.themes,
        municipalities=state.municipalities,
    )
