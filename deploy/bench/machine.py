"""The machine under the benchmark: who runs on which core, the servers, and what processes have used."""

import os
import platform
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from deploy.local.broker import Broker, start_broker
from deploy.local.ports import HOST, free_port
from deploy.local.postgres import Postgres, start_postgres

from .section import Missing

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cores:
    """Where broker, Postgres and this runner are, and where the contestant is. The same core when there is one."""

    servers: int
    contestant: int


@contextmanager
def on_server_core() -> Iterator[Cores]:
    """Keeps this process, and what it starts, on the first core that it may use; the second is the contestant's."""
    before = os.sched_getaffinity(0)
    first, *rest = sorted(before)
    os.sched_setaffinity(0, {first})
    try:
        yield Cores(first, rest[0] if rest else first)
    finally:
        os.sched_setaffinity(0, before)


@dataclass(frozen=True)
class Servers:
    """A real Kafka and a durable Postgres, which also listens on a port."""

    broker: Broker
    postgres: Postgres
    port: int

    def database_url(self, database: str) -> str:
        """Where a client without unix sockets finds a database, as its owner."""
        return f"postgresql://postgres@{HOST}:{self.port}/{database}"


@asynccontextmanager
async def servers(state: Path, say: Callable[[str], None] = print) -> AsyncIterator[Servers]:
    """Both, running. Raises Missing where Kafka is out of reach: another broker would say nothing."""
    broker = await start_broker(state, say)
    try:
        if not broker.real:
            raise Missing(f"a real Kafka: {broker.why}")
        port = free_port()
        postgres = await start_postgres(state, port=port)
        try:
            yield Servers(broker, postgres, port)
        finally:
            await postgres.stop()
    finally:
        await broker.stop()


@dataclass(frozen=True)
class Usage:
    """What a process and its descendants have used: CPU in seconds, and the peak of resident memory in MB.

    The peak is the sum of each living process's own peak.
    """

    cpu: float
    memory: float


def usage(pid: int) -> Usage:
    """What the tree of a process has used until now; children that have ended count by their CPU."""
    cpu = memory = 0.0
    for member in tree(pid):
        with suppress(OSError):  # it has ended since
            fields = _stat(member)
            cpu += sum(map(int, fields[11:15])) / _TICKS_PER_SECOND
            memory += _peak(member)
    return Usage(cpu, memory)


def tree(pid: int) -> list[int]:
    """A process, its descendants, and what else is in its session: a child whose parent has ended."""
    parents: dict[int, tuple[int, int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                fields = _stat(int(entry.name))
                parents[int(entry.name)] = (int(fields[1]), int(fields[3]))
    found = [pid] if pid in parents else []
    for member in found:  # grows while we go
        found += [
            other
            for other, (parent, session) in parents.items()
            if (parent == member or session == pid) and other not in found
        ]
    return found


def kill_tree(pid: int) -> None:
    """kill -9 a process and all that came from it."""
    for member in reversed(tree(pid)):
        with suppress(ProcessLookupError):
            os.kill(member, signal.SIGKILL)


def _stat(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat after the name, which may hold anything: [0] is the state."""
    text = (Path("/proc") / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    return text.rpartition(")")[2].split()


def _peak(pid: int) -> float:
    for line in (Path("/proc") / str(pid) / "status").read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def describe() -> dict[str, str]:
    """The machine, in words."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "processor": f"{model}, {len(os.sched_getaffinity(0))} cores",
        "memory": f"{pages / 2**30:.0f} GB",
        "kernel": platform.release(),
        "python": platform.python_version(),
    }
