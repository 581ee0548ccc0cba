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


def member(servers: str, group: str, instance: str, **settings: object) -> AIOKafkaConsumer:
    """A consumer that shares the partitions of its topics with the other members of its group.

    With an `instance`, a name that it keeps when it is started again, its partitions wait for it after a kill -9: it is
    back at once, and nobody has to wait until its session has passed.
    """
    return consumer(
        servers,
        group_id=group,
        group_instance_id=f"{group}/{instance}" if instance else None,
        session_timeout_ms=SESSION_MS,
        heartbeat_interval_ms=3_000,
        max_poll_interval_ms=300_000,
        **settings,
    )


def give_up_place(leaving: AIOKafkaConsumer) -> None:
    """Have a member that is stopped now leave its group, also one with a name: nobody comes back for its partitions.

    aiokafka lets one with a name go without a word, so that they would wait for the length of a session.
    """
    if leaving._coordinator is not None and leaving._group_instance_id is not None:
        leaving._coordinator._group_instance_id = None


def producer(servers: str, **settings: object) -> AIOKafkaProducer:
    """A producer."""
    return AIOKafkaProducer(
        bootstrap_servers=servers, request_timeout_ms=REQUEST_MS, metadata_max_age_ms=METADATA_MS, **settings
    )


def admin(servers: str) -> AIOKafkaAdminClient:
    """What makes topics and asks about them."""
    return AIOKafkaAdminClient(bootstrap_servers=servers, request_timeout_ms=REQUEST_MS)
