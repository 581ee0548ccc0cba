"""A key's partition: the one that every other client of Kafka finds it in."""

from random import Random

import pytest
from aiokafka.partitioner import DefaultPartitioner, murmur2

from shared.contracts import TOPICS
from shared.contracts.slots import SLOTS
from shared.outbox import partitioner

#: A topic's partitions: powers of two.
COUNTS = [2**power for power in range(SLOTS.bit_length())]


@pytest.mark.twin_of("shared.outbox.partitioner")
def test_keys_of_every_length_go_where_the_client_itself_would_send_them() -> None:
    random = Random(4)
    for length in range(300):
        for _ in range(20):
            key = random.randbytes(length)
            assert partitioner.murmur2(key) == murmur2(key)
            for count in COUNTS:
                expected = DefaultPartitioner()(key, list(range(count)), ())
                assert partitioner.partition_of(partitioner.slot_of(key), count) == expected


def test_topics_have_as_many_partitions_as_slots_can_be_spread_over() -> None:
    assert {name: topic.partitions for name, topic in TOPICS.items() if topic.partitions not in COUNTS} == {}
