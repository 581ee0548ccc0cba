"""What the newsletter may want to tell: pure."""

from collections.abc import Sequence
from uuid import UUID, uuid5

from shared.contracts import Contract
from shared.contracts.community import DialogueHeld, NewsletterTriggerRaised
from shared.contracts.finance import BudgetFindingPublished
from shared.contracts.initiatives import InitiativePhaseChanged, LessonDrawn
from shared.contracts.monitor import AggregateMoved, EditionPublished, GoalJudged
from shared.contracts.vocabulary import AggregateKind, AreaLevel, Theme, TriggerReason

from .activities import is_news

#: An indicator that moves this far on its scale of 1 to 5, up or down, is worth telling.
SHIFT = 0.5

_NAMESPACE = UUID("6f0e9a52-3c1b-5d47-9b8e-2d7c41a05f13")


def trigger_of(event_id: str, event: Contract) -> NewsletterTriggerRaised | None:
    """What an event raises: for one event always the same trigger, under the same id."""
    match event:
        case InitiativePhaseChanged():
            return _trigger(
                event_id, event, TriggerReason.PHASE_REACHED, event.themes, event.municipalities, event.initiative
            )
        case LessonDrawn():
            return _trigger(
                event_id, event, TriggerReason.LESSON_DRAWN, event.themes, event.municipalities, event.initiative
            )
        case DialogueHeld():
            return _trigger(
                event_id, event, TriggerReason.DIALOGUE_HELD, event.themes, (event.municipality,), event.initiative
            )
        case BudgetFindingPublished():
            return _trigger(event_id, event, TriggerReason.BUDGET_FINDING)
        case EditionPublished():
            return _trigger(event_id, event, TriggerReason.EDITION_PUBLISHED)
        case GoalJudged():
            # The event does not say of which level its area is; Statistics Netherlands' codes do.
            place = (event.area,) if event.area and event.area.startswith("GM") else ()
            return _trigger(event_id, event, TriggerReason.GOAL_JUDGED, (), place)
        case AggregateMoved() if _is_shift(event):
            place = (event.area,) if event.level is AreaLevel.MUNICIPALITY else ()
            return _trigger(event_id, event, TriggerReason.INDICATOR_MOVED, (event.theme,), place)
        case _:
            return None


def _is_shift(event: AggregateMoved) -> bool:
    """A municipality's or region's month that moved far. A first figure and the province's do not count."""
    if not is_news(event):
        return False
    if event.of is not AggregateKind.INDICATOR or event.level is AreaLevel.PROVINCE or event.suppressed:
        return False
    if event.mean is None or event.previous_mean is None:
        return False
    # Both have 3 decimals; their difference as a float may fall just short.
    return round(abs(event.mean - event.previous_mean), 3) >= SHIFT


def _trigger(
    event_id: str,
    event: Contract,
    reason: TriggerReason,
    themes: tuple[Theme, ...] = (),
    municipalities: Sequence[str] = (),
    initiative: str | None = None,
) -> NewsletterTriggerRaised:
    return NewsletterTriggerRaised(
        trigger=str(uuid5(_NAMESPACE, f"{event_id}/{reason}")),
        reason=reason,
        cause=event_id,
        about=event.subject,
        initiative=initiative,
        municipality=municipalities[0] if len(municipalities) == 1 else None,
        themes=themes,
    )
