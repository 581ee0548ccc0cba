"""An event that cannot be sent is named and set aside, holds up no other key, and is sent later in its order."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from random import Random
from uuid import uuid4

import msgspec
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from deploy.local import ROOT
from deploy.local.broker import Broker
from shared.contracts.slots import SLOTS, slot_number
from shared.database import Connection
from shared.outbox import numbering, relay, set_aside
from shared.outbox.relay import Relay
from shared.runtime.settings import Settings
from tests.journeys.platform import until

from .samples import area, say

#: More than this a topic of the tests takes of no event.
_SMALL = 4000
#: What cannot be packed.
_LARGE = Random(15).randbytes(_SMALL).hex()


class Told(msgspec.Struct, frozen=True):
    """What a test looks at in what the log holds."""

    type: str
    partitionkey: str
    sequence: str | None = None


@asynccontextmanager
async def admin_of(broker: Broker) -> AsyncIterator[AIOKafkaAdminClient]:
    if not broker.real:
        pytest.skip(f"needs the real Kafka broker: {broker.why}")
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.servers)
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()


async def make(broker: Broker, topic: str, most: int) -> None:
    """A topic that takes no larger batch."""
    async with admin_of(broker) as admin:
        await admin.create_topics([NewTopic(topic, 1, 1, topic_configs={"max.message.bytes": str(most)})])


async def take(broker: Broker, topic: str, most: int) -> None:
    async with admin_of(broker) as admin:
        await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, {"max.message.bytes": str(most)})])


async def say_on(connection: Connection, topic: str, names: Sequence[tuple[str, str]]) -> None:
    """Append events of areas, by code and name, on another topic."""
    await say(connection, [area(code, name) for code, name in names])
    await connection.execute("UPDATE outbox SET topic = $1 WHERE topic = 'monitor.areas'", topic)


@asynccontextmanager
async def relaying(settings: Settings) -> AsyncIterator[None]:
    task = asyncio.create_task(Relay("monitor", settings).run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def log_of(broker: Broker, topic: str) -> tuple[list[Told], list[int]]:
    """What the log holds, each number in its slot once, and these numbers."""
    place = TopicPartition(topic, 0)
    async with AIOKafkaConsumer(bootstrap_servers=broker.servers, enable_auto_commit=False) as consumer:
        consumer.assign([place])
        await consumer.seek_to_beginning(place)
        end = (await consumer.end_offsets([place]))[place]
        numbered: dict[int, Told] = {}
        while await consumer.position(place) < end:
            for record in (await consumer.getmany(place, timeout_ms=1000)).get(place, ()):
                numbered.setdefault(slot_number(record.headers), msgspec.json.decode(record.value, type=Told))
    return list(numbered.values()), list(numbered)


def are_contiguous(numbers: Sequence[int]) -> bool:
    """Whether the numbers of each slot follow each other from 1, in the order of the log."""
    last: dict[int, int] = {}
    for found in numbers:
        number, slot = divmod(found, SLOTS)
        if number != last.get(slot, 0) + 1:
            return False
        last[slot] = number
    return True


def keys(told: Sequence[Told]) -> list[str]:
    return [each.partitionkey if each.sequence else "-" for each in told]


async def aside(connection: Connection) -> list[tuple[str, str]]:
    return [(each.key, each.reason) for each in await set_aside.listed(connection)]


async def marked(connection: Connection) -> bool:
    return bool(
        await connection.fetchval(
            "SELECT NOT EXISTS (SELECT FROM outbox_fresh) AND bool_and(sent = last) FROM outbox_head"
        )
    )


async def test_an_event_that_kafka_refuses_holds_up_its_own_key_only_and_comes_later_in_order(
    at_broker: Settings, broker: Broker, monitor_connection: Connection
) -> None:
    topic = f"monitor.small-{uuid4()}"
    await make(broker, topic, _SMALL)
    said = [("a", "1"), ("b", "1"), ("a", _LARGE), ("b", "2"), ("a", "3"), ("c", "1")]
    await say_on(monitor_connection, topic, said)
    async with relaying(at_broker):
        assert await until(lambda: marked(monitor_connection), bool, seconds=30)
        await say_on(monitor_connection, topic, [("a", "4"), ("b", "3")])
        found = await until(lambda: aside(monitor_connection), lambda held: len(held) == 3, seconds=30)
        assert await until(lambda: marked(monitor_connection), bool, seconds=30)
        assert [key for key, _ in found] == ["a", "a", "a"]
        assert "MessageSizeTooLarge" in found[0][1]
        assert {reason for _, reason in found[1:]} == {"an earlier event of a is set aside"}
        count, problem = await set_aside.problem(monitor_connection)
        assert (count, problem) == (3, f"3 events cannot be sent and are set aside: {found[0][1]}")
        told, numbers = await log_of(broker, topic)
        assert keys(told) == ["a", "b", "-", "b", "-", "c", "b"]
        assert {each.type for each in told if not each.sequence} == {"nl.veerkracht.log.set-aside.v1"}
        assert are_contiguous(numbers)
        await take(broker, topic, 1_000_000)
        assert await set_aside.send_again(monitor_connection) == 3
        await until(lambda: marked(monitor_connection), bool, seconds=30)
    assert await aside(monitor_connection) == []
    told, numbers = await log_of(broker, topic)
    assert keys(told)[-3:] == ["a", "a", "a"]
    assert are_contiguous(numbers)
    order = await monitor_connection.fetch(
        "SELECT key FROM outbox JOIN numbered USING (position) WHERE NOT void ORDER BY sequence"
    )
    assert [row["key"] for row in order] == ["a", "b", "b", "c", "b", "a", "a", "a"]
    # Sent again from the start, it is the same.
    before = told, numbers
    await monitor_connection.execute("UPDATE outbox_head SET sent = 0")
    async with relaying(at_broker):
        await until(lambda: marked(monitor_connection), bool, seconds=30)
    assert await log_of(broker, topic) == before


async def test_control_without_setting_aside_one_event_holds_up_all(
    at_broker: Settings, broker: Broker, monitor_connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = f"monitor.small-{uuid4()}"
    await make(broker, topic, _SMALL)
    await say_on(monitor_connection, topic, [("a", _LARGE), ("b", "1")])
    refused = 0

    async def forget(*_: object) -> int:
        nonlocal refused
        refused += 1
        return 0

    monkeypatch.setattr(relay, "set_aside", forget)

    async def times() -> int:
        return refused

    async with relaying(at_broker):
        await until(times, lambda count: count >= 3, seconds=30)
    assert (await log_of(broker, topic))[0] == []
    assert not await marked(monitor_connection)


async def test_what_goes_to_a_topic_that_is_not_there_waits_for_it_and_nothing_else_does(
    at_broker: Settings, broker: Broker, monitor_connection: Connection
) -> None:
    topic = f"monitor.later-{uuid4()}"
    await say_on(monitor_connection, topic, [("a", "1"), ("b", "1")])
    async with relaying(at_broker):
        await say(monitor_connection, [area("c")])
        await until(lambda: aside(monitor_connection), lambda held: len(held) == 2, seconds=30)
        assert await aside(monitor_connection) == [(key, f"there is no topic {topic}") for key in "ab"]
        assert await until(lambda: marked(monitor_connection), bool, seconds=30)
        # Made, it has what waited, though nobody asks for it.
        await make(broker, topic, 1_000_000)
        await until(lambda: aside(monitor_connection), lambda held: not held, seconds=30)
        await until(lambda: marked(monitor_connection), bool, seconds=30)
    told, numbers = await log_of(broker, topic)
    assert keys(told) == ["a", "b"]
    assert are_contiguous(numbers)
    assert sorted(row[0] for row in await monitor_connection.fetch("SELECT sequence FROM numbered")) == [1, 2, 3]


async def test_an_operator_sees_what_is_set_aside_and_has_it_sent(
    settings: Settings, monitor_connection: Connection
) -> None:
    await say(monitor_connection, [area("a")])
    await monitor_connection.fetch(numbering.NUMBER, 10, ["elsewhere"])
    env = {**os.environ, "VEERKRACHT_DATABASE_URL": settings.database_url}

    async def command(*options: str) -> str:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "services.monitor", "set-aside", *options, cwd=ROOT, env=env, stdout=PIPE
        )
        out, _ = await process.communicate()
        assert process.returncode == 0
        return out.decode().strip()

    assert (await command()).endswith("there is no topic monitor.areas")
    assert await command("--send") == "1 events are sent again"
    assert await command() == "nothing is set aside"
    assert await monitor_connection.fetchval("SELECT count(*) FROM outbox_fresh") == 1
