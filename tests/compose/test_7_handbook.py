"""Every command of the operator's handbook, in its order, on a project of its own."""

import re
import subprocess
from collections.abc import Iterator
from os import environ
from pathlib import Path

import httpx2
import pytest

from .conftest import tell
from .engine import PROCESSES, Compose, Failed
from .recompute import table

pytestmark = pytest.mark.timeout(2400)


@pytest.fixture
def operator(built: Path) -> Iterator[Compose]:
    """A project without a profile, in the clone."""
    compose = Compose("veerkracht-test-handbook", profiles=(), root=built)
    compose.remove()
    yield compose
    compose.remove()


def blocks(handbook: Path) -> list[str]:
    """The shell blocks, each line a command."""
    return re.findall(r"^```sh\n(.*?)^```$", handbook.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def test_every_command_of_the_handbook_works(operator: Compose) -> None:
    commands = [line for block in blocks(operator.root / "deploy" / "README.md") for line in block.splitlines()]
    assert len(commands) > 20
    shell = Shell(operator)
    for command in commands:
        said = shell.run(command)
        if "deploy.docker.token" in command and said.strip():
            token = said.strip().splitlines()[-1]
    operator.wait_well(*PROCESSES, "proxy", seconds=5)
    answer = httpx2.get(f"{operator.url}/community/v1/dead-letters", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 403, "signed by the operator's key, with another role than this asks for"
    assert table(operator) == {}
    tell("handbook", f"{len(commands)} commands", "all ended well")


class Shell:
    """One shell for all commands, so that what one sets the next one knows."""

    def __init__(self, compose: Compose) -> None:
        self._compose = compose
        self._before: list[str] = []

    def run(self, command: str) -> str:
        """Run a command; assignments of earlier ones hold. Raises Failed."""
        script = "\n".join(["set -euo pipefail", *self._before, command])
        env = {**environ, **self._compose.env}
        done = subprocess.run(
            ["bash", "-c", script], cwd=self._compose.root, env=env, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise Failed(f"{command}: status {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}")
        if re.match(r"^\w+=", command):
            self._before.append(command)
        return done.stdout
