"""Whether a stack runs on a state folder, where, and how to end it from another terminal."""

import contextlib
import fcntl
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

_STOP_SECONDS = 90.0


class AlreadyRunning(Exception):
    """Another stack holds this state folder."""


@dataclass(frozen=True, slots=True)
class Running:
    """A running stack: the pid of its `up`, and its address once it is ready."""

    pid: int
    url: str | None


@dataclass(frozen=True, slots=True)
class _Ready:
    pid: int
    url: str


@contextmanager
def hold(state: Path) -> Iterator[None]:
    """Be the one stack on this state. Raises AlreadyRunning.

    The lock on `<state>/up.pid` says whether the pid in it is alive: the kernel drops it with the process, so a stale
    pid, or one that became somebody else's, never counts.
    """
    state.mkdir(parents=True, exist_ok=True)
    # Not emptied on opening: another stack's pid may be in it.
    with (state / "up.pid").open("a+", encoding="utf-8") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning(f"a stack is already running on {state}") from error
        held.truncate(0)
        held.write(f"{os.getpid()}\n")
        held.flush()
        try:
            yield
        finally:
            (state / "up.json").unlink(missing_ok=True)
            held.truncate(0)


def announce(state: Path, url: str) -> None:
    """Tell others that this process's stack is ready."""
    unfinished = state / "up.json.new"
    unfinished.write_text(json.dumps(asdict(_Ready(os.getpid(), url))), encoding="utf-8")
    unfinished.rename(state / "up.json")


def running(state: Path) -> Running | None:
    """The stack on this state, or None."""
    try:
        with (state / "up.pid").open(encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                pid = file.read().strip()
                return Running(int(pid), _url(state, int(pid))) if pid else None
    except FileNotFoundError:
        return None
    return None


def _url(state: Path, pid: int) -> str | None:
    try:
        ready = _Ready(**json.loads((state / "up.json").read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    # Left by a stack that was killed: the next one is not ready yet.
    return ready.url if ready.pid == pid else None


def stop(state: Path) -> bool:
    """End the stack on this state and wait until it is gone; False when there is none."""
    found = running(state)
    if found is None:
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(found.pid, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_SECONDS
    while running(state):
        if time.monotonic() > deadline:
            # Its children go with it.
            with contextlib.suppress(ProcessLookupError):
                os.kill(found.pid, signal.SIGKILL)
            deadline += _STOP_SECONDS
        time.sleep(0.05)
    return True
