"""Asks the process in this container whether it is ready: `python -IS /app/healthcheck.py api|worker`.

A worker that answers nothing at all, several times in a row, is killed: it ends by itself when its loop hangs, but not
when a signal stopped it, and Docker starts again only what has ended. The standard library only: this starts every few
seconds in every container.
"""

import contextlib
import http.client
import os
import signal
import sys
from pathlib import Path

#: Where it counts how often there was no answer; the container's own memory.
_COUNT = Path("/tmp/unanswered")  # noqa: S108
#: At ten seconds each, and five for the answer: within a minute.
_MOST_UNANSWERED = 4


def target(process: str) -> tuple[int, str]:
    """Port and path to ask. An image holds one service, so its folder names it."""
    if process == "worker":
        return 9100, "/readyz"
    (service,) = (path.name for path in Path(__file__).with_name("services").iterdir() if path.is_dir())
    return 8080, f"/{service}/readyz"


def count(file: Path) -> int:
    """One more time without an answer; returns how many there are in a row."""
    times = (int(file.read_text(encoding="ascii")) if file.exists() else 0) + 1
    file.write_text(str(times), encoding="ascii")
    return times


def kill(processes: Path) -> None:
    """kill -9 the process that the container's init started: only who ends is started again."""
    for stat in processes.glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError):
            pid, _, rest = stat.read_text(encoding="utf-8").partition(" ")
            parent = rest.rpartition(")")[2].split()[1]
            if parent == "1" and int(pid) != os.getpid():
                os.kill(int(pid), signal.SIGKILL)


def main(process: str) -> int:
    """0 when the answer is 200; what was said goes to the container's health log."""
    port, path = target(process)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        said = answer.read(2000).decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        sys.stderr.write(f"{path}: {error}\n")
        if process == "worker" and count(_COUNT) >= _MOST_UNANSWERED:
            kill(Path("/proc"))
        return 1
    _COUNT.unlink(missing_ok=True)
    sys.stdout.write(f"{path}: {answer.status} {said}\n")
    return 0 if answer.status == http.client.OK else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
