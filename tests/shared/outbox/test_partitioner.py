"""A key's partition: the one that every other client of Kafka finds it in."""

from random import Random

import pytest
from aiokafka.partitioner import DefaultPartitioner, murmur2

from shared.outbox import partitioner


@pytest.mark.twin_of("shared.outbox.partitioner")
def test_keys_of_every_length_go_where_the_client_itself_would_send_them() -> None:
    random = Random(4)
    for length in range(300):
        for _ in range(20):
            key = random.randbytes(length)
            assert partitioner.murmur2(key) == murmur2(key)
            count = random.randrange(1, 30)
            expected = DefaultPartitioner()(key, list(range(count)), ())
            assert partitioner.partition_of(key, count) == expected
