"""Puts a workload into a topic. Its answer is drawn at the same time."""

import time
from collections.abc import Callable

from confluent_kafka import KafkaException, Producer
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from . import workload
from .oracle import Answer, Oracle

_ADMIN_SECONDS = 30.0
#: Errors only: a broker that has just started is slow to hand out producer ids, and librdkafka tells.
_QUIET = {"log_level": 3}


def make_topic(servers: str, topic: str, partitions: int = workload.PARTITIONS) -> None:
    """An empty topic that keeps everything."""
    wanted = NewTopic(topic, partitions, 1, config={"retention.ms": "-1"})
    admin = AdminClient({"bootstrap.servers": servers, **_QUIET})  # kept: its futures fail when it goes
    for future in admin.create_topics([wanted]).values():
        future.result(_ADMIN_SECONDS)


def drop_topic(servers: str, topic: str) -> None:
    """Delete a topic and what is in it."""
    admin = AdminClient({"bootstrap.servers": servers, **_QUIET})
    for future in admin.delete_topics([topic]).values():
        future.result(_ADMIN_SECONDS)


def producer(servers: str, linger_ms: int = 20) -> Producer:
    """As a relay's: idempotent, so each partition keeps its order. lz4."""
    return Producer(
        {
            "bootstrap.servers": servers,
            "enable.idempotence": True,
            "compression.type": "lz4",
            "linger.ms": linger_ms,
            **_QUIET,
            "queue.buffering.max.kbytes": 262_144,
            "queue.buffering.max.messages": 500_000,
        }
    )


def send(to: Producer, topic: str, record: workload.Record) -> None:
    """Hand a record to the producer, waiting while its queue is full."""
    while True:
        try:
            to.produce(topic, record.value, record.key, record.partition, headers=[*record.headers])
        except BufferError:
            to.poll(0.05)
        else:
            return


def write(servers: str, topic: str, size: int, seed: int = 1, say: Callable[[str], None] = print) -> Answer:
    """Make the topic and fill it with a workload of `size` records; returns the right answer. Raises KafkaException."""
    make_topic(servers, topic)
    oracle, to, began = Oracle(), producer(servers), time.monotonic()
    for number, record in enumerate(workload.records(size, seed)):
        oracle.add(record)
        send(to, topic, record)
        if number % 1_000 == 0:
            to.poll(0)
    if left := to.flush(60.0):
        raise KafkaException(f"{left} records of {topic} were not acknowledged")
    say(f"{topic}: {size:,} records in {time.monotonic() - began:.0f} s")
    return oracle.answer()
