"""Server-sent events to 1,000 subscribers: the feeds API beside sse-starlette. `python -m deploy.bench.sse`

Events are appended to the feed's table in Postgres, as its projection does; each server on a core of its own, all
else on another. The next event is appended when all subscribers have the one before.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from statistics import median

import msgspec

from deploy.local.ports import HOST, free_port, listens
from deploy.local.postgres import Postgres, start_postgres
from deploy.local.processes import ProcessError, end, spawn, until
from services.feeds.log import store
from shared import contracts, database
from shared.contracts import CloudEvent
from shared.contracts.community import DialogueWithdrawn
from shared.contracts.vocabulary import Theme
from shared.database import Connection
from shared.database.migration import migrate
from shared.projections.decoding import Delivered, decoder_of
from shared.runtime.settings import Settings

from .section import Cell, Missing, Section, Target
from .subscribers import Subscribers, frames_in
from .unlimited import UNLIMITED

_ROUNDS = 5
_SUBSCRIBERS = 1000
_ROOT = Path(__file__).parents[2]
_RIVAL = Path(__file__).with_name("sse-starlette")
_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Contestant:
    """A server to start, with the environment that it needs beside the address of Postgres."""

    name: str
    command: Sequence[str | Path]
    env: Mapping[str, str]


@dataclass(frozen=True)
class Load:
    """`appends` transactions of `size` events each."""

    name: str
    size: int
    appends: int


@dataclass(frozen=True)
class Measured:
    """One contestant under one load, once."""

    deliveries: int
    seconds: float
    cpu: float

    @property
    def rate(self) -> float:
        """Deliveries per second."""
        return self.deliveries / self.seconds

    @property
    def cost(self) -> float:
        """CPU-seconds of the server per million deliveries."""
        return self.cpu / self.deliveries * 1e6


OURS = Contestant("feeds API", [sys.executable, "-m", "services.feeds", "api"], {"VEERKRACHT_LOG_LEVEL": "warning"})
IDIOMATIC = Contestant("sse-starlette", [_RIVAL / "run"], {"BENCH_MODE": "fields"})
BY_HAND = Contestant("sse-starlette, frames encoded once by hand", [_RIVAL / "run"], {"BENCH_MODE": "bytes"})

#: `one` is a quiet programme: nothing to join, a write per delivery. `many` is a batch of the projection.
ONE, MANY = Load("one event at a time", 1, 60), Load("40 events at a time", 40, 6)


class Feed:
    """Appends events to the real table, in the shape and the way of the projection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._numbers = count(1)

    async def append(self, size: int) -> None:
        """One transaction."""
        events = [self._event(next(self._numbers)) for _ in range(size)]
        async with self._connection.transaction():
            await store.append(self._connection, events)

    async def frames_after(self, position: int) -> bytes:
        """What every subscriber must have got."""
        return b"".join([entry.frame for entry in await store.list_entries(self._connection, position, 1_000_000)])

    async def head(self) -> int:
        """The position of the newest event."""
        return await store.LOG.head(self._connection)

    @staticmethod
    def _event(number: int) -> Delivered:
        data = DialogueWithdrawn(
            dialogue=f"helmond-{number}",
            municipality="GM0794",
            organiser="zet",
            initiative=None,
            themes=(Theme.CONNECTION,),
            was_held=True,
        )
        value = CloudEvent(
            id=f"d-{number}",
            source=contracts.source("00000099000000001000", contracts.stream_of(data.topic)),
            type=data.type,
            subject=data.subject,
            time=datetime(2026, 11, 24, 12, tzinfo=UTC),
            dataschema="http://127.0.0.1" + contracts.schema_path(data.type),
            partitionkey=data.key,
            sequence=str(number),
            correlationid="bench",
            traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            data=msgspec.Raw(msgspec.json.encode(data)),
        )
        event = decoder_of((type(data),)).decode(msgspec.json.encode(value))
        assert isinstance(event, Delivered)  # noqa: S101 - tells the type checker: it is of a type we know
        return event


@contextmanager
def _on_one_core() -> Iterator[int]:
    """This process, and what it starts, on the last core that it may use; gives the core for the server."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        yield min(before)
    finally:
        os.sched_setaffinity(0, before)


@asynccontextmanager
async def _serving(contestant: Contestant, core: int, postgres: Postgres, logs: Path) -> AsyncIterator[tuple[int, int]]:
    """The port and process id of a running server."""
    port = free_port()
    database_url = f"{postgres.url}&user={database.role('feeds')}"
    env = {
        **os.environ,
        **UNLIMITED,
        "VEERKRACHT_DATABASE_URL": postgres.url,
        "VEERKRACHT_HTTP_PORT": str(port),
        "BENCH_DATABASE_URL": database_url,
        "BENCH_PORT": str(port),
        **contestant.env,
    }
    log = logs / f"{contestant.name}.log"
    process = await spawn(["taskset", "-c", str(core), *contestant.command], log, env=env, cwd=_ROOT)
    try:
        await until(lambda: asyncio.to_thread(listens, f"{HOST}:{port}"), process, contestant.name, log)
        yield port, process.pid
    finally:
        await end(process)


async def _build_rival(log: Path) -> None:
    built = await spawn([_RIVAL / "run", "build"], log)
    if await built.wait():
        raise Missing("the packages of deploy/bench/sse-starlette/requirements.txt")


def _cpu(pid: int) -> float:
    fields = (Path("/proc") / str(pid) / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / _TICKS_PER_SECOND


async def _measure(feed: Feed, subscribers: Subscribers, number: int, load: Load, pid: int) -> Measured:
    cpu, started = _cpu(pid), time.perf_counter()
    for _ in range(load.appends):
        await feed.append(load.size)
        subscribers.receive(load.size * number)
    return Measured(load.size * load.appends * number, time.perf_counter() - started, _cpu(pid) - cpu)


async def measure(
    contestants: Sequence[Contestant], loads: Sequence[Load], number: int, rounds: int
) -> dict[tuple[str, str], list[Measured]]:
    """Rounds in which every contestant has its turn. Raises Missing, and ProcessError when a frame is wrong."""
    found: dict[tuple[str, str], list[Measured]] = {(c.name, load.name): [] for c in contestants for load in loads}
    with tempfile.TemporaryDirectory() as folder, _on_one_core() as core:
        if any(contestant is not OURS for contestant in contestants):
            await _build_rival(Path(folder) / "build.log")
        postgres = await start_postgres(Path(folder), durable=False)
        try:
            await migrate(postgres.admin_url, "feeds")
            settings = Settings(database_url=postgres.url)
            connection = await database.connect("feeds", settings)
            feed = Feed(connection)
            for _ in range(rounds):
                for contestant in contestants:
                    async with _serving(contestant, core, postgres, Path(folder)) as (port, pid):
                        before = await feed.head()
                        subscribers = Subscribers(port, number)
                        try:
                            await _measure(feed, subscribers, number, Load("warm-up", 1, 3), pid)
                            for load in loads:
                                found[contestant.name, load.name].append(
                                    await _measure(feed, subscribers, number, load, pid)
                                )
                            if frames_in(bytes(subscribers.kept)) != await feed.frames_after(before):
                                raise ProcessError(f"{contestant.name} sent other frames than the table has")
                        finally:
                            subscribers.close()
            await connection.close()
        finally:
            await postgres.stop()
    return found


def run(scale: float) -> Section:
    """The section of the report; `scale` is that of the number of rounds and events."""
    loads = [Load(load.name, load.size, max(2, round(load.appends * scale))) for load in (ONE, MANY)]
    contestants = (OURS, IDIOMATIC, BY_HAND)
    found = asyncio.run(measure(contestants, loads, _SUBSCRIBERS, max(1, round(_ROUNDS * min(scale, 1.0)))))

    def rate(contestant: Contestant, load: Load) -> float:
        return median(each.rate for each in found[contestant.name, load.name])

    rows: list[list[Cell]] = [
        [
            load.name,
            contestant.name,
            round(rate(contestant, load)),
            rate(contestant, load) / rate(IDIOMATIC, load),
            median(each.cost for each in found[contestant.name, load.name]),
        ]
        for load in loads
        for contestant in contestants
    ]
    return Section(
        "Server-sent events",
        ("load", "server", "deliveries/s", "× sse-starlette", "CPU-s per million deliveries"),
        rows,
        (
            f"{_SUBSCRIBERS} subscribers over loopback, without a filter; server on one core, Postgres and the "
            "subscribers on another; the same uvicorn, uvloop and httptools. Medians of interleaved rounds.",
            "Events are appended to the table of the feed; the next when every subscriber has the one before. The time "
            "is from the start of the append to the last delivery. All send the same frames, which is checked.",
            "Every delivery of a single event is a write to a socket: that cost is the kernel's, and the same for all.",
        ),
        [
            Target(
                f"{load.name}: deliveries/s as a ratio to sse-starlette", rate(OURS, load) / rate(IDIOMATIC, load), 1.8
            )
            for load in loads
        ],
    )


def main() -> None:
    """Print the table."""
    section = run(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0)
    print(" | ".join(section.columns))
    for row in section.rows:
        print(" | ".join(f"{cell:.3g}" if isinstance(cell, float) else str(cell) for cell in row))
    for target in section.targets:
        print(f"{target.text}: {target.value:.2f}, at least {target.bound}: {'met' if target.met else 'NOT met'}")


if __name__ == "__main__":
    main()
