"""The metrics that only community has. docs/metrics.md lists them."""

from prometheus_client import Gauge

PULSE_LAG = Gauge("veerkracht_pulse_lag_events", "Events that the pulse has not read yet")
