"""Makes the topics of topics.toml: `python -m shared.processes.topics`.

Run again, it mends what differs; it never shrinks. The first record of each partition is its identity.
"""

import asyncio
import sys
from collections import Counter
from datetime import UTC, datetime
from uuid import uuid4

import stamina
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import IncompatibleBrokerVersion, KafkaError, TopicAlreadyExistsError, for_code

from ..contracts import HEADERS, TOPICS, Topic
from ..contracts.control import opened
from ..kafka import clients
from ..runtime.settings import Settings, SettingsError

#: Copies of each log, where there are as many brokers.
_REPLICAS = 3
_HOUR_MS = 3_600_000
#: Brokers hear of what was made a moment after the controller answered.
_AGAIN_SECONDS = 0.1
#: Our own projections read every event: they are never as far behind as this.
_UNCOMPACTED_MS = 7 * 24 * _HOUR_MS


class TopicError(Exception):
    """The cluster's topics cannot become what topics.toml says.

    Seen by: the operator who makes topics, and `make demo`. Ends: that command, with status 1.
    """


async def ensure(servers: str) -> list[str]:
    """Create what is missing, grow what is small, set what differs and name what is empty; returns what was done, one
    line each.

    Raises TopicError when a topic has more partitions than the file: a log cannot shrink without losing order.
    """
    admin = clients.admin(servers)
    async for attempt in stamina.retry_context(on=KafkaError, attempts=None, timeout=60.0, wait_max=2.0):
        with attempt:
            await admin.start()
    try:
        done = await _ensure(admin)
    finally:
        await admin.close()
    return done + await _name_logs(servers)


async def _ensure(admin: AIOKafkaAdminClient) -> list[str]:
    existing = set(await admin.list_topics())
    replicas = min(len((await admin.describe_cluster())["brokers"]), _REPLICAS)
    described = await admin.describe_topics([name for name in TOPICS if name in existing])
    partitions = {topic["topic"]: len(topic["partitions"]) for topic in described}
    done = []
    for name, wanted in TOPICS.items():
        have = partitions.get(name)
        if have is None:
            try:
                await admin.create_topics(
                    [NewTopic(name, wanted.partitions, replicas, topic_configs=_settings(wanted))]
                )
            except TopicAlreadyExistsError:
                continue  # another step was faster
            done.append(f"{name}: made with {wanted.partitions} partitions")
        elif have < wanted.partitions:
            await admin.create_partitions({name: NewPartitions(wanted.partitions)})
            done.append(f"{name}: grown from {have} to {wanted.partitions} partitions")
        elif have > wanted.partitions:
            raise TopicError(
                f"{name} has {have} partitions, topics.toml says {wanted.partitions}: a topic cannot shrink"
            )
    return done + await _set(admin, sorted(partitions))


async def _name_logs(servers: str) -> list[str]:
    """Give each partition that has no record its identity: without it, a log made again looks like the one before."""
    async with (
        clients.producer(servers, acks="all", enable_idempotence=True) as producer,
        clients.consumer(servers) as consumer,
    ):
        places = [
            TopicPartition(name, number)
            for name, topic in TOPICS.items()
            # What is kept for some hours has no beginning.
            if not isinstance(topic.retention, int)
            for number in range(await _count(producer, name, topic.partitions))
        ]
        ends = await consumer.end_offsets(places)
        begins = await consumer.beginning_offsets(places)
        named = [place for place in places if ends[place] == begins[place] == 0]
        for place in named:
            key, value = opened(place.topic, place.partition, str(uuid4()), datetime.now(UTC))
            await producer.send_and_wait(place.topic, value, key=key, partition=place.partition, headers=HEADERS)
    counts = Counter(place.topic for place in named)
    return [f"{name}: {count} partitions got their identity" for name, count in counts.items()]


async def _count(producer: AIOKafkaProducer, topic: str, least: int) -> int:
    """The partitions of a topic: what was made a moment ago is not known to every broker at once."""
    while True:
        count = len(await producer.partitions_for(topic))
        if count >= least:
            return count
        await producer.client.force_metadata_update()
        await asyncio.sleep(_AGAIN_SECONDS)


def _settings(topic: Topic) -> dict[str, str]:
    """What a topic's log keeps: all, some hours, or at least the newest of each key and all that is new."""
    if topic.compacted:
        return {"retention.ms": "-1", "cleanup.policy": "compact", "min.compaction.lag.ms": str(_UNCOMPACTED_MS)}
    keeps = topic.retention * _HOUR_MS if isinstance(topic.retention, int) else -1
    return {"retention.ms": str(keeps), "cleanup.policy": "delete", "min.compaction.lag.ms": "0"}


async def _set(admin: AIOKafkaAdminClient, names: list[str]) -> list[str]:
    """Give topics that were there the settings they must have."""
    if not names:
        return []
    wanted = {name: _settings(TOPICS[name]) for name in names}
    asked = [ConfigResource(ConfigResourceType.TOPIC, name, dict.fromkeys(wanted[name])) for name in names]
    try:
        answers = await admin.describe_configs(asked)
    except IncompatibleBrokerVersion:
        return []  # the in-memory cluster has no settings
    differ = []
    for answer in answers:
        for code, message, _, name, entries in answer.resources:
            if code:
                raise TopicError(f"{name}: its settings cannot be read: {message or for_code(code).__name__}")
            if {entry[0]: entry[1] for entry in entries} != wanted[name]:
                differ.append(name)
    if differ:
        resources = [ConfigResource(ConfigResourceType.TOPIC, name, wanted[name]) for name in differ]
        for answer in await admin.alter_configs(resources):
            for code, message, _, name in answer.resources:
                if code:
                    raise TopicError(f"{name}: its settings cannot be changed: {message or for_code(code).__name__}")
    return [f"{name}: set to {', '.join('='.join(pair) for pair in wanted[name].items())}" for name in differ]


def main() -> int:
    """Make the topics of the cluster in VEERKRACHT_KAFKA_SERVERS."""
    try:
        lines = asyncio.run(ensure(Settings.load().kafka_servers))
    except (SettingsError, TopicError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("\n".join(lines or ["all topics are as topics.toml says"]) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
