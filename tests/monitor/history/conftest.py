"""A monitor for histories of the public log."""

import pytest

from shared.database import Connection

from .histories import WORLD


@pytest.fixture
async def monitor(monitor_connection: Connection) -> Connection:
    """A monitor that knows the areas and indicators of histories."""
    await monitor_connection.execute(WORLD)
    return monitor_connection
