"""A fact, its event and its kept answer in one statement: the same as one after the other in a transaction."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import asyncpg
import pytest

from shared import outbox
from shared.contracts.monitor import AreaRegistered
from shared.database import Connection, Pool, Record
from shared.http import idempotency
from shared.outbox import Draft, StoredAnswer, relay
from shared.outbox.cause import Cause
from shared.refusals import Conflict
from tests.records import NOW

from .samples import TRACE, area

CAUSE = Cause(NOW, "test", TRACE, "an-event")
INSERT = """INSERT INTO area VALUES ($1, $2, 'province', NULL, $3, NULL) ON CONFLICT DO NOTHING
            RETURNING code, name"""
Way = Callable[..., Awaitable[Record | None]]


async def plainly(
    connection: Connection, event: AreaRegistered, cause: Cause, insert: str, *values: object
) -> Record | None:
    """What `insert_with_event` does, one after the other."""
    async with connection.transaction():
        row: Record | None = await connection.fetchrow(insert, *values)
        if row is None:
            await outbox.require_repeat(connection, event)
            return None
        await outbox.append(connection, [Draft(event, cause)])
        if cause.kept is not None:
            await idempotency.keep(connection, cause.kept, cause.now)
        return row


async def outcome(way: Way, connection: Connection, event: AreaRegistered, cause: Cause = CAUSE) -> object:
    try:
        row = await way(connection, event, cause, INSERT, event.code, event.name, event.valid_from)
    except (Conflict, asyncpg.UniqueViolationError) as error:
        return type(error).__name__
    return row if row is None else (row["code"], row["name"])


async def stored(connection: Connection) -> list[list[tuple[object, ...]]]:
    """All that a way left, but for what is drawn at random."""
    tables = (
        "SELECT * FROM area ORDER BY code",
        "SELECT stream, topic, key, type, subject, time, correlation_id, causation_id, left(traceparent, 36), data "
        "FROM outbox ORDER BY position",
        "SELECT * FROM idempotency ORDER BY key",
    )
    return [[tuple(row) for row in await connection.fetch(table)] for table in tables]


@pytest.mark.twin_of("shared.outbox.one_statement")
async def test_one_statement_does_what_a_transaction_does(monitor_connection: Connection, monitor_pool: Pool) -> None:
    """With a relay at rest, which each of the two has to wake as often."""
    kept = replace(CAUSE, kept=StoredAnswer("someone", "a-key", b"asked", 201, b"{}"))
    woken: list[object] = []
    found: list[tuple[list[object], object, int]] = []

    def heard(*notification: object) -> None:
        woken.append(notification)

    async with monitor_pool.acquire() as resting:
        assert await resting.fetchval(relay._TRY_REST)
        for way in (outbox.insert_with_event, plainly):
            await monitor_connection.execute("TRUNCATE area, outbox, idempotency CASCADE")
            await monitor_connection.add_listener("outbox_monitor", heard)
            outcomes = [
                await outcome(way, monitor_connection, area("a")),
                await outcome(way, monitor_connection, area("a")),
                await outcome(way, monitor_connection, area("a", "Deurne")),
                await outcome(way, monitor_connection, area("b"), kept),
                await outcome(way, monitor_connection, area("c"), kept),
            ]
            found.append((outcomes, await stored(monitor_connection), len(woken)))
            woken.clear()
            await monitor_connection.remove_listener("outbox_monitor", heard)
        await resting.execute(relay._END_REST)
    assert found[0] == found[1]
    assert found[0][2] == 2
    assert found[0][0] == [("a", "Helmond"), None, "Conflict", ("b", "Helmond"), "UniqueViolationError"]
