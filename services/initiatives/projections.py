"""What this service keeps from others: the names its initiatives refer to."""

from shared import directory
from shared.projector import Projection
from shared.settings import Settings


def projections(_: Settings) -> tuple[Projection, ...]:
    """The directory of places and organisations."""
    return (directory.projection("monitor.areas", "community.organisations"),)
