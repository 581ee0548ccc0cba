"""The log beside the agent: where its window begins, and how far there is to read."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Self

import stamina
from aiokafka import TopicPartition
from aiokafka.errors import KafkaError, UnknownTopicOrPartitionError

from shared.kafka import clients
from shared.runtime.shutdown import stop

#: No answer takes longer.
_PATIENCE_SECONDS = 15.0
#: What may pass by itself when Kafka is asked.
PASSING = (KafkaError, TimeoutError, OSError)

Offsets = Mapping[TopicPartition, int]


async def put_back(servers: str, group: str, topics: Sequence[str], since: datetime) -> Offsets:
    """Have a new group of one begin where the first record since then lies; returns these places.

    Waits until Kafka answers.
    """
    async for attempt in stamina.retry_context(on=PASSING, attempts=None, timeout=None, wait_max=5.0):
        with attempt:
            async with LogEnds(servers, topics, group) as log:
                return await log.put_back(since)
    raise AssertionError("unreachable: the loop above returns or raises")


class LogEnds:
    """Asks where the log begins and ends by clients of its own, which answer when the agent's hangs: an administrator,
    who knows which partitions there are by now, and a consumer, who knows their offsets."""

    def __init__(self, servers: str, topics: Sequence[str], group: str | None = None) -> None:
        self._topics = list(topics)
        self._admin = clients.admin(servers)
        self._consumer = clients.consumer(servers, group_id=group)

    async def __aenter__(self) -> Self:
        """Raises what is PASSING."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await self._admin.start()
                await self._consumer.start()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await stop(self._consumer.stop())
        await stop(self._admin.close())

    async def ends(self) -> Offsets:
        """The offset after the last record of each partition. Raises what is PASSING."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            found: Offsets = await self._consumer.end_offsets(await self._partitions())
        return found

    async def put_back(self, since: datetime) -> Offsets:
        """Commit for the group the places of the first records since then. Raises what is PASSING."""
        ends = await self.ends()
        async with asyncio.timeout(_PATIENCE_SECONDS):
            found = await self._consumer.offsets_for_times(dict.fromkeys(ends, int(since.timestamp() * 1000)))
            begins = {each: place.offset if (place := found[each]) else end for each, end in ends.items()}
            self._consumer.assign(list(begins))
            await self._consumer.commit(begins)
        return begins

    async def _partitions(self) -> list[TopicPartition]:
        described = await self._admin.describe_topics(self._topics)
        if missing := [topic["topic"] for topic in described if not topic["partitions"]]:
            raise UnknownTopicOrPartitionError(", ".join(missing))
        return [TopicPartition(each["topic"], part["partition"]) for each in described for part in each["partitions"]]
