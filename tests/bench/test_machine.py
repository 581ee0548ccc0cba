"""What a contestant has used is seen whole, and nothing of it stays behind."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from deploy.bench.machine import kill_tree, on_server_core, tree, usage
from deploy.local.processes import spawn

#: A child that burns CPU and ends, and one that stays; then a word that it is so.
FAMILY = """
import subprocess, sys, time
subprocess.run([sys.executable, "-c", "sum(range(5_000_000))"])
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print("ready", flush=True)
time.sleep(60)
"""


@pytest.mark.real
async def test_a_contestants_children_count_and_are_killed_with_it(tmp_path: Path) -> None:
    log = tmp_path / "log"
    process = await spawn([sys.executable, "-c", FAMILY], log)
    while log.read_text(encoding="utf-8") != "ready\n":
        assert process.returncode is None
        await asyncio.sleep(0.02)
    members = tree(process.pid)
    burnt = usage(process.pid)
    kill_tree(process.pid)
    await process.wait()
    assert len(members) == 2
    assert burnt.cpu > 0.05
    assert burnt.memory > 10
    while not all(_ended(member) for member in members):  # noqa: ASYNC110 - the test's own time limit ends it
        await asyncio.sleep(0.02)


def test_the_runner_leaves_the_contestants_core_and_comes_back() -> None:
    before = os.sched_getaffinity(0)
    with on_server_core() as cores:
        assert os.sched_getaffinity(0) == {cores.servers}
        assert len(before) == 1 or cores.contestant != cores.servers
    assert os.sched_getaffinity(0) == before


def _ended(pid: int) -> bool:
    """Gone, or dead and not yet waited for."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text(encoding="utf-8").rpartition(") ")[2][0] == "Z"
    except FileNotFoundError:
        return True
