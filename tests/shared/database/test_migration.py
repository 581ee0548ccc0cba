"""Migrations: forward only, each once, and a role that sees its own schema only."""

import asyncpg
import pytest

from deploy.local.postgres import Postgres
from shared import database
from shared.database import migration
from shared.database.migration import MigrationError, migrate
from shared.outbox.store import OLDEST_UNSENT
from shared.runtime.settings import Settings


def owner(postgres: Postgres, settings: Settings) -> str:
    """The owner's address of the test's own database."""
    name = settings.database_url.partition("?")[0].rpartition("/")[2]
    return postgres.admin_url.replace("/veerkracht", f"/{name}", 1)


async def test_running_again_does_nothing(postgres: Postgres, settings: Settings) -> None:
    assert await migrate(owner(postgres, settings), "monitor") == []


async def test_a_changed_migration_is_refused(postgres: Postgres, settings: Settings) -> None:
    connection = await asyncpg.connect(owner(postgres, settings))
    await connection.execute("UPDATE monitor.migration SET content = 'other' WHERE name = 'monitor/0001_start.sql'")
    await connection.close()
    with pytest.raises(MigrationError, match="was changed after it ran"):
        await migrate(owner(postgres, settings), "monitor")


async def test_a_vanished_migration_is_refused(postgres: Postgres, settings: Settings) -> None:
    connection = await asyncpg.connect(owner(postgres, settings))
    await connection.execute("INSERT INTO monitor.migration VALUES ('monitor/0009_gone.sql', '', now())")
    await connection.close()
    with pytest.raises(MigrationError, match="gone from the code"):
        await migrate(owner(postgres, settings), "monitor")


async def test_a_service_cannot_read_another_ones_schema(settings: Settings) -> None:
    connection = await database.connect("feeds", settings)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch("SELECT * FROM monitor.aggregate")
        assert await connection.fetch("SELECT * FROM feeds.watermark") == []
    finally:
        await connection.close()


_OLD_ROWS = """
INSERT INTO outbox (stream, topic, key, type, subject, time, correlation_id, traceparent, data, sequence)
SELECT stream, stream || '.areas', n, 'type', n, '2026-11-24Z'::timestamptz + n * interval '1 second', n, n, '',
       -- 2499 is not numbered yet: it was committed after 2500.
       CASE WHEN n <= 2497 THEN n WHEN n <> 2499 THEN n - (n / 2499) END
FROM generate_series(1, 2500) AS n, (VALUES ('monitor'), ('monitor-internal')) AS streams (stream) ORDER BY n
"""


async def test_numbers_and_marks_of_an_earlier_outbox_are_kept_until_state_starts_afresh(
    postgres: Postgres, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the outbox with a number in each row (0003) to the numbers beside it (0004). Slots (0008) number a log from
    its beginning: state from before is refused and stays as it was."""
    connection = await asyncpg.connect(owner(postgres, settings), server_settings={"search_path": "monitor"})
    files = migration._files

    async def migrated_before(name: str) -> list[str]:
        with monkeypatch.context() as earlier:
            earlier.setattr(migration, "_files", lambda service: [file for file in files(service) if file[0] < name])
            return await migrate(owner(postgres, settings), "monitor")

    try:
        await connection.execute("DROP SCHEMA monitor CASCADE")
        await migrated_before("shared/0004")
        await connection.execute(_OLD_ROWS)
        await connection.execute(
            "INSERT INTO outbox_head VALUES ('monitor', 2499, 1700), ('monitor-internal', 2499, 2499)"
        )
        numbers = "SELECT position, stream, sequence FROM {} WHERE sequence IS NOT NULL ORDER BY position"
        waiting = "SELECT position, sequence FROM unsent ORDER BY position"
        before = [await connection.fetch(sql) for sql in (numbers.format("outbox"), waiting)]
        assert "shared/0004_numbers.sql" in await migrated_before("shared/0008")
        assert [await connection.fetch(sql) for sql in (numbers.format("numbered"), waiting)] == before
        assert (await connection.fetchval(OLDEST_UNSENT)).minute == 1701 // 60
        with pytest.raises(MigrationError, match="start with an empty database and log"):
            await migrate(owner(postgres, settings), "monitor")
        assert [await connection.fetch(sql) for sql in (numbers.format("numbered"), waiting)] == before
    finally:
        await connection.close()
