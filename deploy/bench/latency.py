"""At low load, how long after a command's commit its effect is visible, beside a bare round trip through Kafka.

The whole real stack: POST -> outbox -> relay -> Kafka -> stream worker -> monitor.aggregate, at 20 commands per second.
"""

import asyncio
import bisect
import tempfile
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from uuid import uuid4

import asyncpg
import httpx2
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from deploy.local.stack import Stack

from .log import make_topic
from .section import Cell, Missing, Section, Target

_COMMANDS, _FEWEST = 600, 40
_EVERY_SECONDS = 0.05
_SAMPLE_SECONDS = 0.002
_PATIENCE_SECONDS = 30.0
_AREA = "GM0794"
_TOPIC = "bench-echo"
_VISIBLE = """
SELECT coalesce(sum(findings), 0)::bigint FROM monitor.aggregate
WHERE kind = 'indicator' AND area = $1 AND period = $2
"""


@dataclass
class _Seen:
    """What was noted, by the monotonic clock: commits, (findings visible, when) as they grew, and round trips in s."""

    commits: list[float]
    visible: list[tuple[int, float]]
    trips: list[float]


def run(scale: float) -> Section:
    """600 commands at full scale. Raises Missing without a real Kafka."""
    return asyncio.run(_run(max(int(_COMMANDS * scale), _FEWEST)))


async def _run(commands: int) -> Section:
    with tempfile.TemporaryDirectory(prefix="veerkracht-latency-") as folder:
        async with Stack(Path(folder)) as stack:
            if not stack.broker.real:
                raise Missing(f"a real Kafka: {stack.broker.why}")
            seen = await _measure(stack, commands)
    return _section(seen)


async def _measure(stack: Stack, commands: int) -> _Seen:
    seen = _Seen([], [], [])
    today = datetime.now(UTC).date()
    headers = {"Authorization": f"Bearer {stack.tokens['community']}"}
    database = await asyncpg.connect(stack.postgres.admin_url)
    notified: list[float] = []
    listening = await asyncpg.connect(stack.postgres.admin_url)
    await listening.add_listener("outbox_community", lambda *_: notified.append(time.monotonic()))
    try:
        async with httpx2.AsyncClient(
            base_url=stack.base_url, headers=headers, timeout=10.0, trust_env=False
        ) as client:
            dialogues = [await plan(client, today) for _ in range(commands)]
            before = await _visible(database, today)
            async with asyncio.TaskGroup() as group:
                group.create_task(_watch(database, today, before + commands, seen.visible))
                group.create_task(_echo(stack.broker.servers, commands, seen.trips))
                hold = [partial(_hold, client, dialogue, today, notified, seen.commits) for dialogue in dialogues]
                await _pace(hold)
    finally:
        await listening.close()
        await database.close()
    seen.visible = [(count - before, when) for count, when in seen.visible]
    return seen


async def plan(client: httpx2.AsyncClient, today: date) -> str:
    """A dialogue that can be held."""
    dialogue = str(uuid4())
    planned = {
        "id": dialogue,
        "municipality": _AREA,
        "neighbourhood": "Annawijk",
        "organiser": "pon",
        "initiative": "sociale-stad",
        "themes": ["verbinding"],
        "plannedOn": (today - timedelta(days=7)).isoformat(),
    }
    (await client.post("/community/v1/dialogues", json=planned)).raise_for_status()
    return dialogue


def held(today: date) -> dict[str, object]:
    """How it went, with one finding."""
    return {
        "heldOn": today.isoformat(),
        "groups": {"bewoners": 10},
        "findings": [{"topic": "ontmoeting", "scores": [0, 2, 5, 2, 1]}],
        "actions": ["Een buurtkamer openen"],
    }


async def _hold(
    client: httpx2.AsyncClient, dialogue: str, today: date, notified: list[float], commits: list[float]
) -> None:
    """Hold it, with one finding; notes when that was committed: Postgres notifies listeners at commit."""
    sent = time.monotonic()
    (await client.post(f"/community/v1/dialogues/{dialogue}/held", json=held(today))).raise_for_status()
    answered = time.monotonic()
    # The first since it was sent: another command's at worst, and then this one's latency is overstated.
    index = bisect.bisect_left(notified, sent)
    commits.append(notified[index] if index < len(notified) else answered)


async def _pace(actions: Sequence[Callable[[], Coroutine[None, None, None]]]) -> None:
    """Start one every 50 ms, whether or not the one before has been answered."""
    began = asyncio.get_running_loop().time()
    async with asyncio.TaskGroup() as group:
        for number, action in enumerate(actions):
            await asyncio.sleep(began + number * _EVERY_SECONDS - asyncio.get_running_loop().time())
            group.create_task(action())


async def _echo(servers: str, count: int, trips: list[float]) -> None:
    """As many round trips of 420 bytes, at the same pace: idempotent aiokafka producer, aiokafka consumer."""
    await asyncio.to_thread(make_topic, servers, _TOPIC, 1)
    consumer = AIOKafkaConsumer(_TOPIC, bootstrap_servers=servers, auto_offset_reset="earliest")
    async with AIOKafkaProducer(bootstrap_servers=servers, enable_idempotence=True) as producer, consumer:

        async def receive() -> None:
            for _ in range(count):
                record = await consumer.getone()
                trips.append(time.monotonic() - float(record.value[:20]))

        async with asyncio.TaskGroup() as group:
            group.create_task(receive())
            group.create_task(_pace([partial(_send, producer)] * count))


async def _send(producer: AIOKafkaProducer) -> None:
    await producer.send_and_wait(_TOPIC, f"{time.monotonic():020.6f}".encode().ljust(420))


async def _visible(database: "asyncpg.Connection[asyncpg.Record]", today: date) -> int:
    count: int = await database.fetchval(_VISIBLE, _AREA, f"{today:%Y-%m}")
    return count


async def _watch(
    database: "asyncpg.Connection[asyncpg.Record]", today: date, goal: int, visible: list[tuple[int, float]]
) -> None:
    """Note when more is visible, until all is. Raises TimeoutError when nothing more comes."""
    most = -1
    while most < goal:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while (count := await _visible(database, today)) <= most:  # noqa: ASYNC110 - nobody can tell us
                await asyncio.sleep(_SAMPLE_SECONDS)
        most = count
        visible.append((count, time.monotonic()))


def _section(seen: _Seen) -> Section:
    counts = [count for count, _ in seen.visible]
    ours = [
        seen.visible[bisect.bisect_left(counts, number)][1] - commit
        for number, commit in enumerate(sorted(seen.commits), start=1)
    ]
    rows: list[tuple[Cell, ...]] = [
        (name, len(found), 1_000 * median(found), 1_000 * _p99(found))
        for name, found in (("commit until visible", ours), ("bare round trip", seen.trips))
    ]
    more = 1_000 * (median(ours) - median(seen.trips))
    return Section(
        "Low load: from commit until visible",
        ("path", "commands", "p50, ms", "p99, ms"),
        rows,
        (
            "20 commands per second on the whole stack, on both cores. Committed: when Postgres notified its "
            "listeners. Visible: the figure in monitor.aggregate, asked for every 2 ms.",
            "The bare round trip is an idempotent aiokafka producer and an aiokafka consumer in one process, at the "
            "same pace at the same time.",
        ),
        (Target("low load: p50 from commit until visible, ms more than a bare round trip", more, 30.0, at_most=True),),
    )


def _p99(values: list[float]) -> float:
    return sorted(values)[int(0.99 * len(values))]
