"""python -m deploy.bench.ours: a stream worker as every service has one, with the settings of a contestant."""

import asyncio
import os
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import msgspec

from shared.migrations import migrate
from shared.projector import Projection
from shared.settings import Settings
from shared.worker import create_worker, run_worker

from .fold import ContributionCounted, Hierarchy, apply, refuse_unknown_area

SERVICE = "bench"
_SHARE = """
DROP TABLE public.dead;
CREATE VIEW public.dead AS SELECT partition, "offset" FROM bench.dead_letter;
GRANT USAGE ON SCHEMA public TO veerkracht_bench;
GRANT SELECT, INSERT, UPDATE ON public.cell TO veerkracht_bench;
"""


async def prepare(url: str) -> None:
    """The tables that every service has, once; the sink's `dead` becomes a view of ours."""
    if await migrate(url, SERVICE):
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(_SHARE)
        finally:
            await connection.close()


def main() -> None:
    """Run until killed."""
    url = os.environ["BENCH_DATABASE_URL"]
    asyncio.run(prepare(url))
    hierarchy = msgspec.json.decode(Path(os.environ["BENCH_HIERARCHY"]).read_bytes(), type=Hierarchy)
    projection = Projection(
        os.environ["BENCH_GROUP"],
        (os.environ["BENCH_TOPIC"],),
        partial(apply, hierarchy),
        reads=(ContributionCounted,),
        check=partial(refuse_unknown_area, hierarchy),
    )
    parts = urlsplit(url)
    settings = Settings(
        database_url=f"postgresql://{parts.hostname}:{parts.port}{parts.path}",
        kafka_servers=os.environ["BENCH_SERVERS"],
    )
    run_worker(create_worker(SERVICE, [projection], settings), settings)


if __name__ == "__main__":
    main()
