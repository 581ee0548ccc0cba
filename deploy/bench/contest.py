"""One contestant on one log: started, watched in the tables that it writes, and killed when it is done."""

import asyncio
import time
from dataclasses import dataclass

import msgspec

from deploy.local.processes import ProcessError, tail

from . import workload
from .ceilings import Measured
from .contestant import Bench, Contestant, Running, Spent, running
from .oracle import Answer, Difference, compare
from .sink import Progress, Sink, open_sink

_POLL_SECONDS = 0.02
#: How often all rows are compared once the province's are right.
_CHECK_SECONDS = 0.2
_USAGE_SECONDS = 0.5


@dataclass(frozen=True)
class Log:
    """A topic with a workload in it, and the right answer."""

    topic: str
    size: int
    answer: Answer


@dataclass(frozen=True)
class _Moment:
    """A point in a run: when, and what had been used until then."""

    at: float
    cpu: float
    memory: float
    servers: Spent


@dataclass(frozen=True)
class Taken:
    """What something took: seconds, CPU-seconds of the contestant and of the servers, and its peak memory in MB."""

    seconds: float
    cpu: float
    memory: float
    servers: Spent

    def beyond(self, start: "Taken") -> "Taken":
        """What it took more than only starting did."""
        servers = Spent(*(mine - theirs for mine, theirs in zip(self.servers, start.servers, strict=True)))
        # Where starting is nearly all, noise can make this less than nothing.
        return Taken(max(self.seconds - start.seconds, 0.001), max(self.cpu - start.cpu, 0.0), self.memory, servers)


@dataclass(frozen=True)
class Drain:
    """One run over a whole log. `start` is what its process takes to fold a single record, already subtracted."""

    size: int
    taken: Taken
    start: Taken
    difference: Difference

    @property
    def rate(self) -> float:
        """Records per second."""
        return self.size / self.taken.seconds

    def per_million(self, cpu: float) -> float:
        """CPU-seconds per million records."""
        return cpu / self.size * 1e6

    @property
    def cpu(self) -> float:
        """CPU-seconds per million records."""
        return self.per_million(self.taken.cpu)


@dataclass(frozen=True)
class Restore:
    """A run that was killed half way: seconds from its restart until rows moved on, and what was wrong at the end."""

    seconds: float | None
    difference: Difference


async def drain(bench: Bench, contestant: Contestant, log: Log, single: Log, group: str) -> Drain:
    """Let it fold a log of a single record, then a whole one, each in a new process and with empty tables.

    Raises ProcessError when it ends by itself or writes nothing in time.
    """
    start, _ = await fold(bench, contestant, single, f"{group}-start")
    taken, difference = await fold(bench, contestant, log, group)
    return Drain(log.size, taken.beyond(start), start, difference)


async def fold(bench: Bench, contestant: Contestant, log: Log, group: str) -> tuple[Taken, Difference]:
    """Let it fold a log, from the start of its process. Raises ProcessError as `drain` does."""
    async with open_sink(bench.servers, group) as sink:
        before, began = bench.spent(), time.monotonic()
        async with running(bench, contestant, log.topic, group, sink) as process:
            await first_row(bench, process, sink)
            ended = await _settled(bench, process, sink, log.answer)
        servers = Spent(ended.servers.postgres - before.postgres, ended.servers.broker - before.broker)
        taken = Taken(ended.at - began, ended.cpu, ended.memory, servers)
        return taken, compare(log.answer, await sink.cells(), await sink.dead())


async def restore(bench: Bench, contestant: Contestant, log: Log, group: str) -> Restore:
    """Let it fold a whole log, killed half way and started again."""
    half = sum(n for (area, _, _), (n, _, _) in log.answer.cells.items() if area == workload.PROVINCE) // 2
    async with open_sink(bench.servers, group) as sink:
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
            moved = await _moved_on(bench, process, sink, left_at) if left_at.n < half * 2 else None
            await _settled(bench, process, sink, log.answer)
        difference = compare(log.answer, await sink.cells(), await sink.dead())
    return Restore(moved - began if moved else None, difference)


async def ceiling(bench: Bench, contestant: Contestant, log: Log, group: str) -> Drain:
    """Let it read a whole log; it measures itself, from the first record on, and ends."""
    async with open_sink(bench.servers, group) as sink:
        before = bench.spent()
        async with running(bench, contestant, log.topic, group, sink) as process:
            await process.wait(bench.start_seconds + log.size / 10_000)
        after = bench.spent()
    measured = msgspec.json.decode(process.measured.read_bytes(), type=Measured)
    servers = Spent(after.postgres - before.postgres, after.broker - before.broker)
    nothing = Taken(0.0, 0.0, 0.0, Spent(0.0, 0.0))
    taken = Taken(measured.seconds, measured.cpu, measured.memory, servers)
    return Drain(log.size, taken, nothing, Difference(0, 0, 0, 0, 0))


def _now(bench: Bench, process: Running) -> _Moment:
    at, used = time.monotonic(), process.measure()
    return _Moment(at, used.cpu, used.memory, bench.spent())


async def first_row(bench: Bench, process: Running, sink: Sink) -> None:
    """Wait until the first row is seen. Raises ProcessError when there is none in time."""
    deadline = time.monotonic() + bench.start_seconds
    while await sink.progress() == Progress(0, 0):
        process.check()
        if time.monotonic() > deadline:
            raise ProcessError(f"no row in {bench.start_seconds:.0f} s:\n{tail(process.log)}")
        await asyncio.sleep(_POLL_SECONDS)


async def _moved_on(bench: Bench, process: Running, sink: Sink, left_at: Progress) -> float | None:
    """When rows went beyond where they were; None when they did not in time."""
    deadline = time.monotonic() + bench.start_seconds
    while (await sink.progress()).n <= left_at.n:
        process.check()
        if time.monotonic() > deadline:
            return None
        await asyncio.sleep(_POLL_SECONDS)
    return time.monotonic()


async def _settled(bench: Bench, process: Running, sink: Sink, answer: Answer) -> _Moment:
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
