"""The initiatives service on a fresh database that knows Helmond and PON."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from services.initiatives.app import create_app
from shared import database
from shared.database import Connection
from shared.runtime.settings import Settings

from ..conftest import served


@pytest.fixture
async def connection(settings: Settings) -> AsyncIterator[Connection]:
    connection = await database.connect("initiatives", settings)
    await connection.execute("""
        INSERT INTO directory VALUES ('municipality', 'GM0794', 'Helmond', 'zuidoost-brabant', '2016-01-01', NULL),
            ('region', 'zuidoost-brabant', 'Zuidoost-Brabant', 'PV30', '2016-01-01', NULL),
            ('organisation', 'pon', 'PON', NULL, NULL, NULL)
    """)
    yield connection
    await connection.close()


@pytest.fixture
async def client(settings: Settings, connection: Connection) -> AsyncIterator[httpx2.AsyncClient]:
    assert not connection.is_closed()
    async with served(create_app(settings)) as client:
        yield client
