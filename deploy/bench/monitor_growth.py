"""Whether imports and the fold of dialogues cost the same however much is there, and what an import takes of memory.

Each piece of work is a process: `python -m deploy.bench.monitor_growth import FILE | fold FROM COUNT | learn`.
"""

import hashlib
import os
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from uuid import UUID, uuid5

import asyncpg
import msgspec
import uvloop

from deploy.local.processes import end, spawn, tail
from services.monitor.app import projections
from services.monitor.dialogues.domain import PROGRAMME_START
from services.monitor.dialogues.handlers import publish_learning_key
from services.monitor.dialogues.learning_key import learning_keys
from services.monitor.observations import store
from services.monitor.observations.domain import Offer
from services.monitor.observations.handlers import load
from services.monitor.observations.steps import release_all
from services.monitor.publication.threshold import thresholds_of
from services.monitor.settings import MonitorSettings
from shared import contracts
from shared.contracts import CloudEvent
from shared.contracts.community import FINDINGS, DialogueFindingsRecorded, Finding
from shared.contracts.monitor import LearningKeyPublished, TopicMapping
from shared.contracts.slots import headers_of
from shared.contracts.vocabulary import DialogueTopic
from shared.database import connect
from shared.observability.tracing import continue_trace
from shared.outbox.cause import Cause
from shared.projections.projector import apply_batch
from shared.projections.runs import Run
from shared.projections.watermarks import Partition

from .section import Cell, Section, Target

_ROOT = Path(__file__).parents[2]
_BATCH = 50
_IMPORTING = ("import", "release")
_NAMESPACE = UUID("5d3cb8a5-56b1-4d0c-9d0a-6a3f2f0c8a11")
_TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Cost(msgspec.Struct, frozen=True):
    """Seconds of CPU of Python and of its connection's Postgres, seconds that passed, peak memory in MB, and how many
    rows or dialogues it was about."""

    python: float
    postgres: float
    passed: float
    memory: float
    count: int

    @property
    def cpu(self) -> float:
        """Of both."""
        return self.python + self.postgres


@dataclass
class Growth:
    """What was measured; `wrong` are figures that were not what they should be."""

    rows: dict[str, list[Cost]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def add(self, what: str, cost: Cost) -> None:
        """One round."""
        self.rows.setdefault(what, []).append(cost)

    def ratio(self, above: str, below: str) -> float | None:
        """CPU per row, beside one another; None when one was not measured."""
        if above not in self.rows or below not in self.rows:
            return None
        return _each(self.rows[above]) / _each(self.rows[below])


def _each(costs: Iterable[Cost]) -> float:
    return median(cost.cpu / cost.count for cost in costs)


async def child(work: Iterable[str], database_url: str, core: int, logs: Path) -> list[Cost]:
    """A piece of work in a process of its own on a core: one cost for each of its steps. Raises RuntimeError."""
    arguments = list(work)
    log = logs / f"{arguments[0]}-{time.monotonic_ns()}.log"
    process = await spawn(
        ["taskset", "-c", str(core), sys.executable, "-m", "deploy.bench.monitor_growth", *arguments],
        log,
        cwd=_ROOT,
        env={**os.environ, "VEERKRACHT_DATABASE_URL": database_url},
    )
    try:
        status = await process.wait()
    finally:
        await end(process)
    if status:
        raise RuntimeError(f"{arguments}: status {status}:\n{tail(log)}")
    return msgspec.json.decode(tail(log, 1), type=list[Cost])


def people(number: int) -> tuple[int, int, int, int, int]:
    """What the people of a dialogue scored: 4 to 20 of them, so that some wait for others."""
    some = 4 + number * 7919 % 17
    return (0, some // 4, some - some // 4 - some // 3, some // 3, 0)


def _dialogues(municipalities: Iterable[str], start: int, count: int) -> Iterator[bytes]:
    codes, topics = list(municipalities), list(DialogueTopic)
    for number in range(start, start + count):
        said = DialogueFindingsRecorded(
            dialogue=str(uuid5(_NAMESPACE, str(number))),
            municipality=codes[number * 31 % len(codes)],
            held_on=date(2023, 1, 1) + timedelta(days=number * 7 % 1000),
            findings=(Finding(topic=topics[number % len(topics)], scores=people(number)),),
        )
        yield msgspec.json.encode(
            CloudEvent(
                id=str(uuid5(_NAMESPACE, f"event {number}")),
                source=contracts.source("00000099000000001000", contracts.stream_of(said.topic)),
                type=said.type,
                subject=said.subject,
                time=datetime(2026, 11, 24, 12, tzinfo=UTC),
                dataschema="http://127.0.0.1" + contracts.schema_path(said.type),
                partitionkey=said.key,
                sequence=str(number + 1),
                correlationid="bench",
                traceparent=_TRACE,
                data=msgspec.Raw(msgspec.json.encode(said)),
            )
        )


@dataclass(frozen=True)
class _Record:
    offset: int
    value: bytes
    headers: list[tuple[str, bytes]]
    key: bytes | None = None


async def _fold(settings: MonitorSettings, start: int, count: int, batch: int) -> list[Cost]:
    connection = await connect("monitor", settings)
    figures, *_ = projections(settings)
    existing = await connection.fetch(
        "SELECT code FROM area WHERE level = 'municipality' AND valid_until IS NULL ORDER BY code"
    )
    values = list(_dialogues([row["code"] for row in existing], start, count))
    records = [_Record(offset, value, headers_of(0, offset + 1)) for offset, value in enumerate(values, start)]

    async def work() -> int:
        for first in range(0, count, batch):
            run = Run(Partition(FINDINGS, 0), records[first].offset)
            run.read(figures, records[first : first + batch])
            await apply_batch(connection, figures, [run], datetime.now(UTC))
        return count

    return [await _cost(connection, work)]


async def _learn(settings: MonitorSettings) -> list[Cost]:
    """Publish a learning key by which every topic tells of what the next topic told of."""
    connection = await connect("monitor", settings)
    [*_, newest] = await learning_keys(connection)
    topics = sorted(newest.mapping)
    following = zip(topics, (*topics[1:], topics[0]), strict=True)
    mappings = tuple(TopicMapping(topic=topic, indicator=newest.mapping[other][0]) for topic, other in following)
    key = LearningKeyPublished(version=newest.version + 1, valid_from=PROGRAMME_START, mappings=mappings)

    async def work() -> int:
        cause = Cause(datetime.now(UTC), "bench", continue_trace(None))
        async with connection.transaction():
            changed = await publish_learning_key(connection, key, cause, thresholds_of(settings))
        return changed.dialogues if changed else 0

    return [await _cost(connection, work)]


async def _import(settings: MonitorSettings, path: Path) -> list[Cost]:
    connection, now = await connect("monitor", settings), datetime.now(UTC)
    with path.open("rb") as file:
        digest, size = hashlib.file_digest(file, "sha256").hexdigest(), os.fstat(file.fileno()).st_size
    offer = Offer(str(uuid5(_NAMESPACE, digest)), path.name, digest, False)
    await store.insert_upload(connection, offer.id, digest, path.name, False, size, now)
    thresholds, cause = thresholds_of(settings), Cause(now, "bench", continue_trace(None))

    async def take_in() -> int:
        counts = await load(connection, path, offer, thresholds, cause, lambda *_: None, 1000)
        if counts.stored != counts.rows or counts.errors:
            raise RuntimeError(f"not all was stored: {counts}")
        return counts.rows

    loaded = await _cost(connection, take_in)

    async def release() -> int:
        await release_all(connection, thresholds)
        return loaded.count

    return [loaded, await _cost(connection, release)]


async def _cost(connection: "asyncpg.Connection[asyncpg.Record]", work: Callable[[], Awaitable[int]]) -> Cost:
    server = connection.get_server_pid()
    python, postgres, passed = time.process_time(), _cpu(server), time.perf_counter()
    count = await work()
    python, postgres, passed = time.process_time() - python, _cpu(server) - postgres, time.perf_counter() - passed
    return Cost(python, postgres, passed, _peak(), count)


def _cpu(pid: int) -> float:
    """Seconds on a core of a process of one thread: to the nanosecond, where `stat` counts hundredths of a second."""
    return int((Path("/proc") / str(pid) / "schedstat").read_text(encoding="utf-8").split()[0]) / 1e9


def _peak() -> float:
    """Of this process, since it became Python."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def section(growth: Growth, about: Mapping[str, str]) -> Section:
    """Few and many beside one another; `about` says what each row is."""
    rows: list[list[Cell]] = [
        [
            about.get(what, what),
            costs[0].count,
            *(median(getattr(cost, name) for cost in costs) for name in ("python", "postgres", "passed")),
            1e6 * _each(costs),
            max(cost.memory for cost in costs),
        ]
        for what, costs in growth.rows.items()
    ]
    memory = [cost.memory for what, costs in growth.rows.items() if what.startswith(_IMPORTING) for cost in costs]
    return Section(
        "Monitor: imports and dialogues, however much is there",
        ("what", "count", "Python CPU, s", "Postgres CPU, s", "s", "CPU per one, µs", "peak memory of Python, MB"),
        rows,
        [
            "A process each, with the importer or the projection as it is deployed; the CPU of Postgres is that of its"
            " connection. Medians of interleaved rounds; few is a copy of a monitor with its registers alone.",
            "An import is stored first (checked, durable) and released after: published, figures moved, events told.",
            *(f"wrong: {each}"[:300] for each in growth.wrong[:5]),
        ],
        [
            Target(f"{name}: CPU per one, many / few", growth.ratio(f"{what}, many", f"{what}, few"), 1.2, at_most=True)
            for name, what in (
                ("import, stored", "import"),
                ("import, released", "release"),
                ("dialogue, folded and published", "fold"),
            )
        ]
        + [
            Target("import: peak memory of Python, MB", max(memory, default=None), 200.0, at_most=True),
            Target("monitor: wrong after imports and folds", len(growth.wrong), 0, at_most=True, required=True),
        ],
    )


def main() -> None:
    """A piece of work."""
    settings = MonitorSettings.load()
    match sys.argv[1:]:
        case ["learn"]:
            costs = uvloop.run(_learn(settings))
        case ["import", path]:
            costs = uvloop.run(_import(settings, Path(path)))
        case ["fold", start, count]:
            costs = uvloop.run(_fold(settings, int(start), int(count), _BATCH))
        case ["history", start, count]:
            costs = uvloop.run(_fold(settings, int(start), int(count), 20 * _BATCH))
        case _:
            raise SystemExit(__doc__)
    print(msgspec.json.encode(costs).decode())


if __name__ == "__main__":
    main()
