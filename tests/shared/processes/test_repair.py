"""The repair makes a log whole again from the outbox, in order, and has projections read it: nothing twice, nothing
missing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import uuid4

import msgspec
import pytest
from aiokafka.admin import AIOKafkaAdminClient

from deploy.local.broker import Broker
from shared import outbox
from shared.contracts.community import FINDINGS, DialogueFindingsRecorded
from shared.database import Connection, Pool, connect
from shared.outbox import Draft
from shared.outbox.cause import Cause
from shared.outbox.relay import Relay
from shared.processes import topics
from shared.processes.log_audit import audit
from shared.processes.recover import recover
from shared.processes.repair import RepairError, repair_readers, repair_topics
from shared.projections.consumer import ProjectionConsumer
from shared.projections.decoding import Batch
from shared.projections.log_watch import LogWatch
from shared.projections.projector import Projection
from shared.runtime.settings import Settings
from tests.journeys.log_reader import Seen, read_topics
from tests.journeys.platform import until
from tests.records import findings

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


async def tally(connection: Connection, events: Batch, _: datetime) -> None:
    """One row per folded event, with no protection of its own."""
    dialogues = [e.data.dialogue for e in events if isinstance(e.data, DialogueFindingsRecorded)]
    await connection.execute("INSERT INTO tally SELECT unnest($1::text[])", dialogues)


@pytest.fixture
def here(settings: Settings, broker: Broker) -> Settings:
    if not broker.real:
        pytest.skip(f"needs the real Kafka broker: {broker.why}")
    # A source of its own: other tests say things in the same topic.
    return settings.model_copy(
        update={"kafka_servers": broker.servers, "oin": f"{uuid4().int % 10**20:020}", "log_check_seconds": 0.5}
    )


@pytest.fixture
async def community(here: Settings) -> AsyncIterator[Connection]:
    connection = await connect("community", here)
    yield connection
    await connection.close()


async def say(community: Connection, *dialogues: str) -> None:
    cause = Cause(datetime.now(UTC), "test", TRACE)
    await outbox.append(community, [Draft(findings(dialogue), cause) for dialogue in dialogues])


@asynccontextmanager
async def at_work(*tasks: asyncio.Task[None]) -> AsyncIterator[None]:
    try:
        yield
    finally:
        assert not any(task.done() for task in tasks), tasks
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def remove(servers: str, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        await admin.delete_topics([topic])

        async def there() -> bool:
            return topic in await admin.list_topics()

        await until(there, lambda found: not found)
    finally:
        await admin.close()


async def test_a_topic_made_again_under_load_halts_its_reader_and_the_repair_counts_each_event_once(
    here: Settings, community: Connection, monitor_connection: Connection, monitor_pool: Pool
) -> None:
    await remove(here.kafka_servers, FINDINGS)
    await topics.ensure(here.kafka_servers)
    await monitor_connection.execute("CREATE TABLE tally (dialogue text)")
    projection = Projection(f"tally-{uuid4().hex[:8]}", (FINDINGS,), tally)
    worker = ProjectionConsumer("monitor", projection, monitor_pool, here)
    watch = LogWatch([worker], monitor_pool, here)
    said: list[str] = []

    async def tallied() -> list[str]:
        return [row[0] for row in await monitor_connection.fetch("SELECT dialogue FROM tally ORDER BY 1")]

    async def halted() -> bool:
        return "is halted" in (worker.problem() or "")

    async with at_work(*(asyncio.create_task(one.run()) for one in (Relay("community", here), worker, watch))):
        await say(community, "d1", "d2", "d3")
        await until(tallied, ["d1", "d2", "d3"].__eq__, 30)
        await remove(here.kafka_servers, FINDINGS)
        await topics.ensure(here.kafka_servers)
        await say(community, "d4", "d5")
        await until(halted, bool, 30)

        await repair_topics("community", here, said.append)
        assert f"{FINDINGS}: made again, 5 events sent again, for monitor.figures" in said
        await say(community, "d6")
        await repair_readers("monitor", [projection], here, said.append)
        assert said[-1] == f"{projection.name}: reads {FINDINGS} from its beginning"
        await until(tallied, [f"d{n}" for n in range(1, 7)].__eq__, 30)

        # What is whole is left alone.
        await until(lambda: community.fetchval("SELECT count(*) FROM unsent"), lambda waiting: waiting == 0)
        before = await audit(community, FINDINGS, here)
        assert (before.problem, before.records, before.unknown) == (None, 6, [])
        await repair_topics("community", here, said.append)
        await repair_readers("monitor", [projection], here, said.append)
        assert f"{FINDINGS}: whole, 6 records" in said
        assert said[-1] == f"{projection.name}: its logs are those that it folded"
        assert await audit(community, FINDINGS, here) == before


async def older(community: Connection, dialogue: str) -> None:
    """The database as it was before this was said, and all after it."""
    last = await community.fetchval(
        "SELECT min(sequence) - 1 FROM numbered JOIN outbox USING (position) WHERE key = $1", dialogue
    )
    await community.execute("DELETE FROM outbox_batch WHERE first > $1", last)
    await community.execute(
        "DELETE FROM outbox WHERE position >= (SELECT min(position) FROM outbox WHERE key = $1)", dialogue
    )
    await community.execute("UPDATE outbox_head SET last = $1, sent = $1", last)


async def sequences(here: Settings) -> list[tuple[str, int]]:
    """The events of this source in the log: what about, and their number."""
    found = [msgspec.json.decode(value, type=Seen) for value in await asyncio.to_thread(
        read_topics, here.kafka_servers, [FINDINGS], lambda _: False, 3.0
    )]  # fmt: skip
    return sorted((one.subject.partition("/")[2], int(one.sequence)) for one in found if here.oin in one.source)


async def test_a_database_older_than_the_log_gives_no_number_until_it_is_recovered_and_then_goes_on_above(
    here: Settings, community: Connection
) -> None:
    await topics.ensure(here.kafka_servers)
    said: list[str] = []

    async def all_sent() -> bool:
        return not await community.fetchval("SELECT count(*) FROM unsent")

    for dialogue in ("d1", "d2", "d3"):
        async with at_work(asyncio.create_task(Relay("community", here).run())):
            await say(community, dialogue)
            await until(all_sent, bool)
    await older(community, "d2")
    relay = Relay("community", here)

    async def halted() -> bool:
        return "Postgres is older than the log" in (relay.problem() or "")

    async with at_work(asyncio.create_task(relay.run())):
        await until(halted, bool, 30)
        await say(community, "d4")
        with pytest.raises(RepairError, match=f"{FINDINGS} 2"):
            await repair_topics("community", here, print)
        assert await community.fetchval("SELECT count(*) FROM outbox_fresh") == 1
        await recover("community", here, said.append)
        await until(all_sent, bool, 40)
    # Control: what stands in the log now; 2 and 3 were given before, to d2 and d3, which never happened.
    assert "community-internal: the numbers 2 to 3 are never given again" in said
    assert await sequences(here) == [("d1", 1), ("d4", 4)]
