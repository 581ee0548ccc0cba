"""Where controls run, so that what they spoil spoils nothing else: a database and a broker of its own.

One relay and one stream worker of the community service, as processes; commands go into its outbox. What is compared is
`community.activity`, which holds a row for each event and would hold two for an event that is folded twice.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

import asyncpg
import httpx2

from deploy.local import ROOT
from deploy.local.broker import Broker, start_broker
from deploy.local.ports import HOST, free_port
from deploy.local.postgres import Postgres
from deploy.local.processes import ProcessError, Supervisor
from shared import database, outbox
from shared.contracts.community import DialoguePlanned
from shared.contracts.vocabulary import Theme
from shared.database import Connection
from shared.database.migration import migrate
from shared.outbox import Draft
from shared.outbox.cause import Cause
from shared.processes import topics
from shared.runtime.settings import Settings
from tests.recomputation import Difference

from .watching import Ears, Late, Log, is_stopped, until

_TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
_DATABASE = "control"
_TOPIC = "community.dialogues"
RELAY, WORKER, SECOND = "community-relay", "community-stream", "community-stream-2"


def planned(dialogue: str) -> DialoguePlanned:
    """A dialogue that is planned: one activity, and nothing follows from it."""
    return DialoguePlanned(
        dialogue=dialogue,
        municipality="GM0794",
        neighbourhood=None,
        organiser="pon",
        initiative=None,
        themes=(Theme.CONNECTION,),
        planned_on=date(2026, 11, 24),
    )


async def say(connection: Connection, dialogues: Sequence[str]) -> None:
    """Append that these dialogues are planned, in the caller's transaction or in one of its own."""
    cause = Cause(datetime.now(UTC), "control", _TRACE)
    await outbox.append(connection, [Draft(planned(dialogue), cause) for dialogue in dialogues])


class Sandbox:
    """`async with Sandbox(state, postgres) as sandbox`, beside the world on the same Postgres."""

    broker: Broker
    processes: Supervisor
    settings: Settings
    log: Log

    def __init__(self, state: Path, postgres: Postgres) -> None:
        self.ears = Ears()
        self._state = state
        self._postgres = postgres
        self._admin_url = postgres.admin_url.replace("/veerkracht", f"/{_DATABASE}", 1)
        self._opened = AsyncExitStack()
        self._env: dict[str, str] = {}
        self._ops: dict[str, int] = {}
        #: Processes that were changed, with the pid they had, or None when they were stopped.
        self._dirty: dict[str, int | None] = {}

    async def __aenter__(self) -> Self:
        try:
            await self._up()
        except BaseException:
            await self._opened.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._opened.aclose()

    async def _up(self) -> None:
        self._opened.callback(self.ears.close)
        self._state.mkdir(parents=True, exist_ok=True)
        self.broker = await start_broker(self._state, lambda _: None)
        self._opened.push_async_callback(self.broker.stop)
        owner = await asyncpg.connect(self._postgres.admin_url)
        await owner.execute(f"CREATE DATABASE {_DATABASE}")
        await owner.close()
        await migrate(self._admin_url, "community")
        # What a control takes away is watermark or claims: this key is a protection more, and would hide it.
        owner = await asyncpg.connect(self._admin_url)
        await owner.execute("DROP INDEX community.activity_of_event")
        await owner.close()
        await topics.ensure(self.broker.servers)
        url = self._postgres.url.replace("/veerkracht", f"/{_DATABASE}", 1)
        self.settings = Settings(database_url=url, kafka_servers=self.broker.servers)
        self.log = Log(self.broker.servers)
        self._env = {
            "PYTHONUNBUFFERED": "1",
            "VEERKRACHT_DATABASE_URL": url,
            "VEERKRACHT_KAFKA_SERVERS": self.broker.servers,
        }
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("VEERKRACHT_")}
        self.processes = Supervisor(self._state / "logs", ROOT, inherited)
        self._opened.push_async_callback(self.processes.stop)
        for name in (RELAY, WORKER):
            await self.start(name)
        for name in (RELAY, WORKER):
            await self.ready(name)

    async def stop(self, name: str) -> None:
        """TERM, and leave it down until the next control."""
        self._dirty[name] = None
        await self.processes.halt(name)

    async def start(self, name: str) -> None:
        """Start a process, or start it again."""
        if name in self.processes.names():
            self.processes.resume(name)
            return
        self._ops[name] = free_port()
        command = self.ears.command(name, ["services.community", "relay" if name == RELAY else "stream"])
        self.processes.start(name, command, {**self._env, "VEERKRACHT_OPS_PORT": str(self._ops[name])})

    async def clean(self) -> None:
        """Both processes run as in production, whatever the control before did."""
        if SECOND in self.processes.names():
            await self.processes.halt(SECOND)
        for name, pid in self._dirty.items():
            if pid in (None, self.processes.pid(name)):
                with contextlib.suppress(ProcessError):
                    self.processes.kill(name, signal.SIGCONT)
                await self.processes.halt(name)
                await self.start(name)
        self._dirty.clear()
        for name in (RELAY, WORKER):
            await self.ready(name)

    async def answer(self, name: str) -> int:
        """The status of its /readyz; 0 without an answer."""
        async with httpx2.AsyncClient(timeout=2.0, trust_env=False) as client:
            try:
                return (await client.get(f"http://{HOST}:{self._ops[name]}/readyz")).status_code
            except httpx2.TransportError:
                return 0

    async def ready(self, name: str, seconds: float = 60) -> None:
        """Wait until a process is ready."""

        async def green() -> bool:
            return await self.answer(name) == 200

        await until(green, seconds, f"the control's {name} is ready")

    async def killed(self, name: str) -> None:
        """kill -9, and wait until it is back, clean of every change."""
        before = self.processes.restarts(name)
        self.processes.kill(name)

        async def back() -> bool:
            return self.processes.restarts(name) > before and await self.answer(name) == 200

        await until(back, 60, f"the control's {name} is back")

    async def held(self, name: str) -> int:
        """Wait until a process stands still in the trap `stop`; returns its pid."""
        pid = self.processes.pid(name) or 0

        async def still() -> bool:
            return is_stopped(pid)

        await until(still, 40, f"the control's {name} stands still")
        return pid

    async def trap(self, name: str, action: str, pattern: str, nth: int = 1) -> None:
        """See Ears."""
        self._dirty[name] = self.processes.pid(name)
        await self.ears.trap(name, action, pattern, nth)

    async def change(self, name: str, change: str) -> None:
        """See Ears."""
        self._dirty[name] = self.processes.pid(name)
        await self.ears.change(name, change)

    @asynccontextmanager
    async def community(self) -> AsyncIterator[Connection]:
        """A connection as the community service."""
        connection = await database.connect("community", self.settings)
        try:
            yield connection
        finally:
            with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                await connection.close(timeout=5)

    async def write(self, count: int) -> list[str]:
        """Commit commands, one by one; returns the dialogues."""
        dialogues = [str(uuid4()) for _ in range(count)]
        async with self.community() as connection:
            for dialogue in dialogues:
                await say(connection, [dialogue])
        return dialogues

    async def seen(self, dialogues: Sequence[str]) -> Counter[str]:
        """How often each dialogue stands in the activity."""
        async with self.community() as connection:
            rows = await connection.fetch(
                "SELECT about, count(*) AS times FROM activity WHERE about = ANY($1) GROUP BY 1",
                [f"dialogue/{dialogue}" for dialogue in dialogues],
            )
        return Counter({row["about"].partition("/")[2]: row["times"] for row in rows})

    async def folded(self, dialogues: Sequence[str], seconds: float = 30) -> None:
        """Wait until all of them stand there, once or more."""

        async def all_there() -> bool:
            return len(await self.seen(dialogues)) == len(dialogues)

        await until(all_there, seconds, "the control's events are folded")

    async def difference(self, dialogues: Sequence[str], seconds: float = 40, *, skips: bool = False) -> Difference:
        """Wait until the worker has had everything, then count what is lost and what is doubled.

        Raises Late when it does not come to the end: then nothing can be said of what is missing. One that `skips`
        does not come there: it has had everything when nothing moves any more.
        """
        last: tuple[object, ...] = ()
        still = 0

        async def settled() -> bool:
            nonlocal last, still
            async with self.community() as connection:
                waiting = await connection.fetchval("SELECT count(*) FROM unsent")
                rows = await connection.fetch(
                    "SELECT partition, next_offset FROM watermark WHERE projection = 'activity' AND topic = $1", _TOPIC
                )
            marks = {row["partition"]: row["next_offset"] for row in rows}
            ends = {n: end for (topic, n), end in (await self.log.ends()).items() if topic == _TOPIC}
            behind = any(end != marks.get(n, 0) for n, end in ends.items())
            now = (waiting, behind, await self.seen(dialogues))
            still = still + 1 if now == last and (skips or not (waiting or behind)) else 0
            last = now
            return still >= (20 if skips else 5)

        await until(settled, seconds, "the control settles")
        return await self._count(dialogues)

    async def doubled(self, dialogues: Sequence[str]) -> Difference:
        """Wait for one that is folded twice, by a worker that keeps no watermark."""

        async def one() -> bool:
            return max((await self.seen(dialogues)).values(), default=0) > 1

        with contextlib.suppress(Late):
            await until(one, 30, "one is doubled")
        return await self._count(dialogues)

    async def _count(self, dialogues: Sequence[str]) -> Difference:
        times = await self.seen(dialogues)
        lost = sum(times[dialogue] == 0 for dialogue in dialogues)
        return Difference(lost, sum(max(times[dialogue] - 1, 0) for dialogue in dialogues))

    async def sweep(self, *what: str) -> tuple[int, Difference]:
        """Run sweep.py beside; returns how many steps it crashed at, and what was wrong afterwards."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.faults.sweep",
            *what,
            env={**os.environ, **self._env},
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            out, err = await asyncio.wait_for(process.communicate(), 120)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            raise AssertionError(f"sweep {what}: status {process.returncode}\n{err.decode()[-3000:]}")
        found = json.loads(out)
        return found["steps"], Difference(found["lost"], found["doubled"], tuple(found["examples"]))
