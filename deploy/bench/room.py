"""What a thousand dialogues take of a disk, in Postgres by schema and table, and in Kafka: `BENCH_ONLY=room`.

The whole real stack: each dialogue is planned and held, and measured once every projection has read it.
"""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import asyncpg
import httpx2

from deploy.local import SERVICES
from deploy.local.stack import Stack

from .latency import held, plan
from .section import Cell, Missing, Section, Target

_DIALOGUES, _FEWEST = 2000, 200
_AT_ONCE = 8
_PATIENCE_SECONDS = 300.0
_SIZES = """
SELECT nspname || '.' || relname AS name, pg_total_relation_size(pg_class.oid) AS bytes
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind = 'r' AND nspname = ANY ($1)
"""
#: Until the feed, which reads all that is public, and the figures have every dialogue.
_READ = """
SELECT least(
    (SELECT count(*) FROM feeds.event WHERE type = 'nl.veerkracht.dialogue.held.v1'),
    (SELECT coalesce(sum(next_offset), 0) FROM monitor.watermark WHERE topic = 'community.dialogue-findings'))::bigint
"""
#: Of the tables, only what is worth a line.
_SHOWN_MB = 0.5
_MB = 1_000_000


def run(scale: float) -> Section:
    """2,000 dialogues at full scale. Raises Missing without a real Kafka."""
    return asyncio.run(_run(max(int(_DIALOGUES * scale), _FEWEST)))


async def _run(dialogues: int) -> Section:
    with tempfile.TemporaryDirectory(prefix="veerkracht-room-") as folder:
        async with Stack(Path(folder)) as stack:
            if not stack.broker.real:
                raise Missing(f"a real Kafka: {stack.broker.why}")
            database = await asyncpg.connect(stack.postgres.admin_url)
            try:
                before = await _measure(database, stack.state)
                await _hold_all(stack, database, dialogues)
                taken = await _measure(database, stack.state)
            finally:
                await database.close()
    taken.subtract(before)
    return _section({name: size / _MB / dialogues * 1000 for name, size in taken.items()}, dialogues)


async def _measure(database: "asyncpg.Connection[asyncpg.Record]", state: Path) -> Counter[str]:
    """Bytes by table, and those of Kafka's logs."""
    sizes = Counter({row["name"]: row["bytes"] for row in await database.fetch(_SIZES, list(SERVICES))})
    logs = await asyncio.to_thread(lambda: [path.stat().st_size for path in state.rglob("*/*-[0-9]*/*.log")])
    sizes["Kafka"] = sum(logs)
    return sizes


async def _hold_all(stack: Stack, database: "asyncpg.Connection[asyncpg.Record]", dialogues: int) -> None:
    today = datetime.now(UTC).date()
    before: int = await database.fetchval(_READ)
    todo = iter(range(dialogues))
    headers = {"Authorization": f"Bearer {stack.tokens['community']}"}
    async with (
        httpx2.AsyncClient(base_url=stack.base_url, headers=headers, timeout=30.0, trust_env=False) as client,
        asyncio.TaskGroup() as group,
    ):
        for _ in range(_AT_ONCE):
            group.create_task(_hold_next(client, todo, today))
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while await database.fetchval(_READ) - before < dialogues:  # noqa: ASYNC110 - nobody can tell us
            await asyncio.sleep(0.5)


async def _hold_next(client: httpx2.AsyncClient, todo: Iterator[int], today: date) -> None:
    for _ in todo:
        dialogue = await plan(client, today)
        answer = await client.post(f"/community/v1/dialogues/{dialogue}/held", json=held(today))
        answer.raise_for_status()


def _section(taken: dict[str, float], dialogues: int) -> Section:
    kafka = taken.pop("Kafka")
    postgres = sum(taken.values())
    rows: list[tuple[Cell, ...]] = [("Postgres", postgres)]
    rows += [(f"… `{name}`", size) for name, size in sorted(taken.items(), key=lambda of: -of[1]) if size >= _SHOWN_MB]
    rows.append(("Kafka", kafka))
    return Section(
        "Room: what a thousand dialogues take",
        ("where", "MB"),
        rows,
        (
            f"{dialogues:,} dialogues, each planned and held with one finding, on the whole stack: tables with their "
            "indexes, of all services, and the segments of every topic on one broker. Without Postgres' own log, which "
            "is bounded; with what it has not vacuumed yet.",
        ),
        (
            Target("room: MB per 1,000 dialogues in Postgres", postgres, 40.0, at_most=True),
            Target("room: MB per 1,000 dialogues in Kafka", kafka, 5.0, at_most=True),
        ),
    )
