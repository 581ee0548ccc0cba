"""A feeds service with its log, and hand-made events to put in it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import count

import httpx2
import pytest

from services.feeds.app import create_app, projections
from shared import database
from shared.contracts.community import DialogueWithdrawn, OrganisationRegistered
from shared.contracts.vocabulary import OrganisationKind, Theme
from shared.database import Connection
from shared.projections.projector import Applied
from shared.projections.watermarks import Partition
from shared.runtime.settings import Settings

from ..conftest import served
from ..records import NOW, apply_run, cloud_event, run

Publish = Callable[..., Awaitable[Applied]]
(LOG,) = projections(Settings())


def organisation(number: int) -> bytes:
    """An event of one of two types in the tests."""
    data = OrganisationRegistered(
        organisation=f"organisatie-{number}", name=f"Stichting {number}", organisation_kind=OrganisationKind.SOCIAL
    )
    return cloud_event(data, f"o-{number}", number)


def dialogue(number: int) -> bytes:
    """An event of the other type, of the same source."""
    data = DialogueWithdrawn(
        dialogue=f"helmond-{number}",
        municipality="GM0794",
        organiser="zet",
        initiative=None,
        themes=(Theme.CONNECTION,),
        was_held=True,
    )
    return cloud_event(data, f"d-{number}", number)


@pytest.fixture
async def connection(settings: Settings) -> AsyncIterator[Connection]:
    """A connection as the feeds service."""
    connection = await database.connect("feeds", settings)
    yield connection
    await connection.close()


@pytest.fixture
def publish(connection: Connection) -> Publish:
    """Fold records as the next ones of a partition."""
    offsets = count()

    async def fold(*values: bytes | None) -> Applied:
        records = run(*values, start=next(offsets))
        for _ in values[1:]:
            next(offsets)
        return await apply_run(connection, LOG, Partition("community.dialogues", 0), records, NOW)

    return fold


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of a running feeds app."""
    async with served(create_app(settings)) as client:
        yield client
