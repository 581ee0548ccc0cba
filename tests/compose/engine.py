"""Docker and Compose as an operator calls them, for one project with its own name, ports and volumes."""

import json
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Any, TypeVar

ROOT = Path(__file__).resolve().parents[2]
STANDINS = "tests/compose/standins.yml"
SERVICES = ("initiatives", "monitor", "community", "finance", "feeds")
PROCESSES = (
    *(f"{service}-{process}" for service in SERVICES for process in ("api", "relay", "stream")),
    "community-pulse",
)

Value = TypeVar("Value")


class Failed(AssertionError):
    """A command ended with another status than 0."""


def run(
    command: Sequence[str], *, env: dict[str, str] | None = None, given: str | None = None, cwd: Path = ROOT
) -> str:
    """Standard output of a command; raises Failed with what it said."""
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **(env or {})}, input=given, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Failed(f"{' '.join(command)}: status {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done.stdout


def until(read: Callable[[], Value], right: Callable[[Value], bool], seconds: float, every: float = 0.3) -> Value:
    """Read again until it is right; fails with what was read last."""
    deadline = monotonic() + seconds
    while True:
        value = read()
        if right(value):
            return value
        if monotonic() > deadline:
            raise Failed(f"not within {seconds:.0f} s; last seen: {str(value)[:3000]}")
        sleep(every)


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Container:
    """A container as the engine sees it."""

    id: str
    service: str
    pid: int
    running: bool
    health: str
    exit_code: int
    restarts: int
    started: str

    @property
    def well(self) -> bool:
        """Running, and healthy by its own check."""
        return self.running and self.health == "healthy"


@dataclass
class Compose:
    """One Compose project. `profiles` as on the command line."""

    name: str
    overlays: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ("demo",)
    port: int = field(default_factory=free_port)
    prometheus_port: int = field(default_factory=free_port)
    secrets: Path | None = None
    root: Path = ROOT

    @property
    def url(self) -> str:
        """The published port."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def env(self) -> dict[str, str]:
        """What an operator would have in .env; with this, plain `docker compose` commands work on this project."""
        files = ["docker-compose.yml", *self.overlays, *([STANDINS] if os.environ.get("STANDIN_IMAGES") else [])]
        return {
            "COMPOSE_PROJECT_NAME": self.name,
            "COMPOSE_FILE": ":".join(files),
            "COMPOSE_PROFILES": ",".join(self.profiles),
            "VEERKRACHT_BIND": "127.0.0.1",
            "VEERKRACHT_PORT": str(self.port),
            "PROMETHEUS_PORT": str(self.prometheus_port),
            "GRAFANA_PORT": str(free_port()),
            **({"VEERKRACHT_SECRETS": str(self.secrets)} if self.secrets else {}),
        }

    def __call__(self, *arguments: str, given: str | None = None) -> str:
        """`docker compose …`; returns what it printed."""
        return run(["docker", "compose", *arguments], env=self.env, given=given, cwd=self.root)

    def up(self, *arguments: str) -> None:
        """`up -d --wait`; on failure with the logs of what failed."""
        try:
            self("up", "-d", "--wait", "--quiet-pull", *arguments)
        except Failed as failed:
            ill = [c for c in self.containers() if not c.well and (c.running or c.exit_code)]
            logs = "".join(self("logs", "--no-color", "--tail", "25", c.service) for c in ill[:6])
            raise Failed(f"{failed}\n{[(c.service, c.health, c.exit_code) for c in ill]}\n{logs}") from failed

    def remove(self) -> None:
        """Everything of this project: containers, networks and volumes."""
        self("--profile", "*", "down", "-v", "--remove-orphans", "-t", "2")

    def containers(self, *services: str) -> list[Container]:
        """The containers of these services, of all when none is named."""
        ids = self("ps", "-aq", *services).split()
        return [_container(each) for each in json.loads(run(["docker", "inspect", *ids]))] if ids else []

    def container(self, service: str) -> Container:
        """The only container of a service."""
        (found,) = self.containers(service)
        return found

    def crash(self, container: Container) -> None:
        """KILL the container's first process from outside, as the kernel does when memory runs out."""
        os.kill(container.pid, signal.SIGKILL)

    def wait_well(self, *services: str, seconds: float = 120) -> float:
        """Wait until all containers of these services are healthy; returns how long that took."""
        began = monotonic()
        until(lambda: self.containers(*services), lambda found: bool(found) and all(c.well for c in found), seconds)
        return monotonic() - began

    def sql(self, query: str) -> list[Any]:
        """Rows of a query, as JSON objects, read as the owner of the database."""
        wrapped = f"SELECT coalesce(json_agg(row_to_json(q)), '[]') FROM ({query}) AS q"  # noqa: S608  ours
        rows: list[Any] = json.loads(self.execute(wrapped))
        return rows

    def execute(self, statements: str) -> str:
        """Run SQL as the owner of the database."""
        password = "PGPASSWORD=$(cat /run/secrets/postgres-password)"
        psql = f"{password} exec psql -qAt -v ON_ERROR_STOP=1 -h 127.0.0.1 -U postgres veerkracht"
        return self("exec", "-T", "postgres", "bash", "-c", psql, given=statements)

    def tokens(self) -> dict[str, str]:
        """The demo's token of each role."""
        shown: dict[str, str] = json.loads(
            self("run", "--rm", "-T", "--no-deps", "tools", "deploy.docker.demo", "show")
        )
        return shown


def _container(seen: dict[str, Any]) -> Container:
    state = seen["State"]
    return Container(
        id=seen["Id"],
        service=seen["Config"]["Labels"]["com.docker.compose.service"],
        pid=state["Pid"],
        running=state["Running"],
        health=state.get("Health", {}).get("Status", "none"),
        exit_code=state["ExitCode"],
        restarts=seen["RestartCount"],
        started=state["StartedAt"],
    )


def now() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)
