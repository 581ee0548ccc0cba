"""Migrations: forward only, each once, and a role that sees its own schema only."""

import asyncpg
import pytest

from deploy.local.postgres import Postgres
from shared import database
from shared.migrations import MigrationError, migrate
from shared.settings import Settings


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
