"""The metrics that every service has, declared once. docs/metrics.md lists them and a test holds it so."""

from datetime import datetime

from prometheus_client import Counter, Gauge, Histogram

_LATENCY = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

SERVICE_HEALTHY = Gauge(
    "veerkracht_service_healthy",
    "1 when every process of the service is up and keeps up, 0 when not: /<service>/health says which and why",
    ("service",),
)
EVENTS_PUBLISHED = Counter("veerkracht_events_published_total", "Events acknowledged by Kafka", ("service", "topic"))
OUTBOX_OLDEST = Gauge("veerkracht_outbox_oldest_unsent_seconds", "Age of the oldest unsent outbox row", ("service",))
SET_ASIDE = Gauge(
    "veerkracht_outbox_set_aside_events", "Events that Kafka does not take, set aside to be sent later", ("service",)
)
EVENTS_PROJECTED = Counter(
    "veerkracht_events_projected_total", "Events folded into read tables", ("service", "projection")
)
EVENTS_DUPLICATE = Counter(
    "veerkracht_events_duplicate_total",
    "Events dropped because they were folded before",
    ("service", "projection"),
)
DEAD_LETTERS = Counter(
    "veerkracht_events_dead_lettered_total", "Events set aside as dead letters", ("service", "projection")
)
WATERMARK_LAG = Gauge(
    "veerkracht_watermark_lag_events",
    "Events in the log past the watermark",
    ("service", "projection", "topic", "partition"),
)
PARTITION_STANDS = Gauge(
    "veerkracht_partition_stands_seconds",
    "How long the watermark of a partition has not moved though the log goes on past it: the longest of a projection",
    ("service", "projection"),
)
HEARTBEAT_AGE = Gauge(
    "veerkracht_heartbeat_age_seconds", "Since a worker last heard a heartbeat of this relay", ("service", "relay")
)
HEARTBEAT_TRIP = Gauge(
    "veerkracht_heartbeat_trip_seconds", "How long the last heartbeat was under way from relay to worker", ("relay",)
)
LONGEST_WAIT = Gauge(
    "veerkracht_longest_wait_seconds",
    "The longest wait of a relay or stream worker in the last minutes: for its turn, garbage, a connection, a "
    "statement, a lock, a commit, Kafka, or its partitions",
    ("service", "process", "wait"),
)
FRESHNESS = Histogram(
    "veerkracht_event_freshness_seconds",
    "From the time of the first event of a batch to the commit of the read tables it moved",
    ("service", "projection"),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600),
)
HTTP_LATENCY = Histogram(
    "veerkracht_http_request_seconds",
    "From the first byte of a request to the start of its response",
    ("service", "method", "route", "status"),
    buckets=_LATENCY,
)
ROWS_FORGOTTEN = Counter(
    "veerkracht_rows_forgotten_total",
    "Rows that were forgotten because they had served: idempotency or dead_letter",
    ("service", "table"),
)
STREAM_SUBSCRIBERS = Gauge("veerkracht_stream_subscribers", "Open server-sent event streams", ("service",))
STREAM_CUT_OFF = Counter(
    "veerkracht_stream_cut_off_total",
    "Readers of a stream cut off because they took nothing for too long",
    ("service",),
)
CONNECTIONS_CLOSED = Counter(
    "veerkracht_connections_closed_total",
    "Connections closed because the client kept us waiting, there were too many, or it sent no HTTP: headers, body, "
    "reader, many or unreadable",
    ("reason",),
)


def age(since: datetime, now: datetime) -> float:
    """Seconds from one moment to another; 0 where the clock that told the first is ahead: a sum must not go back."""
    return max((now - since).total_seconds(), 0.0)
