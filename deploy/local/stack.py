"""The whole platform on one machine: Postgres, a broker, one web process, the relays, a stream worker per service, and
the pulse."""

import asyncio
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx2

from shared.database.migration import migrate
from shared.processes import topics
from shared.processes.repair import repair_readers, repair_topics

from . import ROOT, SERVICES, session
from .broker import Broker, start_broker
from .hanging import kill_what_hangs
from .keys import ensure_key, mint_tokens
from .ports import HOST, free_port, is_free
from .postgres import Postgres, start_postgres
from .processes import Supervisor, run, tail

_READY_SECONDS = 90.0
#: A process that ends this often before it is ready will not get there.
_HOPELESS = 3
#: Settings that say where things are. Here we know better than the environment.
_PLACES = ("DATABASE_", "KAFKA_", "JWT_", "HTTP_", "OPS_", "PUBLIC_URL")


class StackError(Exception):
    """The stack did not come up. The message says which part, why, and shows its log."""


#: The command that runs a process, from its name and what stands after `python -m`.
Command = Callable[[str, Sequence[str]], Sequence[str | Path]]


def _plainly(_: str, module: Sequence[str]) -> Sequence[str | Path]:
    return [sys.executable, "-m", *module]


def _silent(_: str) -> None:
    """Nobody is watching."""


class Stack:
    """`async with Stack(state) as stack`: up and ready inside, gone after, the data kept in `state`.

    Inside it has `state`, `base_url`, `tokens` (by role), `broker`, `postgres` and `processes`, whose names are `web`,
    `relays`, `<service>-stream` and, on the real broker, `community-pulse`; `health`: the addresses that say whether
    each is ready; and `env`: their settings.
    """

    base_url: str
    tokens: dict[str, str]
    broker: Broker
    postgres: Postgres
    processes: Supervisor

    def __init__(
        self,
        state: Path,
        port: int | None = None,
        *,
        say: Callable[[str], None] = _silent,
        programme: bool = True,
        disk: Path | None = None,
        command: Command = _plainly,
    ) -> None:
        """`port` is a free one by default; `programme` loads the programme's content.

        Postgres keeps its data on `disk`, by default in `state`. `command` says how a process is run.
        """
        self.state = state.resolve()
        self._disk = disk or self.state
        self._command = command
        self._port = port
        self._say = say
        self._programme = programme
        self._opened = AsyncExitStack()
        self.env: dict[str, str] = {}
        self.health: dict[str, list[str]] = {}

    async def __aenter__(self) -> Self:
        """Bring everything up. Raises StackError, ProcessError or session.AlreadyRunning, with nothing left running."""
        try:
            await self._up()
        except BaseException:
            await self._opened.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop everything, the last started first."""
        await self._opened.aclose()

    async def broken(self) -> str:
        """Wait until Postgres or the broker ends by itself; says which."""
        parts = {
            asyncio.create_task(self.postgres.wait()): "Postgres",
            asyncio.create_task(self.broker.wait()): "Kafka",
        }
        try:
            ended, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in parts:
                task.cancel()
        return " and ".join(f"{parts[task]} ended with status {task.result()}" for task in ended)

    async def _up(self) -> None:
        self._opened.enter_context(session.hold(self.state))
        port = self._choose_port()
        self.base_url = f"http://{HOST}:{port}"
        self._keep_last_logs()
        await self._start_postgres()
        await self._start_broker()
        await self._prepare()
        self._start_processes(port)
        await self._wait_until_ready()
        await self._wait_until_healthy()
        self._watch_over()
        if self._programme:
            await self._load_programme()
        session.announce(self.state, self.base_url)

    def _choose_port(self) -> int:
        if self._port is None:
            return free_port()
        if not is_free(self._port):
            raise StackError(f"port {self._port} is in use: choose another with PORT=<number>")
        return self._port

    def _keep_last_logs(self) -> None:
        logs, last = self.state / "logs", self.state / "logs.previous"
        if logs.exists():
            shutil.rmtree(last, ignore_errors=True)
            logs.rename(last)

    async def _start_postgres(self) -> None:
        first = not (self._disk / "postgres").exists()
        self.postgres = await start_postgres(self._disk)
        self._opened.push_async_callback(self.postgres.stop)
        self._say("Postgres 18: made and running" if first else "Postgres 18: running")

    async def _start_broker(self) -> None:
        self.broker = await start_broker(self.state, self._say)
        self._opened.push_async_callback(self.broker.stop)
        self._say(f"Kafka: {'' if self.broker.real else 'in-memory cluster '}running at {self.broker.servers}")

    async def _prepare(self) -> None:
        ran = [line for service in SERVICES for line in await migrate(self.postgres.admin_url, service)]
        self._say(f"Migrations: {len(ran)} ran" if ran else "Migrations: nothing to do")
        made = await topics.ensure(self.broker.servers)
        self._say(f"Topics: {len(made)} made or set" if made else "Topics: nothing to do")
        await self._replay_into_another_log()

    async def _replay_into_another_log(self) -> None:
        """Watermarks are offsets in one log. In another log every event is sent again, and folded at most once."""
        seen = self.state / "log-id"
        last = seen.read_text(encoding="utf-8") if seen.exists() else None
        if last == self.broker.log_id:
            return
        if last is not None:
            await self._repair()
            self._say("Outbox: this is another log, every event is sent again")
        seen.write_text(self.broker.log_id, encoding="utf-8")

    async def _repair(self) -> None:
        """As an operator would: first every topic, then every projection."""
        apps = {service: import_module(f"services.{service}.app") for service in SERVICES}
        places = {
            "database_url": self.postgres.url,
            "kafka_servers": self.broker.servers,
            "public_url": self.base_url,
        }
        for service, app in apps.items():
            await repair_topics(service, app.SETTINGS(**places), _silent)
        for service, app in apps.items():
            here = app.SETTINGS(**places)
            await repair_readers(service, app.projections(here), here, _silent)

    def _start_processes(self, port: int) -> None:
        public_key = ensure_key(self.state)
        self.tokens = mint_tokens(self.state, datetime.now(UTC))
        self.env = {
            # Everything a service logs is there when it crashes.
            "PYTHONUNBUFFERED": "1",
            "VEERKRACHT_DATABASE_URL": self.postgres.url,
            "VEERKRACHT_KAFKA_SERVERS": self.broker.servers,
            "VEERKRACHT_JWT_PUBLIC_KEY_FILE": str(public_key),
            "VEERKRACHT_HTTP_PORT": str(port),
            "VEERKRACHT_PUBLIC_URL": self.base_url,
        }
        if not self.broker.real:
            # A cluster that keeps 5 MB and knows no times has nothing to look back on.
            self.env["VEERKRACHT_PULSE_HOURS"] = "0"
        self.processes = Supervisor(self.state / "logs", ROOT, _inherited())
        self._opened.push_async_callback(self.processes.stop)
        self.processes.start("web", self._command("web", ["deploy.local.web"]), self.env)
        self.health["web"] = [f"{self.base_url}/{service}/readyz" for service in SERVICES]
        workers = {f"{service}-stream": [f"services.{service}", "stream"] for service in SERVICES}
        if self.broker.real:
            workers["community-pulse"] = ["services.community", "pulse"]
        for name, module in {"relays": ["deploy.local.relays"], **workers}.items():
            self.start(name, module)

    def start(self, name: str, module: Sequence[str]) -> None:
        """Start one more relay or worker: `module` with its arguments, as after `python -m`."""
        ops_port = free_port()
        env = {**self.env, "VEERKRACHT_OPS_PORT": str(ops_port)}
        if self.broker.real:  # the in-memory cluster knows no members with a name
            env["VEERKRACHT_INSTANCE"] = name
        self.processes.start(name, self._command(name, module), env)
        self.health[name] = [f"http://{HOST}:{ops_port}/readyz"]

    async def _wait_until_ready(self) -> None:
        try:
            async with httpx2.AsyncClient(timeout=5.0, trust_env=False) as client, asyncio.TaskGroup() as group:
                for name, urls in self.health.items():
                    for url in urls:
                        group.create_task(self._until_ready(client, name, url))
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None
        self._say(f"Services: {len(SERVICES)} ready, with their relays and stream workers")

    def _watch_over(self) -> None:
        urls = {name: found[0].replace("/readyz", "/healthz") for name, found in self.health.items()}
        watching = asyncio.create_task(kill_what_hangs(self.processes, urls), name="kill what hangs")
        self._opened.callback(watching.cancel)

    async def _wait_until_healthy(self) -> None:
        """Each process is ready: now each service must see all of its own."""
        async with httpx2.AsyncClient(timeout=5.0, trust_env=False) as client, asyncio.TaskGroup() as group:
            for service in SERVICES:
                group.create_task(self._until_ready(client, "web", f"{self.base_url}/{service}/health"))

    async def _until_ready(self, client: httpx2.AsyncClient, name: str, url: str) -> None:
        answer = "no answer"
        try:
            async with asyncio.timeout(_READY_SECONDS):
                while True:
                    try:
                        response = await client.get(url)
                    except httpx2.TransportError:
                        answer = "no answer"
                    else:
                        if response.status_code == 200:
                            return
                        answer = response.text
                    if self.processes.restarts(name) >= _HOPELESS:
                        raise self._failed(name, "keeps ending")
                    await asyncio.sleep(0.1)
        except TimeoutError as error:
            raise self._failed(name, f"is not ready after {_READY_SECONDS:.0f} s: {answer}") from error

    def _failed(self, name: str, how: str) -> StackError:
        log = self.processes.log(name)
        return StackError(f"{name} {how}. The end of {log}:\n{tail(log)}")

    async def _load_programme(self) -> None:
        log = self.state / "logs" / "programme.log"
        tokens = self.state / "tokens.json"
        options = ["--url", self.base_url, "--tokens", str(tokens)]
        if await run([sys.executable, "-m", "deploy.programme", *options], log, cwd=ROOT):
            raise StackError(f"the programme could not be loaded. The end of {log}:\n{tail(log)}")
        self._say("Programme: loaded")


def _inherited() -> dict[str, str]:
    names = tuple(f"VEERKRACHT_{place}" for place in _PLACES)
    return {name: value for name, value in os.environ.items() if not name.startswith(names)}
