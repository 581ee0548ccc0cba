"""What dialogues bring to publish: each finding that counts is a unit."""

from collections.abc import Iterable, Mapping

from shared.contracts.vocabulary import SourceKind

from ..figure.tally import of_scores
from ..publication.domain import Unit
from .domain import Contribution


def ref_of(dialogue: str) -> str:
    """What the units of a dialogue are of."""
    return f"dialogue/{dialogue}"


def units_of(counted: Iterable[Contribution], events: Mapping[str, str]) -> list[Unit]:
    """What may be published of contributions; `events` has the id of the event that brought each dialogue."""
    return [
        Unit(
            ref_of(c.dialogue),
            c.number,
            c.indicator,
            SourceKind.DIALOGUE,
            c.area,
            c.period,
            of_scores(c.scores),
            events[c.dialogue],
        )
        for c in counted
    ]
