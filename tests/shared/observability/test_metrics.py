"""What is measured never goes back, whatever clocks say."""

from datetime import timedelta

from prometheus_client import CollectorRegistry, Histogram

from shared.observability.metrics import age
from tests.records import NOW


def test_what_a_host_a_day_ahead_says_counts_as_fresh_and_takes_nothing_off_the_sum() -> None:
    registry = CollectorRegistry()
    freshness = Histogram("freshness", "-", registry=registry)
    for moment in (NOW - timedelta(seconds=3), NOW + timedelta(days=1)):
        freshness.observe(age(moment, NOW))
    assert registry.get_sample_value("freshness_sum") == 3
