"""Many readers of one event stream, lean enough not to be what is measured: one epoll, no parsing."""

import select
import socket

from deploy.local.ports import HOST
from deploy.local.processes import ProcessError

_SILENT_SECONDS = 60.0
#: In every frame once: JSON has no raw line break.
_MARK = b"\ndata: "


class Subscribers:
    """Open streams on one epoll. Counts frames; keeps what the first subscriber got."""

    def __init__(self, port: int, number: int) -> None:
        self._poll = select.epoll()
        self._sockets: dict[int, socket.socket] = {}
        self._tails: dict[int, bytes] = {}
        self.kept = bytearray()
        for _ in range(number):
            self._open(port)
        self._first = next(iter(self._sockets))

    def _open(self, port: int) -> None:
        opened = socket.create_connection((HOST, port), timeout=_SILENT_SECONDS)
        opened.sendall(b"GET /feeds/v1/stream HTTP/1.1\r\nHost: bench\r\n\r\n")
        head = b""
        while b"\r\n\r\n" not in head:  # from the headers on, nothing is missed
            head += opened.recv(65_536)
        if not head.startswith(b"HTTP/1.1 200"):
            raise ProcessError(f"the stream was refused: {head[:200]!r}")
        self._sockets[opened.fileno()] = opened
        self._tails[opened.fileno()] = b""
        self._poll.register(opened, select.EPOLLIN)

    def receive(self, frames: int) -> None:
        """Wait until this many frames have come, over all subscribers. Raises ProcessError."""
        while frames > 0:
            ready = self._poll.poll(_SILENT_SECONDS)
            if not ready:
                raise ProcessError(f"{frames} deliveries never came")
            for number, _ in ready:
                data = self._sockets[number].recv(262_144)
                if not data:
                    raise ProcessError("a stream ended")
                seen = self._tails[number] + data
                frames -= seen.count(_MARK)
                # A mark may be cut in two; a whole one is longer than what is kept.
                self._tails[number] = seen[1 - len(_MARK) :]
                if number == self._first:
                    self.kept += data

    def close(self) -> None:
        """Leave."""
        self._poll.close()
        for opened in self._sockets.values():
            opened.close()


def frames_in(body: bytes) -> bytes:
    """The frames with data in a chunked body that starts and ends with a whole chunk."""
    joined = b""
    while body:
        size, _, rest = body.partition(b"\r\n")
        length = int(size, 16)
        joined, body = joined + rest[:length], rest[length + 2 :]
    return b"".join(frame + b"\n\n" for frame in joined.split(b"\n\n") if b"\ndata: " in frame)
