"""What the events of the initiatives service mean, whom they concern and how they are told."""

from ..initiatives import InitiativePhaseChanged, InitiativeRegistered, LessonDrawn
from ..vocabulary import Phase, TriggerReason
from .entry import Concerns, Entry, Names, News, No


def _page(event: InitiativeRegistered | InitiativePhaseChanged | LessonDrawn) -> str:
    return f"/initiatieven/{event.initiative}"


def _registered_concerns(event: InitiativeRegistered) -> Concerns:
    return Concerns(event.initiative, event.municipalities, event.regions, event.themes, event.partners)


def _concerns(event: InitiativePhaseChanged | LessonDrawn) -> Concerns:
    return Concerns(event.initiative, event.municipalities, themes=event.themes)


def _registered(event: InitiativeRegistered, _: Names) -> str:
    return f"{event.title} doet mee aan het programma"


def _phase_changed(event: InitiativePhaseChanged, names: Names) -> str:
    ended = event.phase in (Phase.COMPLETED, Phase.STOPPED)
    return f"{names.of('initiative', event.initiative)} is nu {'' if ended else 'in '}{event.phase.dutch}"


def _lesson_drawn(event: LessonDrawn, names: Names) -> str:
    failed = "" if event.worked else " (werkte niet)"
    return f"Les uit {names.of('initiative', event.initiative)}: {event.title}{failed}"


def _title(event: InitiativeRegistered) -> str:
    return event.title


INITIATIVE_REGISTERED = Entry(
    InitiativeRegistered,
    meaning="Een initiatief doet mee aan het programma.",
    concerns=_registered_concerns,
    news=News("Initiatief", _registered, _page),
    trigger=No("The newsletter tells what came of an initiative: a phase it reached, a lesson drawn from it."),
    name=_title,
)

INITIATIVE_PHASE_CHANGED = Entry(
    InitiativePhaseChanged,
    meaning="Een initiatief is in een andere fase gekomen.",
    concerns=_concerns,
    news=News("Fase", _phase_changed, _page),
    trigger=TriggerReason.PHASE_REACHED,
)

LESSON_DRAWN = Entry(
    LessonDrawn,
    meaning="Uit een initiatief is een les getrokken.",
    concerns=_concerns,
    news=News("Les", _lesson_drawn, _page),
    trigger=TriggerReason.LESSON_DRAWN,
)
