"""python -m deploy.bench: runs the benchmarks and writes RESULTS.md and results.json beside this file.

`BENCH_EVENTS` (5000000) is the length of the stream log, and the others scale with it; `BENCH_ROUNDS` (5) is how often
each contestant drains it; `BENCH_ONLY` names contestants' folders and other benchmarks, separated by commas;
`BENCH_RESULTS` is another folder for the two files. A part that is run by itself replaces its sections there. The exit
status is 1 when a figure of ours was wrong.
"""

import asyncio
import importlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from deploy.local import ROOT
from deploy.local.processes import ProcessError
from deploy.local.stack import StackError

from . import report
from .contestant import Bench
from .flatness import flatness
from .machine import describe, on_server_core, servers
from .rebuild import rebuild
from .results import CEILINGS, FOLDING
from .section import Missing, Section
from .stream import Options, Stream

_FULL = 5_000_000
#: The others still run, and the report says what did not, and why.
_CANNOT = (Missing, ProcessError, StackError, TimeoutError)
#: Each a module here with `run(scale: float) -> Section`, or a list of them.
_OTHERS = ("relay", "command_api", "sse", "latency", "imports", "monitor", "room")
_PACKAGES = ("aiokafka", "confluent-kafka", "asyncpg", "msgspec", "faust-streaming", "fastapi", "uvloop")


def options(environment: dict[str, str]) -> Options:
    """What the environment asks for."""
    only = environment.get("BENCH_ONLY", "")
    return Options(
        events=int(environment.get("BENCH_EVENTS", _FULL)),
        rounds=int(environment.get("BENCH_ROUNDS", 5)),
        only=frozenset(name.strip() for name in only.split(",") if name.strip()),
    )


async def _on_servers(asked: Options, state: Path) -> list[Section]:
    """The stream benchmark and flatness, on one Kafka and one Postgres."""
    sections: list[Section] = []
    with on_server_core() as cores:
        async with servers(state) as running:
            bench = Bench(running, cores, state)
            if any(asked.wants(contestant) for contestant in (*FOLDING, *CEILINGS)):
                sections += await Stream(bench, asked).run()
            for name, part in (("flatness", flatness), ("rebuild", rebuild)):
                if not asked.only or name in asked.only:
                    sections.append(await part(bench, asked.events / _FULL))
    return sections


@contextmanager
def _state() -> Iterator[Path]:
    """A folder for logs and data: 5 GB at full size. Kept when something fails, to look at."""
    folder = Path(tempfile.mkdtemp(prefix="veerkracht-bench-"))
    print(f"data and logs: {folder}")
    yield folder
    shutil.rmtree(folder)


def _about(asked: Options) -> dict[str, str]:
    java = shutil.which("java")
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr if java else ""
    git = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    return {
        **describe(),
        "system": platform.platform(),
        "java": said.partition("\n")[0] or "none",
        "packages": ", ".join(f"{name} {version(name)}" for name in _PACKAGES),
        "commit": git.stdout.strip() or "unknown",
        "log": f"{asked.events:,} records, {asked.rounds} rounds",
        "cores": "Kafka, Postgres and the runner on the first, the contestant on the second",
    }


def main() -> int:
    """Run what is asked for; returns the exit status. The report is written after each part: none costs another's."""
    asked = options(dict(os.environ))
    folder = Path(os.environ.get("BENCH_RESULTS") or Path(__file__).parent)
    kept = report.sections_in(folder) if asked.only else []
    made = report.Report(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", _about(asked), kept, {})
    with _state() as state:
        try:
            made.add(asyncio.run(_on_servers(asked, state)))
        except _CANNOT as why:
            made.left_out["stream"] = str(why)
        report.write(made, folder)
        for name in _OTHERS:
            if asked.only and name not in asked.only:
                continue
            module = f"{__package__}.{name}"
            try:
                found = importlib.import_module(module).run(asked.events / _FULL)
                made.add([found] if isinstance(found, Section) else found)
            except _CANNOT as why:
                made.left_out[name] = str(why)
            report.write(made, folder)
            print(f"{name}: {made.left_out.get(name, 'done')}")
    report.write(made, folder)
    print(report.markdown(made))
    return int(made.failed or "stream" in made.left_out)


if __name__ == "__main__":
    sys.exit(main())
