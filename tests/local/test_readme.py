"""Every command of the README, run as a new user would, on another port and another state folder."""

import asyncio
import os
import re
from pathlib import Path

import pytest

from deploy.local.ports import free_port

ROOT = Path(__file__).parent.parent.parent
#: In the order a reader meets them; `make test` is what runs this.
COMMANDS = [
    "make demo",
    "make test",
    "deploy/hold-a-dialogue.sh",
    "curl -N 'http://127.0.0.1:8080/feeds/v1/stream?type=nl.veerkracht.dialogue.held.v1'",
    "curl 'http://127.0.0.1:8080/feeds/v1/events?limit=100'",
]


async def shell(command: str, seconds: float = 120.0) -> tuple[int, str]:
    """Run a command at the root of the checkout; returns its status and what it printed."""
    # Not as a part of the make that runs this test: it would talk about the folders it enters.
    env = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    process = await asyncio.create_subprocess_shell(
        command, cwd=ROOT, env=env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    async with asyncio.timeout(seconds):
        output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()


def test_the_readme_has_no_other_commands() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^    (\S.*)$", text, re.MULTILINE) == COMMANDS


@pytest.mark.platform
@pytest.mark.timeout(300)
async def test_a_new_user_sees_the_programme_move(tmp_path: Path) -> None:
    port, state = free_port(), tmp_path / "demo"
    where = f"PORT={port} STATE={state}"
    try:
        status, output = await shell(f"make demo DETACH=1 {where}")
        assert status == 0, output
        assert f"Veerkracht is at http://127.0.0.1:{port}" in output
        for step in ("Postgres 18", "Kafka", "Migrations", "Topics", "Services", "Programme", "  operator "):
            assert step in output, output

        again, output = await shell(f"make demo DETACH=1 {where}")
        assert (again, f"already running at http://127.0.0.1:{port}" in output) == (0, True), output

        status, output = await shell(f"deploy/hold-a-dialogue.sh http://127.0.0.1:{port} {state}/tokens.json")
        assert status == 0, output
        follow = COMMANDS[3].replace("8080", str(port)) + " --silent --max-time 5 -H 'Last-Event-ID: 0'"
        _, output = await shell(follow)
        assert "event: nl.veerkracht.dialogue.held.v1" in output
        _, output = await shell(COMMANDS[4].replace("8080", str(port)) + " --silent")
        assert output.startswith('{"items":[{"id":"')
    finally:
        status, output = await shell(f"make stop {where}")
    assert (status, output.strip()) == (0, "stopped")
    assert await shell(f"make stop {where}") == (0, "nothing is running\n")
