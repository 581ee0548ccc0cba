"""The consumer: workers come and go under load, and each event is folded once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from aiokafka import AIOKafkaConsumer

from deploy.local.broker import Broker
from shared import outbox
from shared.contracts.community import FINDINGS, DialogueFindingsRecorded
from shared.database import Connection, Pool
from shared.kafka import clients
from shared.liveness import liveness, membership
from shared.outbox import Draft
from shared.outbox.cause import Cause
from shared.outbox.relay import Relay
from shared.processes import topics
from shared.projections.consumer import ProjectionConsumer
from shared.projections.decoding import Batch
from shared.projections.projector import Projection
from shared.runtime.settings import Settings
from tests.journeys.platform import new_id, until
from tests.records import findings

from .places import ends_of, start_at

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


async def tally(connection: Connection, events: Batch, _: datetime) -> None:
    """One row per folded event, with no protection of its own."""
    dialogues = [e.data.dialogue for e in events if isinstance(e.data, DialogueFindingsRecorded)]
    await connection.execute("INSERT INTO tally SELECT unnest($1::text[])", dialogues)


async def nothing(_: Connection, __: Batch, ___: datetime) -> None:
    """Nobody looks at what is folded."""


@asynccontextmanager
async def working(consumer: ProjectionConsumer) -> AsyncIterator[None]:
    """A worker; what it raises fails the test."""
    task = asyncio.create_task(consumer.run())
    try:
        yield
    finally:
        assert not task.done(), task
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_workers_come_and_go_and_each_event_is_folded_once(
    settings: Settings, broker: Broker, monitor_connection: Connection, monitor_pool: Pool
) -> None:
    if not broker.real:
        pytest.skip(f"needs the real Kafka broker: {broker.why}")
    await topics.ensure(broker.servers)
    await monitor_connection.execute("CREATE TABLE tally (dialogue text)")
    here = settings.model_copy(update={"kafka_servers": broker.servers})
    projection = Projection(f"tally-{new_id()}", (FINDINGS,), tally)
    await start_at(monitor_connection, projection, await ends_of(broker.servers))
    mine: set[str] = set()

    def worker() -> ProjectionConsumer:
        return ProjectionConsumer("monitor", projection, monitor_pool, here)

    async def say(count: int) -> None:
        events = [findings(f"{projection.name}-{len(mine) + n}") for n in range(count)]
        mine.update(event.dialogue for event in events)
        cause = Cause(datetime.now(UTC), "test", TRACE)
        await outbox.append(monitor_connection, [Draft(event, cause) for event in events])

    async def folded() -> list[str]:
        rows = await monitor_connection.fetch(
            "SELECT dialogue FROM tally WHERE dialogue LIKE $1", projection.name + "%"
        )
        return sorted(row["dialogue"] for row in rows)

    relaying = asyncio.create_task(Relay("monitor", here).run())
    try:
        async with working(worker()):
            await say(50)
            await until(folded, lambda found: found == sorted(mine), seconds=30)
            for _ in range(2):
                async with working(worker()), working(worker()):
                    for _ in range(10):
                        await say(20)
                        await asyncio.sleep(0.1)  # so that batches and rebalances meet
                await say(20)
            await until(folded, lambda found: found == sorted(mine), seconds=60)
    finally:
        relaying.cancel()
        await asyncio.gather(relaying, return_exceptions=True)


@pytest.mark.parametrize("patience", [1.5, 3600.0], ids=["as it is", "control: for ever"])
async def test_a_client_of_kafka_that_reads_no_more_makes_place_for_another(
    settings: Settings, broker: Broker, monitor_pool: Pool, monkeypatch: pytest.MonkeyPatch, patience: float
) -> None:
    """As one did after the broker had been away: it was waited for, red, without an end."""
    await topics.ensure(broker.servers)
    made: list[AIOKafkaConsumer] = []
    make = clients.consumer

    def broken_at_first(servers: str, **named: object) -> AIOKafkaConsumer:
        made.append(make(servers, **named))
        return made[-1]

    monkeypatch.setattr(clients, "consumer", broken_at_first)
    monkeypatch.setattr(liveness, "PATIENCE_SECONDS", patience)
    here = settings.model_copy(update={"kafka_servers": broker.servers, "stuck_after_seconds": 1})
    consumer = ProjectionConsumer(
        "monitor", Projection(f"nothing-{new_id()}", (FINDINGS,), nothing), monitor_pool, here
    )

    async def problem() -> str | None:
        return consumer.problem()

    async with working(consumer):
        await until(problem, lambda found: found is None, seconds=30)
        made[0]._fetcher._fetch_task.cancel()
        assert "for" in str(await until(problem, lambda found: found is not None, seconds=30))
        if patience < 10:
            await until(problem, lambda _: len(made) == 2 and bool(made[1].assignment()), seconds=30)
        else:
            await until(problem, lambda found: "for 3 s" in str(found), seconds=30)
            assert len(made) == 1


async def test_a_client_that_never_comes_into_its_group_ends_the_process(
    settings: Settings, broker: Broker, monitor_pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kafka answers, and three clients in a row are given nothing: what hung is not waited for."""

    async def hang(_: AIOKafkaConsumer) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(AIOKafkaConsumer, "start", hang)
    for module in (liveness, membership):
        monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.2)
    here = settings.model_copy(update={"kafka_servers": broker.servers})
    stuck = ProjectionConsumer("monitor", Projection(f"nothing-{new_id()}", (FINDINGS,), nothing), monitor_pool, here)
    with pytest.raises(liveness.Stuck, match="2 new clients did not help"):
        await asyncio.wait_for(stuck.run(), 30)
