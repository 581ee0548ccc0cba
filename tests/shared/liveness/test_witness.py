"""Whoever looks from outside names a partition that nobody moves, and a relay that is not heard."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiokafka import TopicPartition

from deploy.local.broker import Broker
from shared.database import Pool
from shared.liveness import witness
from shared.liveness.liveness import Stuck
from shared.liveness.witness import Standstills, Witness
from shared.outbox.publisher import Publisher
from shared.outbox.relay import Relay
from shared.processes import topics
from shared.projections.watermarks import Partition
from shared.runtime.settings import Settings
from tests.journeys.platform import new_id, until

ONE, OTHER = Partition("monitor.areas", 0), Partition("monitor.aggregates", 3)


def test_what_moves_does_not_stand() -> None:
    standing = Standstills()
    for now in range(60):
        standing.saw("activity", {ONE: now}, {ONE: now + 1, OTHER: 0}, float(now))
        assert standing.longest("activity", now) == (0.0, ONE)
    standing.saw("activity", {ONE: 61}, {ONE: 61}, 61.0)
    assert standing.longest("activity", 99.0) == (0.0, None)


def test_the_one_that_stands_longest_is_named_and_only_of_its_projection() -> None:
    standing = Standstills()
    for now in (0.0, 10.0, 20.0):
        standing.saw("activity", {ONE: int(now)}, {ONE: 99, OTHER: 5}, now)
        standing.saw("directory", {ONE: 99}, {ONE: 99}, now)
    assert standing.longest("activity", 20.0) == (20.0, OTHER)
    assert standing.longest("directory", 20.0) == (0.0, None)


@dataclass
class Reader:
    """A consumer that sees nothing wrong."""

    topics: Sequence[str]
    name: str = field(default_factory=lambda: f"nobody-{new_id()}")
    positions: Mapping[TopicPartition, int] = field(default_factory=dict)
    waits: Collection[TopicPartition] = ()

    def problem(self) -> str | None:
        return None


@asynccontextmanager
async def running(one: Witness | Relay) -> AsyncIterator["asyncio.Task[None]"]:
    task = asyncio.create_task(one.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def here(settings: Settings, broker: Broker) -> Settings:
    await topics.ensure(broker.servers)
    return settings.model_copy(
        update={"kafka_servers": broker.servers, "heartbeat_seconds": 0.3, "stuck_after_seconds": 1}
    )


async def test_a_relay_that_leads_is_heard_and_one_that_ends_is_named(here: Settings, monitor_pool: Pool) -> None:
    looks = Witness("monitor", [], monitor_pool, here)

    async def missing() -> list[str]:
        return looks.missing()

    async with running(looks):
        async with running(Relay("monitor", here)):
            await until(missing, bool, 30)  # it has to connect
            await until(missing, lambda found: found == [], 30)
        assert (await until(missing, bool, 30))[0].startswith("no heartbeat of monitor-relay for ")


async def test_a_relay_whose_loop_does_not_come_by_is_not_heard(
    here: Settings, monitor_pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when its session of Postgres hangs: a heart that beats by itself would say that all is well."""
    beaten = 0
    beat = Publisher.beat

    async def counted(self: Publisher, *given: object) -> None:
        nonlocal beaten
        beaten += 1
        await beat(self, *given)  # type: ignore[arg-type]

    async def hang(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(Publisher, "beat", counted)
    monkeypatch.setattr(Relay, "_send_left", hang)
    looks = Witness("monitor", [], monitor_pool, here)

    async def missing() -> list[str]:
        return looks.missing()

    async with running(looks), running(Relay("monitor", here)) as relaying:
        await until(missing, bool, 30)
        assert beaten == 0 and not relaying.done()


async def test_a_partition_that_nobody_reads_is_named_though_no_consumer_knows_of_trouble(
    here: Settings, monitor_pool: Pool
) -> None:
    """Its topic has a record at least: the one that gives the log its identity."""
    reader = Reader(("monitor.areas",))
    looks = Witness("monitor", [reader], monitor_pool, here)

    async def problem() -> str | None:
        return looks.problem()

    async with running(looks):
        said = await until(problem, bool, 30)
    assert said is not None and said.startswith(f"{reader.name}: nobody moves monitor.areas-0 for ")


@pytest.mark.parametrize("given", [True, False], ids=["ours", "control: of another worker"])
async def test_one_of_ours_that_stands_for_too_long_ends_the_process(
    here: Settings, monitor_pool: Pool, monkeypatch: pytest.MonkeyPatch, given: bool
) -> None:
    monkeypatch.setattr(witness, "END_SECONDS", 1.0)
    reader = Reader(("monitor.areas",), positions={TopicPartition("monitor.areas", 0): 0} if given else {})
    looks = Witness("monitor", [reader], monitor_pool, here)

    async def problem() -> str | None:
        return looks.problem()

    async with running(looks) as watching:
        if given:
            with pytest.raises(Stuck, match="stands still for"):
                await asyncio.wait_for(watching, 30)
        else:
            await until(problem, lambda said: "for 2 s" in str(said), 30)
            assert not watching.done()
