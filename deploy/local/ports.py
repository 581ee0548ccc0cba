"""TCP ports on the loopback address."""

import random
import socket

HOST = "127.0.0.1"
#: Below Linux's range for outgoing connections. A port inside it can be lost during a restart to a client that is
#: busy reconnecting to that very port.
_RANGE = range(20_000, 32_768)


def is_free(port: int) -> bool:
    """Whether a server could listen on the port now."""
    with socket.socket() as probe:
        # As servers do: a connection that lingers in TIME_WAIT is no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port(preferred: int | None = None) -> int:
    """The preferred port when it is free, else a random free one."""
    if preferred is not None and is_free(preferred):
        return preferred
    return next(port for port in random.sample(_RANGE, len(_RANGE)) if is_free(port))


def listens(address: str) -> bool:
    """Whether something accepts connections at `host:port`."""
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=1.0).close()
    except OSError:
        return False
    return True
