"""What a fault test watches: health, logs, processes, and conditions that must come true in time."""

import asyncio
import json
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import asyncpg
import httpx2
from confluent_kafka import KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined]

from shared.contracts import EVENT_TOPICS, TOPICS


class Late(AssertionError):
    """Something did not happen in time."""


async def until(check: Callable[[], Awaitable[object]], seconds: float, what: str) -> float:
    """Wait until a check is true; trouble with a server counts as not yet. Returns the seconds it took."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    last: object = None
    while True:
        try:
            if await check():
                return loop.time() - began
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, httpx2.TransportError, KafkaException) as error:
            last = error
        if loop.time() - began > seconds:
            raise Late(f"{what}: not within {seconds:.0f} s" + (f" ({last!r})" if last else ""))
        await asyncio.sleep(0.1)


class Ears:
    """The sockets at which processes listen for faults."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="faults-"))

    def command(self, name: str, module: Sequence[str]) -> list[str]:
        """Runs a module so that it listens."""
        return [sys.executable, "-m", "tests.faults.parts.process", str(self._folder / name), *module]

    async def trap(self, name: str, action: str, pattern: str, nth: int = 1) -> None:
        """At the nth next step that the pattern fits, do this (see steps.py)."""
        await self._tell(name, {"action": action, "pattern": pattern, "nth": nth})

    async def change(self, name: str, change: str) -> None:
        """Take a protection away until the process ends (see protections.py)."""
        await self._tell(name, {"change": change})

    async def show(self, name: str) -> None:
        """Have a process print where its tasks stand, into its log."""
        await self._tell(name, {"show": True})

    async def _tell(self, name: str, order: dict[str, object]) -> None:
        async def told() -> bool:
            reader, writer = await asyncio.open_unix_connection(str(self._folder / name))
            try:
                writer.write(json.dumps(order).encode())
                return await reader.read() == b"done"
            finally:
                writer.close()

        await until(told, 40, f"{name} listens")

    def close(self) -> None:
        """Remove the sockets."""
        for path in self._folder.iterdir():
            path.unlink()
        self._folder.rmdir()


def is_stopped(pid: int) -> bool:
    """Whether a process is held by SIGSTOP."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "T"


class Log:
    """The log in Kafka, seen as an administrator."""

    def __init__(self, servers: str) -> None:
        self._servers = servers

    @property
    def admin(self) -> AdminClient:
        """A client that knows nothing yet: one from before a restart insists on the leaders it knew."""
        return AdminClient({"bootstrap.servers": self._servers, "log_level": 0, "socket.timeout.ms": 10_000})

    async def ends(self) -> dict[tuple[str, int], int]:
        """The offset after the last record of each partition that carries events."""
        places = [TopicPartition(name, n) for name in EVENT_TOPICS for n in range(TOPICS[name].partitions)]

        def ask() -> dict[tuple[str, int], int]:
            latest = OffsetSpec.latest()  # type: ignore[no-untyped-call]
            admin = self.admin
            answers = admin.list_offsets(dict.fromkeys(places, latest), request_timeout=10)
            return {(p.topic, p.partition): answer.result().offset for p, answer in answers.items()}

        return await asyncio.to_thread(ask)
