"""A file of observations taken in, beside a bare COPY of the rows it stores into the same table, in turns.

`python -m deploy.bench.imports`
"""

import asyncio
import hashlib
import os
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import asyncpg

from deploy.local.postgres import start_postgres
from services.monitor.observations import store
from services.monitor.observations.domain import Offer
from services.monitor.observations.file.layout import COLUMNS
from services.monitor.observations.handlers import load
from services.monitor.observations.steps import release_all
from services.monitor.publication.domain import Thresholds
from shared.database import Connection, connect
from shared.database.migration import migrate
from shared.observability.tracing import continue_trace
from shared.outbox.cause import Cause
from shared.runtime.settings import Settings

from .section import Section, Target

_ROWS, _FEWEST = 100_000, 5_000
_AREAS = 500
_ROUNDS = 5
_FIRST_YEAR = 2000
_TEN = Thresholds(10)
_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    """Seconds of processor of Python and of its connection's Postgres, and seconds that passed."""

    python: float
    postgres: float
    passed: float

    @property
    def processor(self) -> float:
        """Of both."""
        return self.python + self.postgres


def run(scale: float) -> Section:
    """Each round takes in a year that is not there yet, so history grows. `scale` is the share of 100,000 rows."""
    rows = max(int(_ROWS * scale) // _AREAS * _AREAS, _FEWEST)
    imports, copies, steps = asyncio.run(_run(rows))
    share = [ours.processor / bare.processor for ours, bare in zip(imports, copies, strict=True)]
    passed = [ours.passed / bare.passed for ours, bare in zip(imports, copies, strict=True)]
    return Section(
        "Import of observations",
        ("what", "rows", "s of Python", "s of Postgres", "s passed", "× COPY, processor", "× COPY, passed"),
        [
            ("bare COPY", rows, *_middle(copies), 1.0, 1.0),
            ("import: check and store", rows, *_middle(imports), statistics.median(share), statistics.median(passed)),
            ("first round", rows, *_middle(imports[:1]), share[0], passed[0]),
            ("last round", rows, *_middle(imports[-1:]), share[-1], passed[-1]),
            ("steps: publish, move figures, events", rows, *_middle(steps), None, None),
        ],
        (
            f"Medians of {len(imports)} rounds in turns. Each imports another year of one value for each of {_AREAS} "
            "municipalities and many indicators, so the table grows; the bare COPY is of the stored rows of that year, "
            "as CSV, into an empty table of the same columns and keys. Postgres does not flush here, for both.",
            "When the import ends its rows are checked and durable. They become public in the steps after it, of one "
            "indicator and year each, which also move the figures of every area around and append an event for each.",
        ),
        (
            Target("import, × a bare COPY of its rows (processor)", statistics.median(share), 3.0, at_most=True),
            Target("last import, × the first one (processor)", _growth(imports), 1.3, at_most=True),
        ),
    )


def _middle(costs: list[Cost]) -> tuple[float, float, float]:
    return (
        statistics.median(cost.python for cost in costs),
        statistics.median(cost.postgres for cost in costs),
        statistics.median(cost.passed for cost in costs),
    )


def _growth(costs: list[Cost]) -> float:
    return costs[-1].processor / costs[0].processor


async def _run(rows: int) -> tuple[list[Cost], list[Cost], list[Cost]]:
    with tempfile.TemporaryDirectory(prefix="veerkracht-imports-") as folder:
        state = Path(folder)
        postgres = await start_postgres(state, durable=False)
        try:
            await migrate(postgres.admin_url, "monitor")
            connection = await connect("monitor", Settings(database_url=postgres.url))
            try:
                await _prepare(connection, rows // _AREAS)
                return await _rounds(connection, state, rows)
            finally:
                await connection.close()
        finally:
            await postgres.stop()


async def _prepare(connection: "asyncpg.Connection[asyncpg.Record]", indicators: int) -> None:
    await connection.execute("""
        INSERT INTO method VALUES ('online', 'Online vragenlijst');
        INSERT INTO area VALUES ('PV30', 'Noord-Brabant', 'province', NULL, '1990-01-01', NULL);
        INSERT INTO area SELECT 'r' || n, 'r' || n, 'region', 'PV30', '1990-01-01', NULL
        FROM generate_series(0, 3) AS n;
    """)
    await connection.execute(
        "INSERT INTO area SELECT 'GM' || n, 'GM' || n, 'municipality', 'r' || n % 4, '1990-01-01', NULL "
        "FROM generate_series(1, $1) AS n",
        _AREAS,
    )
    await connection.execute(
        "INSERT INTO indicator (code, name_nl, name_en, theme, resource_family, unit, direction) "
        "SELECT 'i' || n, 'i', 'i', 'vertrouwen', 'social', 'score-1-5', 'higher-is-better' "
        "FROM generate_series(1, $1) AS n",
        indicators,
    )
    await connection.execute("CREATE TABLE bare (LIKE observation INCLUDING ALL)")


async def _rounds(
    connection: "asyncpg.Connection[asyncpg.Record]", folder: Path, rows: int
) -> tuple[list[Cost], list[Cost], list[Cost]]:
    imports, copies, steps = [], [], []
    for year in range(_FIRST_YEAR, _FIRST_YEAR + _ROUNDS):
        path, stored = folder / "import.csv", folder / "stored.csv"
        offer = await _offer(connection, path, _content(year, rows))
        trace = continue_trace(None)
        cause = Cause(datetime.now(UTC), "bench", trace)
        imports.append(
            await _cost(connection, lambda: load(connection, path, offer, _TEN, cause, lambda *_: None, 1000))  # noqa: B023
        )
        with stored.open("wb") as file:
            await connection.copy_from_query(
                "SELECT * FROM observation WHERE import = $1", offer.id, output=file, format="csv"
            )
        await connection.execute("TRUNCATE bare")
        copies.append(
            await _cost(
                connection,
                lambda: connection.copy_to_table("bare", source=stored, format="csv"),  # noqa: B023
            )
        )
        if await connection.fetchval("SELECT count(*) FROM bare") != rows:
            raise AssertionError("not every row was stored")
        steps.append(await _cost(connection, lambda: release_all(connection, _TEN)))
    return imports, copies, steps


def _content(year: int, rows: int) -> bytes:
    dice = random.Random(year)  # noqa: S311
    lines = [";".join(COLUMNS)]
    for number in range(rows):
        indicator, area = divmod(number, _AREAS)
        value, deviation, n = dice.randint(1000, 5000), dice.randint(500, 1500), dice.randint(10, 3000)
        lines.append(
            f"i{indicator + 1};1;GM{area + 1};{year};{year};enquete;online;{value // 1000},{value % 1000:03};"
            f"{deviation // 1000},{deviation % 1000:03};;;{n};"
        )
    return ("\r\n".join(lines) + "\r\n").encode()


async def _offer(connection: Connection, path: Path, content: bytes) -> Offer:
    path.write_bytes(content)  # noqa: ASYNC240
    offer = Offer(str(uuid4()), path.name, hashlib.sha256(content).hexdigest(), False)
    await store.insert_upload(connection, offer.id, offer.sha256, path.name, False, len(content), datetime.now(UTC))
    return offer


async def _cost(connection: "asyncpg.Connection[asyncpg.Record]", work: Callable[[], Awaitable[object]]) -> Cost:
    process = connection.get_server_pid()
    python, postgres, passed = time.process_time(), _processor(process), time.perf_counter()
    await work()
    return Cost(time.process_time() - python, _processor(process) - postgres, time.perf_counter() - passed)


def _processor(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_SECOND


if __name__ == "__main__":
    section = run(float(os.environ.get("BENCH_SCALE", "1")))
    print(*section.columns, sep=" | ")
    for row in section.rows:
        print(*(f"{cell:.2f}" if isinstance(cell, float) else cell for cell in row), sep=" | ")
    for target in section.targets:
        print(f"{target.text}: {target.value:.2f}, at most {target.bound}")
