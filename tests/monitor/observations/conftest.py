"""A monitor to import into."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path

import pytest

from services.monitor.observations.domain import Counts
from services.monitor.settings import MonitorSettings
from shared import database
from shared.database import Connection

from .world import SETUP, offer, text, write

Import = Callable[..., Awaitable[Counts]]


@pytest.fixture
async def monitor(settings: MonitorSettings) -> AsyncIterator[Connection]:
    """A connection to a small monitor."""
    connection = await database.connect("monitor", settings)
    await connection.execute(SETUP)
    yield connection
    await connection.close()


@pytest.fixture
def take_in(monitor: Connection, tmp_path: Path) -> Import:
    """Import a file of these rows."""

    async def take(*rows: Mapping[str, str], good_rows: bool = False) -> Counts:
        _, counts = await offer(monitor, write(tmp_path / "rijen.csv", text(rows)), good_rows=good_rows)
        return counts

    return take
