"""The monitor at its real size: `python -m deploy.bench.monitor [scale]`.

Questions over two million figures beside a primary-key lookup; imports beside a bare COPY, and whether they and the
fold of dialogues cost the same however much is there already.
"""

import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import uvloop

from deploy.local.postgres import Postgres, start_postgres
from shared.migrations import migrate

from . import monitor_reads
from .machine import Cores, on_server_core
from .monitor_world import World, fill, register
from .section import Section

_FULL = World(municipalities=500, indicators=200, years=20)
_ROUNDS = 5
_REQUESTS = 200
#: Databases: with nothing but the registers, to copy; and full.
_BARE, _FILLED = "bench_bare", "bench_filled"


@dataclass(frozen=True)
class Place:
    """A Postgres with both databases."""

    state: Path
    postgres: Postgres
    cores: Cores
    world: World

    def url(self, database: str) -> str:
        """Where a service finds a database."""
        return self.postgres.url.replace("/veerkracht", f"/{database}", 1)

    @asynccontextmanager
    async def admin(self, database: str = "postgres") -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
        """A connection as the owner."""
        connection = await asyncpg.connect(self.postgres.admin_url.replace("/veerkracht", f"/{database}", 1))
        try:
            await connection.execute("SET search_path TO monitor")
            yield connection
        finally:
            await connection.close()


@asynccontextmanager
async def prepared(state: Path, cores: Cores, world: World, *, durable: bool = True) -> AsyncIterator[Place]:
    """Postgres with a world in it."""
    postgres = await start_postgres(state, durable=durable)
    try:
        place = Place(state, postgres, cores, world)
        await migrate(postgres.admin_url, "monitor")
        async with place.admin("veerkracht") as connection:
            await register(connection, world)
        async with place.admin() as connection:
            await connection.execute(f"CREATE DATABASE {_BARE} TEMPLATE veerkracht")
            await connection.execute(f"CREATE DATABASE {_FILLED} TEMPLATE veerkracht")
        async with place.admin(_FILLED) as connection:
            await fill(connection, world)
        yield place
    finally:
        await postgres.stop()


async def read(place: Place, rounds: int, requests: int) -> Section:
    """Questions to the full monitor."""
    url, core, logs = place.url(_FILLED), place.cores.contestant, place.state / "logs"
    async with (
        monitor_reads.served(("services.monitor", "api"), url, core, logs) as api,
        monitor_reads.served(("deploy.bench.bare_lookup",), url, core, logs) as bare,
    ):
        measured = await monitor_reads.Reader(place.world, place.postgres, api, bare).rounds(rounds, requests)
    return monitor_reads.section(place.world, rounds, measured)


async def measure(scale: float) -> Sequence[Section]:
    """All parts."""
    world = World(_FULL.municipalities, max(10, int(_FULL.indicators * scale)), _FULL.years)
    with tempfile.TemporaryDirectory(prefix="veerkracht-bench-") as folder, on_server_core() as cores:
        async with prepared(Path(folder), cores, world) as place:
            return [await read(place, _ROUNDS, max(20, int(_REQUESTS * min(1.0, 4 * scale))))]


def run(scale: float) -> Sequence[Section]:
    """The sections of the report."""
    return uvloop.run(measure(scale))


def main() -> None:
    """At the scale given."""
    for found in run(float(sys.argv[1]) if sys.argv[1:] else 1.0):
        print(found.title, found.columns, *found.rows, *found.notes, *found.targets, sep="\n")


if __name__ == "__main__":
    main()
