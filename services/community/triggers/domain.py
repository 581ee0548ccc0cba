"""When an event of a kind that can raise a newsletter trigger does, and which: pure."""

from uuid import UUID, uuid5

from shared.contracts import Contract
from shared.contracts.catalogue import No, entry_of
from shared.contracts.community import NewsletterTriggerRaised
from shared.contracts.monitor import AggregateMoved
from shared.contracts.vocabulary import AggregateKind, AreaLevel

#: An indicator that moves this far on its scale of 1 to 5, up or down, is worth telling.
SHIFT = 0.5

_NAMESPACE = UUID("6f0e9a52-3c1b-5d47-9b8e-2d7c41a05f13")


def trigger_of(event_id: str, event: Contract) -> NewsletterTriggerRaised | None:
    """What an event raises: for one event always the same trigger, under the same id."""
    entry = entry_of(event)
    reason = entry.trigger
    if isinstance(reason, No) or not entry.is_news(event) or not _is_worth_telling(event):
        return None
    concerns = entry.concerns(event)
    return NewsletterTriggerRaised(
        trigger=str(uuid5(_NAMESPACE, f"{event_id}/{reason}")),
        reason=reason,
        cause=event_id,
        about=event.subject,
        initiative=concerns.initiative,
        municipality=concerns.municipalities[0] if len(concerns.municipalities) == 1 else None,
        themes=concerns.themes,
    )


def _is_worth_telling(event: Contract) -> bool:
    """Whether it passes the threshold of its type, where there is one."""
    return _is_shift(event) if isinstance(event, AggregateMoved) else True


def _is_shift(event: AggregateMoved) -> bool:
    """A municipality's or region's indicator that moved far. A first figure and the province's do not count."""
    if event.of is not AggregateKind.INDICATOR or event.level is AreaLevel.PROVINCE:
        return False
    if event.mean is None or event.previous_mean is None:
        return False
    # Both have 3 decimals; their difference as a float may fall just short.
    return round(abs(event.mean - event.previous_mean), 3) >= SHIFT
