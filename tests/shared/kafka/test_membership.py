"""A member with a name has its partitions back at once after a crash; one that stops leaves them to others."""

import asyncio

import pytest
from aiokafka import AIOKafkaConsumer

from deploy.local.broker import Broker
from shared.kafka import clients
from shared.processes import topics
from tests.journeys.platform import new_id

TOPIC = "monitor.aggregates"


def member(servers: str, group: str, instance: str) -> AIOKafkaConsumer:
    one = clients.member(servers, group, instance)
    one.subscribe([TOPIC])
    return one


@pytest.mark.parametrize(
    ("stops", "next_one", "waits"),
    [(False, "one", False), (True, "another", False), (False, "another", True)],
    ids=["after a crash, by its name", "after a stop, whoever it is", "control: after a crash, by another name"],
)
async def test_partitions_wait_for_who_comes_back(
    broker: Broker, monkeypatch: pytest.MonkeyPatch, stops: bool, next_one: str, waits: bool
) -> None:
    monkeypatch.setattr(clients, "SESSION_MS", 6_000)  # a broker takes no shorter one
    if not broker.real:
        pytest.skip(f"needs the real Kafka broker: {broker.why}")
    await topics.ensure(broker.servers)
    group = f"test-{new_id()}"
    first, second = member(broker.servers, group, "one"), member(broker.servers, group, next_one)
    await first.start()  # until it has its partitions
    all_ = first.assignment()
    if stops:
        clients.give_up_place(first)
    await first.stop()  # one with a name says nothing to its group, as after kill -9
    starting = asyncio.create_task(second.start())
    done, _ = await asyncio.wait([starting], timeout=3 if waits else 5)
    try:
        assert not done if waits else second.assignment() == all_
    finally:
        await starting
        await second.stop()
