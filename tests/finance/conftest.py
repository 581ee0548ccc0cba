"""Finance on a fresh database."""

from collections.abc import AsyncIterator, Callable

import httpx2
import pytest

from services.finance.app import create_app
from shared import database
from shared.database import Connection
from shared.runtime.settings import Settings

from ..conftest import served
from .samples import programme


@pytest.fixture
async def connection(settings: Settings) -> AsyncIterator[Connection]:
    """A connection as finance."""
    connection = await database.connect("finance", settings)
    yield connection
    await connection.close()


@pytest.fixture
async def client(
    settings: Settings, connection: Connection, bearer: Callable[..., dict[str, str]]
) -> AsyncIterator[httpx2.AsyncClient]:
    """A client with the role finance, on the programme's budget. Finance knows one organisation and one initiative."""
    await connection.executemany(
        "INSERT INTO directory (kind, id, name) VALUES ($1, $2, $3)",
        [("organisation", "gemeente-helmond", "Gemeente Helmond"), ("initiative", "slowcare", "Slowcare <Oss>")],
    )
    async with served(create_app(settings)) as client:
        client.headers.update(bearer("finance"))
        for name, record in programme():
            answer = await client.post(f"/finance/v1/{name}", json=record)
            assert answer.status_code == 201, answer.text
        yield client
