"""The one place that makes Kafka's clients, so that no request waits longer than it may, in any of them."""

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient

from .connection import mend

#: The longest wait for an answer. To join a group takes as long as the others take to come, which is `SESSION_MS`.
REQUEST_MS = 15_000
#: A member of which nothing is heard for this long has left, and its partitions go to others.
SESSION_MS = 10_000
#: New partitions are known within this.
METADATA_MS = 5_000

mend()


def consumer(servers: str, **settings: object) -> AIOKafkaConsumer:
    """A consumer; it keeps no offsets that are not asked of it."""
    return AIOKafkaConsumer(
        bootstrap_servers=servers,
        enable_auto_commit=False,
        request_timeout_ms=REQUEST_MS,
        metadata_max_age_ms=METADATA_MS,
        **settings,
    )


def producer(servers: str, **settings: object) -> AIOKafkaProducer:
    """A producer."""
    return AIOKafkaProducer(
        bootstrap_servers=servers, request_timeout_ms=REQUEST_MS, metadata_max_age_ms=METADATA_MS, **settings
    )


def admin(servers: str) -> AIOKafkaAdminClient:
    """What makes topics and asks about them."""
    return AIOKafkaAdminClient(bootstrap_servers=servers, request_timeout_ms=REQUEST_MS)
