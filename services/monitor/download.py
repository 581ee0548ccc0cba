"""Files made on request: wholly made before the first byte is sent, so what goes wrong is told as a problem."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, closing
from functools import partial
from tempfile import TemporaryFile
from typing import BinaryIO

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from shared.http.problems import Problem

_CHUNK = 1 << 16
#: Each takes a whole connection and processor for as long as it takes.
_ONE_AT_A_TIME = asyncio.Semaphore(1)
_MOST_WAITING = 8
_waiting: set[object] = set()


class Download(StreamingResponse):
    """Sends a temporary file, which is gone afterwards."""

    def __init__(self, file: BinaryIO, media_type: str, headers: Mapping[str, str]) -> None:
        size = file.tell()
        file.seek(0)
        super().__init__(_chunks(file), media_type=media_type, headers={**headers, "Content-Length": str(size)})
        self._file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Called by Starlette; closes the file also when the reader leaves."""
        with closing(self._file):
            await super().__call__(scope, receive, send)


async def make(
    write: Callable[[BinaryIO], Awaitable[None]], media_type: str, name: str, headers: Mapping[str, str] | None = None
) -> Download:
    """A file as `write` writes it, under a name; what it raises is raised here. A Problem when too many wait."""
    if len(_waiting) >= _MOST_WAITING:
        detail = "Er worden al veel bestanden gemaakt. Vraag het straks opnieuw."
        raise Problem(503, "too-many-downloads", detail, headers={"Retry-After": "30"})
    async with _in_line(), _ONE_AT_A_TIME:
        file: BinaryIO = TemporaryFile()  # noqa: SIM115  closed by Download
        try:
            await write(file)
        except BaseException:
            file.close()
            raise
    disposition = f'attachment; filename="{name}"'
    return Download(file, media_type, {"Content-Disposition": disposition, **(headers or {})})


@asynccontextmanager
async def _in_line() -> AsyncIterator[None]:
    ticket = object()
    _waiting.add(ticket)
    try:
        yield
    finally:
        _waiting.discard(ticket)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    return iter(partial(file.read, _CHUNK), b"")
