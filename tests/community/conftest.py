"""The community service on a fresh database that knows Helmond, ZET and Slowcare, and a log to fold."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx2
import pytest

from services.community.app import create_app, projections
from shared import database
from shared.contracts import Contract
from shared.database import Connection
from shared.projections.projector import Applied
from shared.projections.watermarks import Partition, read_watermark
from shared.runtime.settings import Settings

from ..conftest import served
from ..records import NOW, apply_run, cloud_event, run
from .team import Team

Publish = Callable[..., Awaitable[Applied]]
ACTIVITY, DIRECTORY = projections(Settings())
LOG = Partition("community.dialogues", 0)


@pytest.fixture
async def connection(settings: Settings) -> AsyncIterator[Connection]:
    connection = await database.connect("community", settings)
    await connection.execute("""
        INSERT INTO directory VALUES ('municipality', 'GM0794', 'Helmond', 'zuidoost-brabant', '2016-01-01', NULL),
            ('municipality', 'GM0856', 'Uden', 'noordoost-brabant', '2016-01-01', '2022-01-01'),
            ('initiative', 'slowcare', 'Slowcare', NULL, NULL, NULL);
        INSERT INTO organisation VALUES ('zet', 'ZET', 'executive', now());
    """)
    yield connection
    await connection.close()


@pytest.fixture
def publish(connection: Connection) -> Publish:
    """Fold events as the next ones of a partition: contracts, or records as they are."""

    async def fold(*events: Contract | bytes) -> Applied:
        values = [event if isinstance(event, bytes) else cloud_event(event) for event in events]
        start = await read_watermark(connection, ACTIVITY.name, LOG)
        return await apply_run(connection, ACTIVITY, LOG, run(*values, start=start), NOW)

    return fold


@pytest.fixture
async def client(settings: Settings, connection: Connection) -> AsyncIterator[httpx2.AsyncClient]:
    assert not connection.is_closed()
    async with served(create_app(settings)) as client:
        yield client


@pytest.fixture
def team(client: httpx2.AsyncClient, bearer: Callable[..., dict[str, str]]) -> Team:
    return Team(client, bearer("community"))
