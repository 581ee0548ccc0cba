"""What we do each day: one command for CI, one that takes seconds, hooks that fetch nothing."""

import re
from pathlib import Path

import pytest

from .conftest import _refuse_real_parts

ROOT = Path(__file__).parent.parent


def test_ci_runs_make_test_and_nothing_else() -> None:
    commands = [line for line in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    assert commands == ["set -euo pipefail", 'cd "$(dirname "$0")/.."', "exec make test"]


def test_what_make_quick_leaves_out_make_test_runs_after_it() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.findall(r"pytest -m \"(.+?)\"", makefile) == ["not real and not long", "real or long"]
    assert re.search(r"^test: browser quick\b", makefile, re.MULTILINE)


@pytest.mark.parametrize("deed", ["subprocess.Popen", "socket.connect"])
def test_a_pure_test_that_starts_or_calls_something_is_refused(deed: str) -> None:
    with pytest.raises(AssertionError, match="mark it real"):
        _refuse_real_parts(deed, ())
    _refuse_real_parts("open", ())


def test_hooks_are_of_this_checkout() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert set(re.findall(r"repo: (\S+)", hooks)) == {"local"}
    assert set(re.findall(r"language: (\S+)", hooks)) == {"system"}
