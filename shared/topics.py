"""Makes the topics of topics.toml: `python -m shared.topics`. Run again, it changes nothing; it never shrinks."""

import asyncio
import sys

import stamina
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError

from .contracts import TOPICS
from .settings import Settings, SettingsError

#: Copies of each log, where there are as many brokers.
_REPLICAS = 3


class TopicError(Exception):
    """The cluster's topics cannot become what topics.toml says."""


async def ensure(servers: str) -> list[str]:
    """Create what is missing and grow what is small; returns what was done, one line each.

    Raises TopicError when a topic has more partitions than the file: a log cannot shrink without losing order.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    async for attempt in stamina.retry_context(on=KafkaError, attempts=None, timeout=60.0, wait_max=2.0):
        with attempt:
            await admin.start()
    try:
        return await _ensure(admin)
    finally:
        await admin.close()


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
                    [NewTopic(name, wanted.partitions, replicas, topic_configs={"retention.ms": "-1"})]
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
    return done


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
