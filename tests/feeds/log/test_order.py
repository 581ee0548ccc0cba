"""The order of the feed is the order of commits: a reader that pages by position never skips an event."""

import asyncio
import random

import asyncpg
import pytest

from services.feeds.log import store, views
from services.feeds.log.domain import EventFilter
from shared import database
from shared.database import Connection
from shared.projections.decoding import Delivered
from shared.projections.watermarks import Partition
from shared.runtime.settings import Settings

from ...records import NOW, apply_run, run
from ..conftest import LOG, dialogue

WRITERS = 4
EACH = 30


def delivered(number: int) -> Delivered:
    event = LOG.decoder().decode(dialogue(number))
    assert isinstance(event, Delivered)
    return event


async def test_a_second_writer_waits_for_the_first_to_commit(settings: Settings, connection: Connection) -> None:
    first = await database.connect("feeds", settings)
    second = await database.connect("feeds", settings)
    try:
        transaction = first.transaction()
        await transaction.start()
        await store.append(first, [delivered(1), delivered(2)])
        waiting = asyncio.create_task(store.append(second, [delivered(3)]))
        await asyncio.sleep(0.2)
        assert not waiting.done()
        assert await store.LOG.head(connection) == 0
        await transaction.commit()
        await asyncio.wait_for(waiting, 5)
        page = await views.read_events(connection, 0, await store.LOG.head(connection), 10, EventFilter())
        assert page.values == [dialogue(1), dialogue(2), dialogue(3)]
    finally:
        await first.close()
        await second.close()


async def test_a_transaction_that_fails_leaves_no_gap(connection: Connection) -> None:
    with pytest.raises(asyncpg.UniqueViolationError):
        async with connection.transaction():
            await store.append(connection, [delivered(1), delivered(1)])
    await store.append(connection, [delivered(1)])
    assert await connection.fetchval("SELECT array_agg(position) FROM event") == [1]


async def test_a_reader_beside_many_writers_sees_each_event_once_and_gapless(settings: Settings) -> None:
    pool = await database.create_pool("feeds", settings)
    writers = [await database.connect("feeds", settings) for _ in range(WRITERS)]
    rng = random.Random(7)
    done = asyncio.Event()

    async def write(number: int) -> None:
        connection = writers[number]
        partition = Partition("community.dialogues", number)
        offset = 0
        while offset < EACH:
            size = min(rng.randint(1, 4), EACH - offset)
            values = [dialogue(1 + number * EACH + offset + n) for n in range(size)]
            async with connection.transaction():
                await apply_run(connection, LOG, partition, run(*values, start=offset), NOW)
                await asyncio.sleep(rng.random() / 200)
            offset += size

    async def read() -> list[bytes]:
        seen: list[bytes] = []
        cursor = 0
        while True:
            last = done.is_set()
            async with pool.acquire() as reading:
                page = await views.read_events(reading, cursor, await store.LOG.head(reading), 7, EventFilter())
            assert page.next == cursor + len(page.values)
            seen += page.values
            cursor = page.next
            if last and not page.more:
                return seen

    try:
        reading = asyncio.create_task(read())
        await asyncio.gather(*map(write, range(WRITERS)))
        done.set()
        seen = await asyncio.wait_for(reading, 10)
    finally:
        pool.terminate()
        for writer in writers:
            await writer.close()
    assert sorted(seen) == sorted(dialogue(n) for n in range(1, WRITERS * EACH + 1))
    for number in range(WRITERS):
        mine = [dialogue(n) for n in range(1 + number * EACH, 1 + (number + 1) * EACH)]
        assert [value for value in seen if value in mine] == mine


async def test_positions_from_a_sequence_would_skip_a_late_commit(settings: Settings, connection: Connection) -> None:
    """Negative control: without the lock on the head, a cursor passes over what commits late."""
    await connection.execute("CREATE TABLE naive (position bigint GENERATED ALWAYS AS IDENTITY, value text)")
    late = await database.connect("feeds", settings)
    try:
        transaction = late.transaction()
        await transaction.start()
        await late.execute("INSERT INTO naive (value) VALUES ('late')")
        await connection.execute("INSERT INTO naive (value) VALUES ('early')")
        cursor = await connection.fetchval("SELECT max(position) FROM naive")
        await transaction.commit()
        assert await connection.fetchval("SELECT count(*) FROM naive WHERE position > $1", cursor) == 0
    finally:
        await late.close()
