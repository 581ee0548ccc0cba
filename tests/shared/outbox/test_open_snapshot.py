"""While someone reads an older moment, the relay does not pass again through all that it has taken since."""

import json

from shared.database import Connection, Pool
from shared.outbox import numbering
from shared.runtime.settings import Settings
from tests.journeys.platform import until

from .samples import area, say
from .test_set_aside import marked, relaying

TOPICS = ["monitor.areas"]
_TAKEN = 20_000


async def pages(connection: Connection, sql: str, *values: object) -> int:
    """How many pages a statement looks at, without doing it."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        said = await connection.fetchval(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", *values)
    finally:
        await transaction.rollback()
    plan = json.loads(said)[0]["Plan"]
    return int(plan["Shared Hit Blocks"]) + int(plan["Shared Read Blocks"])


async def test_reading_the_queue_costs_the_same_under_an_open_snapshot(
    monitor_connection: Connection, monitor_pool: Pool
) -> None:
    await say(monitor_connection, [area("a")])
    async with monitor_pool.acquire() as reader, reader.transaction(isolation="repeatable_read", readonly=True):
        await reader.fetch("SELECT FROM outbox")
        await monitor_connection.execute(
            "INSERT INTO outbox (stream, topic, key, type, subject, time, correlation_id, traceparent, data, slot) "
            "SELECT stream, topic, key, type, subject, time, correlation_id, traceparent, data, slot "
            "FROM outbox, generate_series(1, $1)",
            _TAKEN,
        )
        past = None
        while rows := await monitor_connection.fetch(numbering.NUMBER, 2000, TOPICS):
            past = rows[0]["past"]
        assert past
        await say(monitor_connection, [area("b")])
        recent = await pages(monitor_connection, numbering.NUMBER_RECENT, 2000, TOPICS, past)
        # Control: from the first position on.
        assert await pages(monitor_connection, numbering.NUMBER, 2000, TOPICS) > 5 * recent
        (row,) = await monitor_connection.fetch(numbering.NUMBER_RECENT, 2000, TOPICS, past)
        assert row["key"] == "b"


async def test_what_a_long_transaction_appended_early_is_taken_when_it_commits(
    at_broker: Settings, monitor_connection: Connection, monitor_pool: Pool
) -> None:
    """By then the relay has gone on, past the events of transactions that began and ended meanwhile."""
    async with relaying(at_broker), monitor_pool.acquire() as slow:
        transaction = slow.transaction()
        await transaction.start()
        await say(slow, [area("slow")])
        for number in range(5):
            await say(monitor_connection, [area(f"fast{number}")])
            assert await until(lambda: marked(monitor_connection), bool, seconds=30)
        await transaction.commit()

        async def sent() -> int:
            count: int = await monitor_connection.fetchval("SELECT coalesce(sum(sent), 0)::bigint FROM outbox_head")
            return count

        assert await until(sent, lambda count: count == 6, seconds=30) == 6
