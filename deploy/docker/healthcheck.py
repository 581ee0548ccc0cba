"""Asks the process in this container whether it is ready: `python -IS /app/healthcheck.py api|worker`.

The standard library only: it starts every few seconds in every container.
"""

import http.client
import sys
from pathlib import Path


def target(process: str) -> tuple[int, str]:
    """Port and path to ask. An image holds one service, so its folder names it."""
    if process == "worker":
        return 9100, "/readyz"
    (service,) = (path.name for path in Path(__file__).with_name("services").iterdir() if path.is_dir())
    return 8080, f"/{service}/readyz"


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
        return 1
    sys.stdout.write(f"{path}: {answer.status} {said}\n")
    return 0 if answer.status == http.client.OK else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
