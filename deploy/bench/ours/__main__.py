"""python -m deploy.bench.ours: a stream worker as every service has one, with the settings of a contestant.

`BENCH_MODE=rebuild` rebuilds the tables of a run that was drained before, and ends.
"""

import asyncio
import os
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import msgspec
import uvloop

from shared.database.migration import migrate
from shared.processes.stream_worker import create_worker, run_worker
from shared.projections.projector import Projection
from shared.projections.rebuild import Rebuild, rebuild
from shared.runtime.settings import Settings

from . import AGAIN
from .fold import ContributionCounted, Hierarchy, apply, refuse_unknown_area

SERVICE = "bench"
#: The sink's tables become ours, as a service owns its own; the runner goes on reading them.
_TAKE = """
ALTER TABLE public.cell SET SCHEMA bench;
ALTER TABLE bench.cell OWNER TO veerkracht_bench;
DROP TABLE public.dead;
"""
_SHOW = """
CREATE VIEW public.cell AS SELECT * FROM bench.cell;
CREATE VIEW public.dead AS SELECT partition, "offset" FROM bench.dead_letter;
"""
_HIDE = "DROP VIEW public.cell, public.dead"


async def _execute(url: str, statements: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statements)
    finally:
        await connection.close()


async def prepare(url: str) -> None:
    """The tables that every service has, once."""
    if await migrate(url, SERVICE):
        await _execute(url, _TAKE + _SHOW)


async def again(url: str, projection: Projection, settings: Settings) -> None:
    """Rebuild. A view would hold on to the table that is swapped out."""
    await _execute(url, _HIDE)
    plan = Rebuild(projection, tables=("cell",))
    await rebuild(SERVICE, plan, settings, lambda _, __: None)
    await _execute(url, _SHOW)


def main() -> None:
    """Run until killed."""
    url = os.environ["BENCH_DATABASE_URL"]
    asyncio.run(prepare(url))
    hierarchy = msgspec.json.decode(Path(os.environ["BENCH_HIERARCHY"]).read_bytes(), type=Hierarchy)
    projection = Projection(
        os.environ["BENCH_GROUP"].removesuffix(AGAIN),
        (os.environ["BENCH_TOPIC"],),
        partial(apply, hierarchy),
        reads=(ContributionCounted,),
        check=partial(refuse_unknown_area, hierarchy),
    )
    parts = urlsplit(url)
    settings = Settings(
        database_url=f"postgresql://{parts.hostname}:{parts.port}{parts.path}",
        kafka_servers=os.environ["BENCH_SERVERS"],
        instance="ours",
    )
    if os.environ["BENCH_MODE"] == "rebuild":
        uvloop.run(again(url, projection, settings))
    else:
        run_worker(create_worker(SERVICE, [projection], settings), settings)


if __name__ == "__main__":
    main()
