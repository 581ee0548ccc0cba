"""The tables that a contestant writes, as the runner sees them: a new database for each run."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import NamedTuple

import asyncpg

from .machine import Servers
from .oracle import Key, Place, Value
from .workload import PROVINCE

_TABLES = """
CREATE TABLE cell (area text, theme text, month text, n bigint NOT NULL, sum bigint NOT NULL, last timestamptz NOT NULL,
                   PRIMARY KEY (area, theme, month));
CREATE TABLE dead (partition int, "offset" bigint, PRIMARY KEY (partition, "offset"));
"""
_PROGRESS = "SELECT coalesce(sum(n), 0)::bigint, coalesce(sum(sum), 0)::bigint FROM cell WHERE area = $1"
_CELLS = """
SELECT area, theme, month, n, sum, to_char(last AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') FROM cell
"""
#: A contestant's own connections, to see when a killed one's have gone.
_OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


class Progress(NamedTuple):
    """The province's totals: cheap to ask for, and different after every fold."""

    n: int
    sum: int


@dataclass(frozen=True)
class Sink:
    """A connection to one run's tables."""

    url: str
    connection: "asyncpg.Connection[asyncpg.Record]"

    async def progress(self) -> Progress:
        """How far the contestant is."""
        row = await self.connection.fetchrow(_PROGRESS, PROVINCE)
        return Progress(*row) if row else Progress(0, 0)

    async def cells(self) -> dict[Key, Value]:
        """All rows."""
        rows = await self.connection.fetch(_CELLS)
        return {(row[0], row[1], row[2]): (row[3], row[4], row[5]) for row in rows}

    async def dead(self) -> frozenset[Place]:
        """Where the dead letters lay."""
        return frozenset(
            (row[0], row[1]) for row in await self.connection.fetch('SELECT partition, "offset" FROM dead')
        )

    async def folded(self, area: str, theme: str, month: str) -> int:
        """`n` of one cell; 0 when it is not there."""
        found: int | None = await self.connection.fetchval(
            "SELECT n FROM cell WHERE area = $1 AND theme = $2 AND month = $3", area, theme, month
        )
        return found or 0

    async def alone(self) -> None:
        """Wait until nobody else is connected."""
        while await self.connection.fetchval(_OTHERS):  # noqa: ASYNC110 - nobody can tell us
            await asyncio.sleep(0.02)


@asynccontextmanager
async def open_sink(servers: Servers, name: str) -> AsyncIterator[Sink]:
    """A new database with empty tables; dropped afterwards, whoever is still connected."""
    owner = await asyncpg.connect(servers.database_url("postgres"))
    try:
        await owner.execute(f'CREATE DATABASE "{name}"')
        try:
            url = servers.database_url(name)
            connection = await asyncpg.connect(url)
            try:
                await connection.execute(_TABLES)
                yield Sink(url, connection)
            finally:
                await connection.close()
        finally:
            await owner.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        await owner.close()
