"""The metrics that only the monitor has."""

from prometheus_client import Gauge

OBSERVATION_IMPORTS = Gauge(
    "veerkracht_observation_imports",
    "Files of observations offered so far, by what became of them: reading, accepted, refused, failed or interrupted",
    ("state",),
)
OBSERVATION_STEPS = Gauge(
    "veerkracht_observation_steps_pending", "Steps of accepted files of observations that are still to be published"
)
PUBLICATIONS = Gauge("veerkracht_publications", "The number of the newest publication of the monitor")
UNITS_WAITING = Gauge(
    "veerkracht_units_waiting",
    "Findings and small observations that wait for enough others to be published with; not for the public",
    ("source",),
)
GOALS_UNJUDGED = Gauge(
    "veerkracht_goals_unjudged",
    "Goals that could not be judged when it was last tried: their verdict stays as it was told",
)
