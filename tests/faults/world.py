"""The whole platform under load, with every process listening for faults, and the verdict on its tables."""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import asyncpg
import httpx2

from deploy.local import ROOT, SERVICES
from deploy.local.processes import ProcessError
from deploy.local.stack import Stack
from shared.runtime.settings import Settings
from tests.recomputation import Difference
from tests.recomputed_tables import ReadTables

from ..load import Dialogue, Load
from .parts import tables
from .parts.progress import behind, differences
from .parts.watching import Ears, Late, Log, is_stopped, until

Say = Callable[[str], None]


class World:
    """`async with World(state) as world`: everything of `make demo`, the programme loaded, nothing written yet."""

    stack: Stack
    load: Load
    log: Log

    def __init__(self, state: Path, seed: int, say: Say, disk: Path | None = None) -> None:
        """Postgres keeps its data on `disk`, which a scenario may fill."""
        self.ears = Ears()
        self.disk = disk
        self.stack = Stack(state, disk=disk, command=self.ears.command, say=say)
        self._seed = seed
        #: Dead letters that a scenario meant to cause.
        self.buried: list[str] = []
        #: Findings that were committed in the outbox alone, without a dialogue.
        self.extra_held: dict[str, Dialogue] = {}
        #: Processes that are not meant to run now.
        self.stopped: set[str] = set()

    async def __aenter__(self) -> Self:
        try:
            await self.stack.__aenter__()
        except BaseException:
            self.ears.close()
            raise
        self.log = Log(self.stack.broker.servers)
        self.load = Load(
            self.stack.base_url, self.stack.tokens, writers=3, pause=0.25, seed=self._seed, mixed=True, patience=120
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in self.up:
            self.stack.processes.kill(name, signal.SIGCONT)
        await self.stack.__aexit__(kind, error, trace)
        self.ears.close()

    @asynccontextmanager
    async def owner(self) -> AsyncIterator[tables.Owner]:
        """A connection of the database's owner, who sees every schema."""
        connection = await asyncpg.connect(self.stack.postgres.admin_url, timeout=10)
        try:
            yield connection
        finally:
            await connection.close()

    @asynccontextmanager
    async def under_load(self) -> AsyncIterator[None]:
        """Commands before, during and after; leaving waits until every begun one is accepted."""
        self.load.retries.clear()
        running = self.load.running()
        await asyncio.to_thread(running.__enter__)
        try:
            await self.more(2)
            yield
            await self.more(3)
        except BaseException as error:
            with contextlib.suppress(type(error)):
                await asyncio.to_thread(running.__exit__, type(error), error, error.__traceback__)
            raise
        await asyncio.to_thread(running.__exit__, None, None, None)

    async def more(self, dialogues: int, seconds: float = 90) -> None:
        """Let this many further dialogues be accepted."""
        await asyncio.to_thread(self.load.wait_for, dialogues, seconds)

    @property
    def up(self) -> list[str]:
        """The processes that run now."""
        return [name for name in self.stack.processes.names() if self.stack.processes.pid(name) is not None]

    async def red(self, *names: str) -> list[str]:
        """Which of these processes, by default all that run, are not ready or do not answer."""
        found = []
        async with httpx2.AsyncClient(timeout=3.0, trust_env=False) as client:
            for name in names or self.up:
                for url in self.stack.health[name]:
                    try:
                        answer = await client.get(url)
                    except httpx2.TransportError:
                        found.append(f"{name}: no answer")
                    else:
                        if answer.status_code != 200:
                            found.append(f"{name}: {answer.text}")
        return found

    async def heal(self) -> None:
        """Let every process go on, and start what a scenario left stopped; the extra workers stay stopped."""
        for name in [name for name in self.stopped if not name[-1].isdigit()]:
            await self.resume(name)
        for name in self.up:
            with contextlib.suppress(ProcessError):
                self.stack.processes.kill(name, signal.SIGCONT)

    async def all_ready(self, seconds: float = 60) -> float:
        """Wait until everything is green."""

        async def green() -> bool:
            wanted = [name for name in self.stack.health if name not in self.stopped]
            return not await self.red(*wanted)

        try:
            return await until(green, seconds, "everything is ready")
        except Late as late:
            raise Late(f"{late}; red: {await self._red_with_tasks()}") from late

    async def kill_red(self) -> None:
        """kill -9 what is not ready."""
        for name in self.up:
            if await self.red(name):
                self.stack.processes.kill(name)

    async def _red_with_tasks(self) -> list[str]:
        """What is red; each process has printed into its log where it hangs."""
        for name in self.up:
            if await self.red(name):
                with contextlib.suppress(Late):
                    await self.ears.show(name)
        return await self.red()

    async def halt(self, name: str) -> int | None:
        """TERM, and leave it down; returns its exit status."""
        self.stopped.add(name)
        return await self.stack.processes.halt(name)

    async def resume(self, name: str, **settings: str) -> None:
        """Start it again, from now on with these settings, or start another worker: `<service>-stream-2` and so on."""
        self.stopped.discard(name)
        if name in self.stack.processes.names():
            self.stack.processes.resume(name, **settings)
        else:
            self.stack.start(name, [f"services.{name.partition('-')[0]}", "stream"])

    async def repair(self) -> str:
        """What the handbook says, in its order; returns what the commands said."""
        said = ""
        for what in ("topics", "readers"):
            for service in SERVICES:
                process = await asyncio.create_subprocess_exec(
                    sys.executable, "-m", f"services.{service}", "repair", what, cwd=ROOT,
                    env={**os.environ, **self.stack.env}, stdout=PIPE, stderr=STDOUT,
                )  # fmt: skip
                out, _ = await process.communicate()
                said += out.decode()
                if process.returncode:
                    raise AssertionError(f"{service} repair {what}: status {process.returncode}: {said[-3000:]}")
        return said

    async def ended(self, name: str, restarts: int, seconds: float = 30) -> None:
        """Wait until a process ended by itself since it had restarted this often."""

        async def more() -> bool:
            return self.stack.processes.restarts(name) > restarts

        await until(more, seconds, f"{name} ends")

    async def pause_at(self, name: str, pattern: str, nth: int = 1, seconds: float = 20) -> int:
        """Hold a process at a step, as SIGSTOP does; returns its pid."""
        await self.ears.trap(name, "stop", pattern, nth)
        pid = self.stack.processes.pid(name)
        if pid is None:
            raise Late(f"{name} does not run")

        async def held() -> bool:
            return is_stopped(pid)

        await until(held, seconds, f"{name} comes to {pattern!r}")
        return pid

    async def drain(self, seconds: float = 90) -> None:
        """Wait until everything said is sent and folded, twice in a row."""
        quiet = 0

        async def twice() -> bool:
            nonlocal quiet
            quiet = quiet + 1 if not await self.behind() else 0
            return quiet >= 2

        try:
            await until(twice, seconds, "everything is folded")
        except Late as late:
            raise Late(f"{late}; behind: {(await self.behind())[:5]}; red: {await self._red_with_tasks()}") from late

    async def behind(self) -> list[str]:
        """What is still under way."""
        async with self.owner() as owner:
            return await behind(owner, self.log)

    async def copies(self) -> int:
        """How many records in Kafka are not the first of their event."""
        async with self.owner() as owner:
            said: int = await owner.fetchval(
                "SELECT " + " + ".join(f"(SELECT count(*) FROM {service}.outbox)" for service in SERVICES)  # noqa: S608
            )
        # Each partition begins with its identity.
        return sum(end - 1 for end in (await self.log.ends()).values()) - said

    async def verdict(self) -> Difference:
        """Compare every read table with the recomputation, and the outboxes with what was accepted."""
        async with self.owner() as owner, owner.transaction(isolation="repeatable_read"):
            said = await tables.said(owner)
            total = await differences(owner, Settings().oin, said)
            letters = await tables.dead_letters(owner)
            statuses = await tables.write_side(owner)
        unmeant = Counter(letters) - Counter(self.buried)
        self.buried += unmeant.elements()  # told once
        total += Difference(unmeant.total(), 0, tuple(f"dead letter: {letter}" for letter in unmeant))
        return total + self._accepted(said, statuses)

    def _accepted(self, said: ReadTables, statuses: dict[str, str]) -> Difference:
        """What got a 2xx stands in the outbox as it was asked, and in the state."""
        lost: list[str] = []
        for id_, dialogue in self.load.accepted.items():
            if said.held.get(id_) != (dialogue.municipality, dialogue.held_on, dialogue.findings):
                lost.append(f"dialogue {id_} was accepted as {dialogue}, the outbox has {said.held.get(id_)}")
            if dialogue.withdrawn != (id_ in said.withdrawn):
                lost.append(f"dialogue {id_}: accepted {dialogue}, withdrawn in the outbox: {id_ in said.withdrawn}")
            if statuses.get(id_) != ("withdrawn" if dialogue.withdrawn else "held"):
                lost.append(f"dialogue {id_}: accepted {dialogue}, its status is {statuses.get(id_)}")
        ids = Counter(
            (event.type.split(".")[2], event.data.get("disbursement") or event.data.get("commitment") or event.key)
            for event in said.events
            # What came of it later is said of the same thing.
            if event.type.split(".")[3] in ("registered", "made")
        )
        lost += [f"{kind} {id_} was accepted and is not in the outbox" for kind, id_ in self.load.others
                 if not ids[kind, id_]]  # fmt: skip
        twice = [f"{kind} {id_} stands twice in the outbox" for kind, id_ in self.load.others if ids[kind, id_] > 1]
        unasked = said.held.keys() - self.load.accepted.keys() - self.extra_held.keys()
        twice += [f"dialogue {id_} was never accepted" for id_ in unasked]
        return Difference(len(lost), len(twice), (*lost, *twice))
