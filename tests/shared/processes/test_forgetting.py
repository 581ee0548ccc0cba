"""What has served is forgotten by rule, a few rows at a time, and nothing else is."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from shared.database import Connection, Pool
from shared.processes.forgetting import Forgetting, forget
from shared.runtime.settings import Settings
from tests.journeys.platform import until
from tests.records import NOW

DAY = timedelta(days=1)
#: More than are forgotten at once.
MANY = 2500


async def answered(connection: Connection, moments: Sequence[datetime]) -> None:
    await connection.executemany(
        "INSERT INTO idempotency (principal, key, request, created_at) VALUES ('p', $1, '', $2)",
        [(str(number), moment) for number, moment in enumerate(moments)],
    )


async def buried(connection: Connection, found: datetime, replayed: datetime | None) -> None:
    await connection.execute(
        'INSERT INTO dead_letter (projection, topic, partition, "offset", reason, found_at, replayed_at) '
        "SELECT 'p', 't', 0, count(*), '', $1, $2 FROM dead_letter",
        found,
        replayed,
    )


async def count(connection: Connection, table: str) -> int:
    found: int = await connection.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608 - a table of ours
    return found


async def test_what_is_older_than_its_days_is_forgotten_oldest_first_and_so_many_at_once(
    monitor_connection: Connection, settings: Settings
) -> None:
    await answered(monitor_connection, [NOW - n * DAY for n in range(12)])
    assert await forget(monitor_connection, settings, NOW, 3) == {"idempotency": 3, "dead_letter": 0}
    assert await monitor_connection.fetchval("SELECT min(created_at) FROM idempotency") == NOW - 8 * DAY
    assert (await forget(monitor_connection, settings, NOW, 3))["idempotency"] == 1
    assert await monitor_connection.fetchval("SELECT min(created_at) FROM idempotency") == NOW - 7 * DAY


async def test_a_dead_letter_is_kept_from_its_replay_or_from_when_it_was_found(
    monitor_connection: Connection, settings: Settings
) -> None:
    few = settings.model_copy(update={"keep_dead_letters_days": 30})
    for found, replayed in ((40, 35), (40, 20), (20, 10), (40, None), (20, None)):
        await buried(monitor_connection, NOW - found * DAY, None if replayed is None else NOW - replayed * DAY)
    assert (await forget(monitor_connection, few, NOW))["dead_letter"] == 2
    left = await monitor_connection.fetch('SELECT "offset" FROM dead_letter ORDER BY 1')
    assert [row["offset"] for row in left] == [1, 2, 4]


async def test_a_worker_goes_on_until_nothing_is_left_to_forget(
    monitor_connection: Connection, monitor_pool: Pool, settings: Settings
) -> None:
    """Long before it looks again."""
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    await answered(monitor_connection, [long_ago] * MANY)
    # Control: at once it is a part of them.
    await forget(monitor_connection, settings, NOW)
    assert 0 < await count(monitor_connection, "idempotency") < MANY
    task = asyncio.create_task(Forgetting("monitor", monitor_pool, settings).run())
    try:
        assert await until(lambda: count(monitor_connection, "idempotency"), lambda left: left == 0, seconds=20) == 0
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
