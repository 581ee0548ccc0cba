"""The stack on a real engine. Takes part with COMPOSE_TEST=1 only: `make compose-test`."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ..load import Load
from .engine import ROOT, Compose, run

collect_ignore_glob = [] if os.environ.get("COMPOSE_TEST") == "1" else ["test_*.py"]

#: What the run found, for the tables at its end: heading -> rows.
TABLES: dict[str, list[tuple[str, ...]]] = {}


def tell(table: str, *row: str) -> None:
    """Add a row to a table of the report."""
    TABLES.setdefault(table, []).append(row)


def _missing() -> str | None:
    """What keeps the stack from running here, in one line."""
    standins = os.environ.get("STANDIN_IMAGES")
    if standins:
        if os.geteuid() != 0:
            return "root is needed to start an engine and to kill containers from outside"
        built = subprocess.run([ROOT / "tests/compose/standins/build.sh"], capture_output=True, text=True, check=False)
        return f"the stand-ins were not built: {built.stderr[-500:]}" if built.returncode else None
    if shutil.which("docker") is None:
        return "no docker here; install Docker with Compose v2, or let STANDIN_IMAGES name a program that prepares one"
    for command in (["docker", "info"], ["docker", "compose", "version"]):
        if subprocess.run(command, capture_output=True, check=False).returncode:
            return f"`{' '.join(command)}` fails: start Docker and install Compose v2, or set STANDIN_IMAGES"
    return "root is needed to kill containers from outside" if os.geteuid() != 0 else None


def pytest_sessionstart() -> None:
    """Nothing to do here without an engine: one line, and that is no failure."""
    if os.environ.get("COMPOSE_TEST") == "1" and (why := _missing()):
        pytest.exit(f"compose-test skipped: {why}", returncode=0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The tables."""
    for heading, rows in TABLES.items():
        terminalreporter.section(heading)
        widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
        for row in rows:
            terminalreporter.write_line("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a fresh clone of this checkout would hold."""
    folder = tmp_path_factory.mktemp("clone") / "veerkracht"
    files = run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]).split("\0")
    for name in filter(None, files):
        if (source := ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, folder / name)
    return folder


@pytest.fixture(scope="session")
def built(clone: Path) -> Path:
    """The clone, with its images built."""
    compose = Compose("veerkracht-test-build", root=clone)
    compose("build", "-q")
    return clone


@pytest.fixture(scope="session")
def stack(built: Path) -> Iterator[Compose]:
    """The demo on one broker, up and healthy."""
    compose = Compose("veerkracht-test", root=built)
    compose.remove()
    try:
        compose.up()
        yield compose
    finally:
        compose.remove()


@pytest.fixture(scope="session")
def load(stack: Compose) -> Load:
    """Writers at the published port; they remember across tests what was accepted."""
    return Load(stack.url, stack.tokens())
