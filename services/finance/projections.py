"""What this service keeps from others: the names its commitments refer to."""

from shared import directory
from shared.projector import Projection
from shared.settings import Settings


def projections(_: Settings) -> tuple[Projection, ...]:
    """The directory of initiatives and organisations."""
    return (directory.projection("initiatives.initiatives", "community.organisations"),)
