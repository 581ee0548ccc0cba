"""A contestant's process: built, started on its core, measured, killed, started again."""

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

from deploy.local import ROOT
from deploy.local.processes import ProcessError, spawn, tail

from . import workload
from .machine import Cores, Servers, Usage, kill_tree, usage
from .section import Missing
from .sink import Sink

_POLL_SECONDS = 0.02


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


class Spent(NamedTuple):
    """CPU-seconds of Postgres and of the broker."""

    postgres: float
    broker: float


@dataclass(frozen=True)
class Bench:
    """What all runs share."""

    servers: Servers
    cores: Cores
    state: Path
    #: A contestant that moved nothing for so long is done, right or wrong.
    stall_seconds: float = 30.0
    start_seconds: float = 120.0

    def spent(self) -> Spent:
        """CPU of the servers until now."""
        return Spent(usage(self.servers.postgres.pid).cpu, usage(self.servers.broker.pid).cpu)


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
