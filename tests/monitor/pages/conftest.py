"""One monitor full of figures for all tests of a file: the pages only read."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from deploy.local.postgres import Postgres
from services.monitor.app import create_app
from shared import database
from tests.conftest import fresh_settings, served

from . import provincial


@pytest.fixture(scope="module")
async def client(postgres: Postgres, template: str, keys: tuple[str, str]) -> AsyncIterator[httpx2.AsyncClient]:
    """A monitor with a province full of figures. The pages only read, so one is enough."""
    async with fresh_settings(postgres, template, keys[1]) as settings:
        connection = await database.connect("monitor", settings)
        await provincial.fill(connection)
        await connection.close()
        async with served(create_app(settings)) as client:
            yield client
