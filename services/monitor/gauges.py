"""What an operator watches of the monitor, read from Postgres now and then: a scrape costs nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI

from shared.contracts.vocabulary import SourceKind
from shared.database import TRANSIENT, Connection, Pool

from . import metrics
from .history import log
from .impact.goals import register as goals
from .observations import imports
from .publication.handlers import count_waiting

_EVERY_SECONDS = 15.0
_log = structlog.get_logger(__name__)


async def measure(connection: Connection) -> None:
    """Set the gauges to what is."""
    for state, count in (await imports.count_by_state(connection)).items():
        metrics.OBSERVATION_IMPORTS.labels(state).set(count)
    metrics.OBSERVATION_STEPS.set(await imports.count_steps(connection))
    metrics.PUBLICATIONS.set(await log.newest(connection))
    metrics.GOALS_UNJUDGED.set(await goals.count_unjudged(connection))
    waiting = await count_waiting(connection)
    for source in SourceKind:
        metrics.UNITS_WAITING.labels(source.value).set(waiting.get(source, 0))


@asynccontextmanager
async def running(_: FastAPI, pool: Pool) -> AsyncIterator[None]:
    """The gauges follow while the app serves."""
    watching = asyncio.create_task(_watch(pool))
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def _watch(pool: Pool) -> None:
    while True:
        try:
            async with pool.acquire() as connection:
                await measure(connection)
        except TRANSIENT as error:
            _log.warning("gauges are set later", error=repr(error))
        await asyncio.sleep(_EVERY_SECONDS)
