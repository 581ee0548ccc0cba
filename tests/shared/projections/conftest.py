"""A database with the read table of tests."""

import pytest

from shared.database import Connection


@pytest.fixture
async def connection(monitor_connection: Connection) -> Connection:
    await monitor_connection.execute("CREATE TABLE tally (id text)")
    return monitor_connection
