"""Which broker the embedded stack runs on: the one place that decides."""

import os
import sys
import uuid
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable
from pathlib import Path

from . import ROOT
from .jars import OutOfReach, find_jars, find_java
from .kafka import Kafka, has_broker
from .processes import Daemon, ProcessError, spawn, until

Say = Callable[[str], None]


class Broker(Daemon):
    """A running broker at `servers`. `log_id` names the log it keeps; `why` says why it is not the real one."""

    def __init__(
        self,
        process: Process,
        launch: Callable[[], Awaitable[Process]],
        servers: str,
        log_id: str,
        why: str = "",
    ) -> None:
        super().__init__(process, launch)
        self.servers = servers
        self.log_id = log_id
        self.why = why

    @property
    def real(self) -> bool:
        """Whether this is Apache Kafka."""
        return not self.why


async def start_broker(state: Path, say: Say, port: int | None = None) -> Broker:
    """Start Apache Kafka, or the in-memory cluster where Kafka is out of reach; `VEERKRACHT_BROKER=memory` forces it.

    Kafka keeps its log and its ports in `<state>/kafka`. Raises ProcessError when the broker does not start.
    """
    try:
        if os.environ.get("VEERKRACHT_BROKER") == "memory":
            raise OutOfReach("VEERKRACHT_BROKER=memory asks for it")
        java, libs = await find_java(), await find_jars(say)
    except OutOfReach as reason:
        say(f"Kafka: in-memory cluster instead of the real broker: {reason}; the outbox keeps every event")
        return await _start_in_memory(state, str(reason))
    kafka = Kafka(state, java, libs, port)
    process = await kafka.serve()
    return Broker(process, kafka.serve, kafka.servers, kafka.log_id())


async def _start_in_memory(state: Path, why: str) -> Broker:
    log, address = _memory_files(state)
    address.unlink(missing_ok=True)
    process = await spawn([sys.executable, "-m", "deploy.local.memory_broker", address], log, cwd=ROOT)

    async def answers() -> bool:
        return address.exists() and await has_broker(address.read_text(encoding="utf-8"))

    await until(answers, process, "the in-memory cluster", log)
    servers = address.read_text(encoding="utf-8")
    return Broker(process, _no_second_life, servers, log_id=uuid.uuid4().hex, why=why)


def _memory_files(state: Path) -> tuple[Path, Path]:
    """Its log, and the file it writes its address to. Absolute: the child runs in another folder."""
    return state.resolve() / "logs" / "memory-broker.log", state.resolve() / "memory-broker"


async def _no_second_life() -> Process:
    raise ProcessError("the in-memory cluster forgets everything when it ends: start another one")
