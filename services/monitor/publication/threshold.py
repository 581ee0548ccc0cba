"""How many people must be behind a figure before it is public, as this installation has it."""

from ..settings import MonitorSettings
from .domain import Thresholds


def thresholds_of(settings: MonitorSettings) -> Thresholds:
    """The fewest respondents per kind of source."""
    return Thresholds(settings.publication_threshold, settings.publication_thresholds)
