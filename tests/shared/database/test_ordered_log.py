"""An ordered log: positions become visible in the order of commits, without gaps, and those who listen hear of it."""

import asyncio

import pytest

from shared import database
from shared.database import Connection, OrderedLog
from shared.runtime.settings import Settings

LOG = OrderedLog("trial", "trial_head", "trial")


@pytest.fixture
async def connection(monitor_connection: Connection) -> Connection:
    await monitor_connection.execute("CREATE TABLE trial_head (last bigint NOT NULL)")
    await monitor_connection.execute("INSERT INTO trial_head VALUES (0)")
    return monitor_connection


async def test_positions_are_given_out_in_order(connection: Connection) -> None:
    assert await LOG.head(connection) == 0
    assert await LOG.advance(connection, 3) == range(1, 4)
    assert await LOG.advance(connection, 1) == range(4, 5)
    assert await LOG.head(connection) == 4


async def test_who_appends_waits_for_the_one_before_whose_positions_come_back_when_it_fails(
    settings: Settings, connection: Connection
) -> None:
    other = await database.connect("monitor", settings)
    transaction = connection.transaction()
    await transaction.start()
    assert await LOG.advance(connection, 2) == range(1, 3)
    waiting = asyncio.create_task(LOG.advance(other, 1))
    assert await asyncio.wait({waiting}, timeout=0.2) == (set(), {waiting})
    await transaction.rollback()
    assert await asyncio.wait_for(waiting, 5) == range(1, 2)
    await other.close()


async def test_who_listens_hears_of_it_when_the_transaction_commits(settings: Settings, connection: Connection) -> None:
    heard = asyncio.Event()
    listening = await database.connect("monitor", settings)
    await listening.add_listener(LOG.channel, lambda *_: heard.set())
    async with connection.transaction():
        await LOG.wake(connection)
        assert not heard.is_set()
    await asyncio.wait_for(heard.wait(), 5)
    await listening.close()
