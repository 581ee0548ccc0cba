"""The monitor at its real size: `python -m deploy.bench.monitor [scale]`.

Questions over two million figures beside a primary-key lookup; imports beside a bare COPY, and whether they and the
fold of dialogues cost the same however much is there already.
"""

import sys
import tempfile
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import uvloop

from deploy.local.postgres import Postgres, start_postgres
from shared.database.migration import migrate

from . import monitor_growth, monitor_reads
from .machine import Cores, on_server_core
from .monitor_files import write_as_workbook, write_file
from .monitor_growth import Cost, Growth, child, people
from .monitor_world import PROVINCE, World, fill, register, warm
from .section import Section

_FULL = World(municipalities=500, indicators=200, years=20)
_ROUNDS = 5
_REQUESTS = 200
#: What Postgres needs to have all figures of the full world at hand.
_BUFFERS = "1GB"
#: Figures of the province that are not the sum of the public log.
_APART = """
WITH line AS (
    SELECT indicator AS code, source, left(period, 4) AS period, sum(n) AS n, sum(total) AS total,
           sum(numerator) AS numerator
    FROM public_line WHERE dissolved IS NULL GROUP BY 1, 2, 3
)
SELECT count(*) FROM published FULL JOIN line USING (code, source, period)
WHERE kind IS DISTINCT FROM 'theme' AND coalesce(area = $1 AND length(period) = 4, true)
  AND (published.n, published.total, published.numerator) IS DISTINCT FROM (line.n, line.total, line.numerator)
"""
#: Databases: with nothing but the registers, to copy; and full.
_BARE, _FILLED = "bench_bare", "bench_filled"


@dataclass(frozen=True)
class Sizes:
    """Rows of an import, dialogues of a fold, those that were folded before, and years in the largest file."""

    rows: int
    dialogues: int
    history: int
    huge_years: int


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
async def prepared(
    state: Path, cores: Cores, world: World, *, durable: bool = True, buffers: str = "128MB"
) -> AsyncIterator[Place]:
    """Postgres with a world in it."""
    postgres = await start_postgres(state, durable=durable, buffers=buffers)
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
        reader = monitor_reads.Reader(place.world, place.postgres, api, bare)
        await reader.first_time(requests)
        async with place.admin(_FILLED) as connection:
            await warm(connection)
        return monitor_reads.section(place.world, rounds, await reader.rounds(rounds, requests))


async def grow(place: Place, sizes: Sizes, rounds: int) -> Section:
    """The same work on few and on much, in turns."""
    growth, world = Growth(), place.world
    some = world.indicators // rounds
    await _child(place, _FILLED, "history", 0, sizes.history)
    for each in range(rounds):
        path, indicators = place.state / "small.csv", range(each * some, (each + 1) * some)
        write_file(world, path, list(indicators)[: max(1, sizes.rows // world.municipalities)], [2025])
        begun = sizes.history + each * sizes.dialogues
        async with _copy(place) as few:
            for database, what, start in ((few, "few", 0), (_FILLED, "many", begun)):
                loaded, released = await _child(place, database, "import", path)
                [folded] = await _child(place, database, "fold", start, sizes.dialogues)
                growth.add(f"import, {what}", loaded)
                growth.add(f"release, {what}", released)
                growth.add(f"fold, {what}", folded)
                await _check(place, database, what, growth, start + sizes.dialogues)
    growth.add("learn, many", *await _child(place, _FILLED, "learn"))
    await _check(place, _FILLED, "learn, many", growth, sizes.history + rounds * sizes.dialogues)
    files = {
        "large": range(2025, 2026),
        "workbook": range(2025, 2026),
        "huge": range(world.first, world.first + sizes.huge_years),
    }
    for name, years in files.items():
        path = place.state / f"{name}.file"
        if name == "workbook":
            write_as_workbook(world, path, range(world.indicators), years[0])
        else:
            write_file(world, path, range(world.indicators), years)
        async with _copy(place) as database:
            loaded, released = await _child(place, database, "import", path)
            growth.add(f"import, {name}", loaded)
            growth.add(f"release, {name}", released)
            await _check_imported(place, database, name, growth, years)
        path.unlink()
    about = {"learn, many": "dialogues counted again by a new learning key"} | {
        f"{work}, {size}": f"{said}, {there}"
        for work, said in (
            ("import", "import stored"),
            ("release", "import released"),
            ("fold", "dialogues folded and published"),
        )
        for size, there in (
            ("few", "nothing there"),
            ("many", f"{world.observations:,} observations and {sizes.history:,} dialogues there"),
            ("large", "a large file"),
            ("workbook", "the same as XLSX"),
            ("huge", "a file ten times as large"),
        )
    }
    return monitor_growth.section(growth, about)


async def _child(place: Place, database: str, *work: object) -> list[Cost]:
    return await child(map(str, work), place.url(database), place.cores.contestant, place.state / "logs")


@asynccontextmanager
async def _copy(place: Place) -> AsyncIterator[str]:
    """A monitor with its registers alone."""
    async with place.admin() as connection:
        await connection.execute(f"CREATE DATABASE bench_copy TEMPLATE {_BARE}")
        try:
            yield "bench_copy"
        finally:
            await connection.execute("DROP DATABASE bench_copy WITH (FORCE)")


async def _check(place: Place, database: str, what: str, growth: Growth, dialogues: int) -> None:
    """Everyone who spoke counts, and every figure is the sum of what was published."""
    spoke = sum(sum(people(number)) for number in range(dialogues))
    async with place.admin(database) as connection:
        counted = await connection.fetchval(
            "SELECT sum(n) FROM aggregate WHERE kind = 'indicator' AND area = $1 AND length(period) = 4", PROVINCE
        )
        apart = await connection.fetchval(_APART, PROVINCE)
    if (counted, apart) != (spoke, 0):
        growth.wrong.append(f"{what}: {counted} of {spoke} people, {apart} figures of the province are another sum")


async def _check_imported(place: Place, database: str, what: str, growth: Growth, years: Iterable[int]) -> None:
    """Every figure of the province is the sum of what was drawn."""
    world = place.world
    async with place.admin(database) as connection:
        rows = await connection.fetch(
            "SELECT code, period, respondents, n, total, low_n, high_n, numerator, denominator, detailed_n"
            " FROM published WHERE area = $1 AND source = 'survey'",
            PROVINCE,
        )
    found = {(row["code"], int(row["period"])): tuple(row.values())[2:] for row in rows}
    belongs = {
        (world.code(indicator), year): world.sums(indicator, PROVINCE, year)[:-1]
        for indicator in range(world.indicators)
        for year in years
    }
    if found != belongs:
        wrong = [key for key in found.keys() | belongs.keys() if found.get(key) != belongs.get(key)]
        growth.wrong.append(f"{what}: {len(wrong)} figures of the province, such as {wrong[:3]}")


async def measure(scale: float) -> Sequence[Section]:
    """All parts."""
    world = World(_FULL.municipalities, max(10, int(_FULL.indicators * scale)), _FULL.years)
    sizes = Sizes(10_000, max(200, int(1_000 * scale)), max(500, int(50_000 * scale)), 10)
    with tempfile.TemporaryDirectory(prefix="veerkracht-bench-") as folder, on_server_core() as cores:
        async with prepared(Path(folder), cores, world, buffers=_BUFFERS) as place:
            return [
                await read(place, _ROUNDS, max(20, int(_REQUESTS * min(1.0, 4 * scale)))),
                await grow(place, sizes, _ROUNDS),
            ]


def run(scale: float) -> Sequence[Section]:
    """The sections of the report."""
    return uvloop.run(measure(scale))


def main() -> None:
    """At the scale given."""
    for found in run(float(sys.argv[1]) if sys.argv[1:] else 1.0):
        print(found.title, found.columns, *found.rows, *found.notes, *found.targets, sep="\n")


if __name__ == "__main__":
    main()
