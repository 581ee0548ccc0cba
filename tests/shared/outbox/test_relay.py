"""The relay: every committed event reaches the log, in order per key, numbered without gaps."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest
from aiokafka.errors import KafkaError

from deploy.local.broker import Broker
from shared.database import Connection, Pool
from shared.outbox import relay
from shared.outbox.publisher import Publisher, SendBatch
from shared.outbox.relay import Relay
from shared.outbox.store import OLDEST_UNSENT
from shared.runtime.settings import Settings
from tests.journeys.log_reader import read_topics
from tests.journeys.platform import until
from tests.records import findings

from .samples import area, say


class Numbered(msgspec.Struct, frozen=True):
    """What a test looks at in what the log holds."""

    id: str
    source: str
    sequence: str
    partitionkey: str


async def log_of(broker: Broker, ids: set[str], topic: str = "monitor.areas") -> list[Numbered]:
    """What the log holds of these events, in order, once all are there."""

    def decoded(values: list[bytes]) -> list[Numbered]:
        return [event for v in values if (event := msgspec.json.decode(v, type=Numbered)).id in ids]

    def complete(values: list[bytes]) -> bool:
        return ids <= {event.id for event in decoded(values)}

    return decoded(await asyncio.to_thread(read_topics, broker.servers, [topic], complete))


async def ids(connection: Connection) -> list[str]:
    return [row["id"] for row in await connection.fetch("SELECT id::text AS id FROM outbox ORDER BY position")]


async def until_sent(connection: Connection, count: int) -> None:
    async def sent() -> int:
        number: int = await connection.fetchval("SELECT coalesce(sum(sent), 0)::bigint FROM outbox_head")
        return number

    await until(sent, lambda number: number >= count, seconds=20)


@asynccontextmanager
async def relaying(settings: Settings) -> AsyncIterator[Relay]:
    running = Relay("monitor", settings)
    task = asyncio.create_task(running.run())
    try:
        yield running
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_everything_is_published_in_order_and_numbered(
    at_broker: Settings, broker: Broker, monitor_connection: Connection
) -> None:
    for start in range(0, 300, 100):
        await say(monitor_connection, [area(f"a{number}") for number in range(start, start + 100)])
    async with relaying(at_broker):
        await until_sent(monitor_connection, 300)
    expected = await ids(monitor_connection)
    log = await log_of(broker, set(expected))
    assert [event.id for event in log] == expected
    assert [int(event.sequence) for event in log] == list(range(1, 301))


async def test_a_long_transaction_is_not_skipped_by_fast_ones(
    at_broker: Settings, monitor_connection: Connection, monitor_pool: Pool
) -> None:
    """Its rows have low positions but commit last: paging by position would never see them."""
    async with relaying(at_broker), monitor_pool.acquire() as slow:
        transaction = slow.transaction()
        await transaction.start()
        await say(slow, [area("slow")])
        for number in range(20):
            await say(monitor_connection, [area(f"fast{number}")])
        await until_sent(monitor_connection, 20)
        await transaction.commit()
        await until_sent(monitor_connection, 21)
    rows = await monitor_connection.fetch(
        "SELECT key, sequence FROM outbox JOIN numbered USING (position) ORDER BY sequence"
    )
    assert [row["sequence"] for row in rows] == list(range(1, 22))
    assert rows[-1]["key"] == "slow"


async def test_public_and_internal_events_count_apart(
    at_broker: Settings, broker: Broker, monitor_connection: Connection
) -> None:
    await say(monitor_connection, [area("a"), findings("d1"), area("b"), findings("d2")])
    async with relaying(at_broker):
        await until_sent(monitor_connection, 4)
    rows = await monitor_connection.fetch("SELECT stream, sequence FROM numbered ORDER BY position")
    assert [tuple(row) for row in rows] == [
        ("monitor", 1),
        ("community-internal", 1),
        ("monitor", 2),
        ("community-internal", 2),
    ]
    first, _, third, _ = await ids(monitor_connection)
    public = await log_of(broker, {first, third})
    assert [event.id for event in public] == [first, third]
    assert {event.source.rpartition(":")[2] for event in public} == {"monitor"}


async def test_a_crash_before_marking_sends_the_same_bytes_again(
    at_broker: Settings, broker: Broker, monitor_connection: Connection
) -> None:
    await say(monitor_connection, [area("a"), area("b")])
    async with relaying(at_broker):
        await until_sent(monitor_connection, 2)
    await monitor_connection.execute("UPDATE outbox_head SET sent = 0")
    async with relaying(at_broker):
        await until_sent(monitor_connection, 2)
    mine = {event.encode() for event in await ids(monitor_connection)}

    def twice(values: list[bytes]) -> bool:
        return sum(any(one in value for one in mine) for value in values) == 4

    values = await asyncio.to_thread(read_topics, broker.servers, ["monitor.areas"], twice)
    ours = [value for value in values if any(one in value for one in mine)]
    assert len(ours) == 4
    assert len(set(ours)) == 2


async def test_one_relay_leads_and_the_other_takes_over(at_broker: Settings, monitor_connection: Connection) -> None:
    async with relaying(at_broker) as first:
        await say(monitor_connection, [area("a")])
        await until_sent(monitor_connection, 1)
        async with relaying(at_broker) as second:
            await say(monitor_connection, [area("b")])
            await until_sent(monitor_connection, 2)
            assert [first.problem(), second.problem()].count(None) >= 1
            await monitor_connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
            )
            await say(monitor_connection, [area("c")])
            await until_sent(monitor_connection, 3)
    rows = await monitor_connection.fetch("SELECT sequence FROM numbered ORDER BY position")
    assert [row["sequence"] for row in rows] == [1, 2, 3]


async def test_a_relay_without_kafka_says_so(settings: Settings, monitor_connection: Connection) -> None:
    nowhere = settings.model_copy(update={"kafka_servers": "127.0.0.1:1"})
    await say(monitor_connection, [area("a")])
    async with relaying(nowhere) as running:

        async def problem() -> str:
            return running.problem() or ""

        async def age() -> float:
            return running._waiting.age()

        assert "no connection" in await until(problem, bool)
        await until(age, bool)
    assert await monitor_connection.fetchval("SELECT coalesce(sum(sent), 0)::bigint FROM outbox_head") == 0


async def copies(broker: Broker, ids: set[str], count: int, distinct: int = 1) -> list[bytes]:
    """What the log holds of these events, once there are as many, and as many distinct ones."""

    def ours(values: list[bytes]) -> list[bytes]:
        return [value for value in values if msgspec.json.decode(value, type=Numbered).id in ids]

    def enough(values: list[bytes]) -> bool:
        return len(ours(values)) >= count and len(set(ours(values))) >= distinct

    return ours(await asyncio.to_thread(read_topics, broker.servers, ["monitor.areas"], enough))


@pytest.mark.parametrize("numbers_kept", [True, False])
async def test_a_session_lost_between_ack_and_mark_gives_duplicates_only(
    at_broker: Settings,
    broker: Broker,
    monitor_connection: Connection,
    monkeypatch: pytest.MonkeyPatch,
    numbers_kept: bool,
) -> None:
    """Negative control: were the numbers not stored before sending, the copies would differ."""
    lose = "SELECT pg_terminate_backend(pg_backend_pid()), $1::text[], $2::bigint[], $3::bigint[]"
    await say(monitor_connection, [area("a"), area("b")])
    expected = await ids(monitor_connection)
    with monkeypatch.context() as lossy:
        lossy.setattr(relay, "_SENT", lose)
        async with relaying(at_broker):
            assert len(await copies(broker, set(expected), 2)) >= 2
    if not numbers_kept:
        await monitor_connection.execute("INSERT INTO outbox_fresh SELECT position FROM numbered")
        await monitor_connection.execute("DELETE FROM outbox_batch")
        await monitor_connection.execute("UPDATE outbox_head SET sent = last")
    async with relaying(at_broker):
        await until_sent(monitor_connection, 2 if numbers_kept else 4)
    # A relay that lost its session may have sent more than twice meanwhile.
    found = await copies(broker, set(expected), 4, distinct=2 if numbers_kept else 4)
    assert len(found) >= 4
    assert (len(set(found)) == 2) == numbers_kept


async def test_what_is_left_goes_in_order_whatever_the_batches_were(
    at_broker: Settings, broker: Broker, monitor_connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbered in threes, marked half way one of them, sent again in twos. What is numbered and waits shows its age."""
    await say(monitor_connection, [area(f"a{number}") for number in range(10)])
    with monkeypatch.context() as threes:
        threes.setattr(relay, "_BATCH", 3)
        async with relaying(at_broker):
            await until_sent(monitor_connection, 10)
    await monitor_connection.execute("UPDATE outbox_head SET sent = 4")
    expected = await ids(monitor_connection)
    unsent = await monitor_connection.fetch("SELECT id::text AS id, sequence FROM unsent ORDER BY sequence")
    assert [(row["id"], row["sequence"]) for row in unsent] == list(zip(expected[4:], range(5, 11), strict=True))
    fifth = await monitor_connection.fetchval("SELECT time FROM outbox WHERE id::text = $1", expected[4])
    assert await monitor_connection.fetchval(OLDEST_UNSENT) == fifth
    monkeypatch.setattr(relay, "_BATCH", 2)
    async with relaying(at_broker):
        await until_sent(monitor_connection, 10)
    assert await monitor_connection.fetch("SELECT FROM unsent") == []
    assert await monitor_connection.fetchval(OLDEST_UNSENT) is None
    found = [msgspec.json.decode(value, type=Numbered).id for value in await copies(broker, set(expected), 16)]
    again = [id_ for number, id_ in enumerate(found) if id_ in found[:number]]
    assert again == expected[4:]


@pytest.mark.parametrize("in_turn", [True, False])
async def test_a_batch_that_fails_keeps_the_order_of_its_keys(
    at_broker: Settings,
    broker: Broker,
    monitor_connection: Connection,
    monkeypatch: pytest.MonkeyPatch,
    in_turn: bool,
) -> None:
    """The second batch is not acknowledged once. Negative control: a relay that goes on with the next swaps them."""
    monkeypatch.setattr(relay, "_BATCH", 2)
    send, sent = Publisher.send, 0

    async def fail_once(self: Publisher, batch: SendBatch) -> SendBatch:
        nonlocal sent
        sent += 1
        if sent != 2:
            return await send(self, batch)
        if in_turn:
            raise KafkaError("not acknowledged")
        return SendBatch()  # goes on

    monkeypatch.setattr(Publisher, "send", fail_once)
    await say(monitor_connection, [area("a") for _ in range(8)])
    async with relaying(at_broker):
        await until_sent(monitor_connection, 8)
    expected = await ids(monitor_connection)
    first_seen = list(dict.fromkeys(event.id for event in await log_of(broker, set(expected))))
    assert (first_seen == expected) == in_turn


@pytest.mark.parametrize("compared", [True, False])
async def test_who_sets_the_mark_back_under_load_is_not_overruled(
    at_broker: Settings,
    broker: Broker,
    monitor_connection: Connection,
    monitor_pool: Pool,
    monkeypatch: pytest.MonkeyPatch,
    compared: bool,
) -> None:
    """An operator has all sent again while a batch is under way. Negative control: a mark that does not look at what
    is there takes the order back, and nothing of it is sent."""
    monkeypatch.setattr(relay, "_BATCH", 2)
    if not compared:
        monkeypatch.setattr(relay, "_SENT", relay._SENT.replace("head.sent = acked.first - 1", "acked.first > 0"))
    send, sent = Publisher.send, 0

    async def reset_once(self: Publisher, batch: SendBatch) -> SendBatch:
        nonlocal sent
        sent += 1
        if sent == 4:
            await monitor_pool.execute("UPDATE outbox_head SET sent = 0")
        return await send(self, batch)

    monkeypatch.setattr(Publisher, "send", reset_once)
    await say(monitor_connection, [area(f"a{number}") for number in range(10)])
    async with relaying(at_broker):
        await until_sent(monitor_connection, 10)
    expected = await ids(monitor_connection)
    values = await copies(broker, set(expected), 18 if compared else 10)
    found = [msgspec.json.decode(value, type=Numbered).id for value in values]
    assert (found.count(expected[0]), found.count(expected[3])) == ((2, 2) if compared else (1, 1))
    assert set(found) == set(expected)


async def rests(connection: Connection) -> bool:
    """Whether the monitor's relay waits for a notification."""
    free: bool = await connection.fetchval(relay._TRY_REST.replace("advisory_lock", "advisory_xact_lock_shared"))
    return not free


@pytest.mark.parametrize("appended", [True, False])
async def test_a_relay_does_not_rest_while_someone_who_will_not_notify_is_appending(
    at_broker: Settings,
    monitor_connection: Connection,
    monitor_pool: Pool,
    monkeypatch: pytest.MonkeyPatch,
    appended: bool,
) -> None:
    """Negative control: a row that was not stored by `outbox.append` keeps no relay awake."""
    monkeypatch.setattr(relay, "_NAP_SECONDS", 3600.0)
    await say(monitor_connection, [area("model")])
    async with monitor_pool.acquire() as slow:
        transaction = slow.transaction()
        await transaction.start()
        if appended:
            await say(slow, [area("slow")])
        async with relaying(at_broker):
            await until_sent(monitor_connection, 1)
            if not appended:

                async def resting() -> bool:
                    return await rests(monitor_connection)

                await until(resting, bool)
            else:
                assert not await rests(monitor_connection)
            await transaction.commit()
            await until_sent(monitor_connection, 1 + appended)
            await say(monitor_connection, [area("after")])
            await until_sent(monitor_connection, 2 + appended)
