"""What this service keeps from others: the names its initiatives refer to."""

from shared import directory

PROJECTIONS = (directory.projection("monitor.areas", "community.organisations"),)
