"""How a projection comes into its consumer group, and what happens when its partitions come and go."""

import asyncio
from collections.abc import Iterable
from typing import Protocol

import stamina
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError

from .liveness import PATIENCE_SECONDS


class Member(Protocol):
    """Who reads: the consumer of a projection."""

    async def take(self, consumer: AIOKafkaConsumer, assigned: Iterable[TopicPartition]) -> None:
        """Go on in these."""

    def forget(self) -> None:
        """What it had is no longer its own."""


async def start(consumer: AIOKafkaConsumer) -> bool:
    """Whether it was given its partitions within its time; without Kafka that does not begin."""
    async for attempt in stamina.retry_context(
        on=KafkaError, attempts=None, timeout=None, wait_initial=0.2, wait_max=5.0
    ):
        with attempt:
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await consumer.start()
            except TimeoutError:
                return False
    return True


class SeekToWatermark(ConsumerRebalanceListener):
    """Has a member go on at its watermarks, in each partition that it is given."""

    def __init__(self, owner: Member, consumer: AIOKafkaConsumer) -> None:
        self._owner = owner
        self._consumer = consumer
        #: The client stops: what it is still given is for others to read.
        self.is_over = False

    async def on_partitions_revoked(self, _: Iterable[TopicPartition]) -> None:
        self._owner.forget()

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        if not self.is_over:
            await self._owner.take(self._consumer, assigned)
