"""How many people must be behind a figure before it is public."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.contracts.vocabulary import SourceKind

from ..settings import MonitorSettings


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The fewest respondents that may be published, per kind of source."""

    default: int
    kinds: Mapping[SourceKind, int] = field(default_factory=dict)

    def of(self, source: SourceKind) -> int:
        """For this kind of source."""
        return self.kinds.get(source, self.default)


def thresholds_of(settings: MonitorSettings) -> Thresholds:
    """The fewest respondents per kind of source, as this installation has it."""
    return Thresholds(settings.publication_threshold, settings.publication_thresholds)
