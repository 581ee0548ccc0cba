"""Requests over a few connections, each answer timed and kept: the next goes when the one before is answered."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from deploy.local.ports import HOST

_PATIENCE = 300.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came, and after how many seconds."""

    seconds: float
    status: int
    head: bytes
    body: bytes


class _Connection(asyncio.Protocol):
    """Sends from a list that others take from too."""

    def __init__(self, waiting: Iterator[tuple[int, bytes]], answers: list[Answer | None]) -> None:
        self._waiting, self._answers = waiting, answers
        self._transport: asyncio.Transport | None = None
        self._number, self._sent = 0, 0.0
        self._got = bytearray()
        self._size = -1
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first."""
        self._transport = cast("asyncio.Transport", transport)
        self._send(self._transport)

    def data_received(self, data: bytes) -> None:
        """Take a part of an answer; when it is whole, send the next."""
        self._got += data
        if self._size < 0:
            end = self._got.find(b"\r\n\r\n")
            if end < 0:
                return
            self._head = bytes(self._got[: end + 2])
            _, found, rest = self._head.lower().partition(b"\r\ncontent-length:")
            self._size = int(rest.partition(b"\r\n")[0]) if found else 0
            del self._got[: end + 4]
        if len(self._got) < self._size or self._transport is None:
            return
        seconds = time.perf_counter() - self._sent
        self._answers[self._number] = Answer(seconds, int(self._head[9:12]), self._head, bytes(self._got))
        self._got.clear()
        self._size = -1
        self._send(self._transport)

    def connection_lost(self, error: Exception | None) -> None:
        """A connection that the server closes is trouble."""
        if not self.done.done():
            self.done.set_exception(error or ConnectionResetError("the server closed the connection"))

    def _send(self, transport: asyncio.Transport) -> None:
        following = next(self._waiting, None)
        if following is None:
            self.done.set_result(None)
            transport.close()
            return
        self._number, request = following
        self._sent = time.perf_counter()
        transport.write(request)


async def load(port: int, requests: Sequence[bytes], connections: int) -> list[Answer]:
    """The answers in the order of the requests. Raises OSError when a connection breaks, TimeoutError after minutes."""
    answers: list[Answer | None] = [None] * len(requests)
    waiting = iter(enumerate(requests))
    loop = asyncio.get_running_loop()
    opened = [
        (await loop.create_connection(lambda: _Connection(waiting, answers), HOST, port))[1] for _ in range(connections)
    ]
    async with asyncio.timeout(_PATIENCE):
        await asyncio.gather(*(each.done for each in opened))
    return [answer for answer in answers if answer is not None]


def get(path: str, **headers: str) -> bytes:
    """A request."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {HOST}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join((*lines, "", "")).encode()
