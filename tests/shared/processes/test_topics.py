"""Topics are as topics.toml says, also those that were there before it said so."""

import msgspec
import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from deploy.local.broker import Broker
from shared.contracts import TOPICS
from shared.processes import topics
from shared.projections.log_identity import look
from shared.projections.watermarks import Mark, Partition
from tests.journeys.platform import until

TOPIC = "monitor.aggregates"
NAMES = ("cleanup.policy", "min.compaction.lag.ms", "retention.ms")


async def configuration(admin: AIOKafkaAdminClient, topic: str) -> dict[str, str]:
    [answer] = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
    return {entry[0]: entry[1] for entry in answer.resources[0][4] if entry[0] in NAMES}


def test_a_log_keeps_all_the_newest_or_some_hours() -> None:
    all_, newest = TOPICS["monitor.areas"], TOPICS[TOPIC]
    hour = msgspec.structs.replace(all_, retention=1)
    kept = [tuple(topics._settings(topic)[name] for name in NAMES[::2]) for topic in (all_, newest, hour)]
    assert kept == [("delete", "-1"), ("compact", "-1"), ("delete", "3600000")]


async def test_a_topic_that_was_there_is_set_and_then_left_alone(broker: Broker) -> None:
    if not broker.real:
        pytest.skip(f"needs the real Kafka broker: {broker.why}")
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.servers)
    await admin.start()
    try:
        await topics.ensure(broker.servers)
        # As an earlier version made it.
        await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, TOPIC, {"retention.ms": "-1"})])
        assert await until(lambda: configuration(admin, TOPIC), lambda now: now["cleanup.policy"] == "delete")
        done = await topics.ensure(broker.servers)
        assert [line for line in done if line.startswith(f"{TOPIC}: set to ")]
        # A broker hears of it a moment after the controller has answered.
        wanted = {
            "cleanup.policy": "compact",
            "min.compaction.lag.ms": str(7 * 24 * 3600 * 1000),
            "retention.ms": "-1",
        }
        assert await until(lambda: configuration(admin, TOPIC), wanted.__eq__) == wanted
        assert (await configuration(admin, "community.dialogues"))["cleanup.policy"] == "delete"
        assert await topics.ensure(broker.servers) == []
    finally:
        await admin.close()


async def test_the_first_record_of_each_partition_is_its_identity_for_ever(broker: Broker) -> None:
    await topics.ensure(broker.servers)
    # What is kept for some hours has no beginning.
    kept = {name: topic for name, topic in TOPICS.items() if not isinstance(topic.retention, int)}
    marks = [Mark(Partition(name, n), 0) for name, topic in kept.items() for n in range(topic.partitions)]
    named = {partition: seen.log_id for partition, seen in (await look(broker.servers, marks)).items()}
    assert len(set(named.values())) == len(marks) and all(named.values())
    assert await topics.ensure(broker.servers) == []
    assert {partition: seen.log_id for partition, seen in (await look(broker.servers, marks)).items()} == named
