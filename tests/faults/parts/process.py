"""A process as in production, that also listens for faults.

`python -m tests.faults.parts.process SOCKET MODULE [ARGUMENT …]` runs a module as `python -m MODULE
[ARGUMENT …]` would.
Production code has no hooks for this. The module runs unchanged until a line of JSON comes in at the socket: a trap
`{"action", "pattern", "nth"}` (see steps.py), a change `{"change"}` (see protections.py), or `{"show": true}`, which
prints its tasks. A restart is clean again.
"""

import json
import runpy
import socket
import sys
import threading
from pathlib import Path

from .. import steps
from ..protections import CHANGES


def _listen(server: socket.socket) -> None:
    while True:
        connection, _ = server.accept()
        with connection:
            order = json.loads(connection.recv(65_536))
            if order.get("show"):
                steps.show_tasks()
            elif change := order.get("change"):
                CHANGES[change]()
            else:
                steps.traps.append(steps.Trap(order["pattern"], order["nth"], steps.ACTIONS[order["action"]]))
            connection.sendall(b"done")


def main() -> None:
    """Run the module as its own main program."""
    path, module, *arguments = sys.argv[1:]
    Path(path).unlink(missing_ok=True)
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen()
    steps.watch()
    threading.Thread(target=_listen, args=(server,), daemon=True, name="faults").start()
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
