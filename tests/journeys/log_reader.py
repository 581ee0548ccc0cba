"""An independent reader of the log: librdkafka, not the client the services use."""

from collections.abc import Callable, Iterable
from time import monotonic

import msgspec
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, TopicPartition

#: What tells of the log itself is no event.
_CONTROL = b'"type":"nl.veerkracht.log.'


class Seen(msgspec.Struct, frozen=True):
    """What the tests look at in a CloudEvent."""

    id: str
    source: str
    type: str
    subject: str
    sequence: str
    correlationid: str
    causationid: str | None = None


def read_topics(
    servers: str, topics: Iterable[str], enough: Callable[[list[bytes]], bool], seconds: float = 20.0
) -> list[bytes]:
    """Every event of these topics from the beginning, until there are enough."""
    consumer = Consumer(
        {"bootstrap.servers": servers, "group.id": "an-independent-reader", "enable.auto.commit": False}
    )
    try:
        partitions = [
            TopicPartition(name, number, OFFSET_BEGINNING)
            for name in topics
            for number in consumer.list_topics(name, timeout=10).topics[name].partitions
        ]
        consumer.assign(partitions)
        values: list[bytes] = []
        deadline = monotonic() + seconds
        while not enough(values) and monotonic() < deadline:
            message = consumer.poll(0.2)
            if message is None:
                continue
            error = message.error()
            if error is not None and error.code() != KafkaError._PARTITION_EOF:
                raise AssertionError(str(error))
            value = message.value()
            if value is not None and _CONTROL not in value:
                values.append(value)
        return values
    finally:
        consumer.close()


def seen(value: bytes) -> Seen:
    """Decode one event."""
    return msgspec.json.decode(value, type=Seen)
