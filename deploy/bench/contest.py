"""One contestant on one log: started, watched in the tables that it writes, and killed when it is done."""

import asyncio
import json
import os
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import msgspec

from deploy.local import ROOT
from deploy.local.processes import ProcessError, spawn, tail

from . import workload
from .ceilings import Measured
from .machine import Cores, Servers, Usage, kill_tree, usage
from .oracle import Answer, Difference, compare
from .section import Missing
from .sink import Progress, Sink

_POLL_SECONDS = 0.02
#: How often all rows are compared once the province's are right.
_CHECK_SECONDS = 0.2
_USAGE_SECONDS = 0.5


@dataclass(frozen=True)
class Contestant:
    """A folder here with a `run` script."""

    name: str
    folder: str
    mode: str = ""

    @property
    def run(self) -> Path:
        """Its script."""
        return ROOT / "deploy" / "bench" / self.folder / "run"


@dataclass(frozen=True)
class Log:
    """A topic with a workload in it, and the right answer."""

    topic: str
    size: int
    answer: Answer


@dataclass(frozen=True)
class Bench:
    """What all runs share."""

    servers: Servers
    cores: Cores
    state: Path
    #: A contestant that moved nothing for so long is done, right or wrong.
    stall_seconds: float = 30.0
    start_seconds: float = 120.0

    def spent(self) -> "Spent":
        """CPU of the servers until now."""
        return Spent(usage(self.servers.postgres.pid).cpu, usage(self.servers.broker.pid).cpu)


class Spent(NamedTuple):
    """CPU-seconds of Postgres and of the broker."""

    postgres: float
    broker: float


@dataclass(frozen=True)
class Moment:
    """A point in a run: when, and what had been used until then. `memory` is a peak, in MB."""

    at: float
    cpu: float
    memory: float
    servers: Spent


@dataclass(frozen=True)
class Drain:
    """One run over a whole log, from the first row seen to the last change. CPU is in seconds, memory in MB."""

    size: int
    seconds: float
    cpu: float
    postgres_cpu: float
    broker_cpu: float
    memory: float
    difference: Difference

    @property
    def rate(self) -> float:
        """Records per second."""
        return self.size / self.seconds

    def per_million(self, cpu: float) -> float:
        """CPU-seconds per million records."""
        return cpu / self.size * 1e6


@dataclass(frozen=True)
class Restore:
    """A run that was killed half way: seconds from its restart until rows moved on, and what was wrong at the end."""

    seconds: float | None
    difference: Difference


class Running:
    """A contestant's process, which can be killed and started again with the same settings."""

    def __init__(self, bench: Bench, contestant: Contestant, topic: str, group: str, sink: Sink) -> None:
        self._bench = bench
        self._contestant = contestant
        self._state = bench.state / "contestants" / group
        self._state.mkdir(parents=True)
        self.log = bench.state / "logs" / f"{group}.log"
        hierarchy = bench.state / "hierarchy.json"
        hierarchy.write_text(
            json.dumps({"municipalities": dict(workload.REGION_OF), "province": workload.PROVINCE}), encoding="utf-8"
        )
        self._env: Mapping[str, str] = {
            **os.environ,
            "BENCH_SERVERS": bench.servers.broker.servers,
            "BENCH_TOPIC": topic,
            "BENCH_PARTITIONS": str(workload.PARTITIONS),
            "BENCH_GROUP": group,
            "BENCH_DATABASE_URL": sink.url,
            "BENCH_STATE": str(self._state.resolve()),
            "BENCH_MODE": contestant.mode,
            "BENCH_HIERARCHY": str(hierarchy.resolve()),
        }
        self._process: Process | None = None
        self._used = Usage(0.0, 0.0)

    @property
    def measured(self) -> Path:
        """Where a ceiling says what it took."""
        return self._state / "measured.json"

    async def start(self) -> None:
        """Start it on the contestants' core."""
        pin = ["taskset", "--cpu-list", str(self._bench.cores.contestant)]
        self._process = await spawn([*pin, str(self._contestant.run)], self.log, env=self._env, cwd=ROOT)

    def measure(self) -> Usage:
        """What its processes have used, as last seen while they ran."""
        if self._process and self._process.returncode is None:
            self._used = usage(self._process.pid)
        return self._used

    def check(self) -> None:
        """Raises ProcessError when it has ended by itself."""
        if self._process and self._process.returncode is not None:
            raise ProcessError(
                f"{self._contestant.name} ended with status {self._process.returncode}:\n{tail(self.log)}"
            )

    async def kill(self) -> None:
        """kill -9 all its processes."""
        if self._process:
            kill_tree(self._process.pid)
            await self._process.wait()

    async def wait(self, seconds: float) -> None:
        """Wait until it ends well. Raises ProcessError when it does not, or not in time."""
        deadline = time.monotonic() + seconds
        while self._process and self._process.returncode is None:
            if time.monotonic() > deadline:
                raise ProcessError(f"{self._contestant.name} did not end in {seconds:.0f} s:\n{tail(self.log)}")
            await asyncio.sleep(_POLL_SECONDS)
        if self._process and self._process.returncode:
            self.check()


@asynccontextmanager
async def running(bench: Bench, contestant: Contestant, topic: str, group: str, sink: Sink) -> AsyncIterator[Running]:
    """A contestant that is gone afterwards."""
    process = Running(bench, contestant, topic, group, sink)
    await process.start()
    try:
        yield process
    finally:
        await process.kill()


async def build(contestant: Contestant, state: Path) -> None:
    """Make its environment. Raises Missing, with the end of what it said."""
    if not contestant.run.exists():
        raise Missing(f"{contestant.name}: there is no {contestant.run.relative_to(ROOT)}")
    log = state / "logs" / f"build-{contestant.folder}.log"
    process = await spawn([contestant.run, "build"], log, cwd=ROOT)
    if await process.wait():
        raise Missing(f"{contestant.name} could not be built: {tail(log, 3)}")


async def drain(bench: Bench, contestant: Contestant, log: Log, group: str, sink: Sink) -> Drain:
    """Let it fold a whole log. Raises ProcessError when it ends by itself or writes nothing in time."""
    async with running(bench, contestant, log.topic, group, sink) as process:
        began = await first_row(bench, process, sink)
        ended = await _settled(bench, process, sink, log.answer)
    return Drain(
        size=log.size,
        seconds=ended.at - began.at,
        cpu=ended.cpu - began.cpu,
        postgres_cpu=ended.servers.postgres - began.servers.postgres,
        broker_cpu=ended.servers.broker - began.servers.broker,
        memory=ended.memory,
        difference=compare(log.answer, await sink.cells(), await sink.dead()),
    )


async def restore(bench: Bench, contestant: Contestant, log: Log, group: str, sink: Sink) -> Restore:
    """The same, killed half way and started again."""
    half = sum(n for (area, _, _), (n, _, _) in log.answer.cells.items() if area == workload.PROVINCE) // 2
    async with running(bench, contestant, log.topic, group, sink) as process:
        await first_row(bench, process, sink)
        while (await sink.progress()).n < half:
            process.check()
            await asyncio.sleep(_POLL_SECONDS)
        await process.kill()
        await sink.alone()  # a commit may be on its way
        left_at = await sink.progress()
        began = time.monotonic()
        await process.start()
        moved = await _moved_on(bench, process, sink, left_at)
        await _settled(bench, process, sink, log.answer)
    difference = compare(log.answer, await sink.cells(), await sink.dead())
    return Restore(moved - began if moved else None, difference)


async def ceiling(bench: Bench, contestant: Contestant, log: Log, group: str, sink: Sink) -> Drain:
    """Let it read a whole log; it measures itself, from the first record on, and ends."""
    before = bench.spent()
    async with running(bench, contestant, log.topic, group, sink) as process:
        await process.wait(bench.start_seconds + log.size / 10_000)
    after = bench.spent()
    measured = msgspec.json.decode(process.measured.read_bytes(), type=Measured)
    return Drain(
        size=log.size,
        seconds=measured.seconds,
        cpu=measured.cpu,
        postgres_cpu=after.postgres - before.postgres,
        broker_cpu=after.broker - before.broker,
        memory=measured.memory,
        difference=Difference(0, 0, 0, 0, 0),
    )


def _now(bench: Bench, process: Running) -> Moment:
    at, used = time.monotonic(), process.measure()
    return Moment(at, used.cpu, used.memory, bench.spent())


async def first_row(bench: Bench, process: Running, sink: Sink) -> Moment:
    """When the first row was seen. Raises ProcessError when there is none in time."""
    deadline = time.monotonic() + bench.start_seconds
    while await sink.progress() == Progress(0, 0):
        process.check()
        if time.monotonic() > deadline:
            raise ProcessError(f"no row in {bench.start_seconds:.0f} s:\n{tail(process.log)}")
        await asyncio.sleep(_POLL_SECONDS)
    return _now(bench, process)


async def _moved_on(bench: Bench, process: Running, sink: Sink, left_at: Progress) -> float | None:
    """When rows went beyond where they were; None when they did not in time."""
    deadline = time.monotonic() + bench.start_seconds
    while (await sink.progress()).n <= left_at.n:
        process.check()
        if time.monotonic() > deadline:
            return None
        await asyncio.sleep(_POLL_SECONDS)
    return time.monotonic()


async def _settled(bench: Bench, process: Running, sink: Sink, answer: Answer) -> Moment:
    """When the tables became right, or else when they changed last."""
    province = [(n, total) for (area, _, _), (n, total, _) in answer.cells.items() if area == workload.PROVINCE]
    right = Progress(sum(n for n, _ in province), sum(total for _, total in province))
    seen, changed, checked = await sink.progress(), _now(bench, process), 0.0
    moved = False
    while True:
        process.check()
        last, seen, now = seen, await sink.progress(), time.monotonic()
        moved = moved or seen != last
        if seen == right and now - checked > _CHECK_SECONDS:
            checked, moment = now, _now(bench, process)
            if compare(answer, await sink.cells(), await sink.dead()).right:
                return moment
        if moved and now - changed.at > _USAGE_SECONDS:
            moved, changed = False, _now(bench, process)
        if now - changed.at > bench.stall_seconds:
            return changed
        await asyncio.sleep(_POLL_SECONDS)
