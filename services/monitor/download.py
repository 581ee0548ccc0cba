"""Files made on request: once for all who ask for the same, wholly before a byte of them is sent, and not for nobody.

What takes a connection and a processor is paced by us, one at a time. A reader, however slow, holds neither: it has a
file on disk, which is gone when nobody asks for it any more. What goes wrong is told as a problem, since nothing was
sent.
"""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import BinaryIO

from fastapi import FastAPI, Request
from starlette.requests import ClientDisconnect
from starlette.responses import StreamingResponse

from shared.http.problems import Problem

_CHUNK = 1 << 16
#: Different files that are asked for and not made yet: of all together, and of one subject or address, so that nobody
#: has the whole line.
_MOST_WAITING, _MOST_OF_ONE = 32, 4
#: What is made stays for whoever comes next: so long, and so many bytes of the newest.
_KEPT_SECONDS, _KEPT_BYTES = 600.0, 256 << 20

#: What a file is: another one when its contents may be others.
Key = tuple[object, ...]
Write = Callable[[BinaryIO], Awaitable[None]]


class MadeFile:
    """A file without a name: it is there while someone has it."""

    def __init__(self, file: BinaryIO, now: float) -> None:
        file.flush()
        self._handle = os.dup(file.fileno())
        self.size = os.fstat(self._handle).st_size
        self.made_at = now

    def __del__(self) -> None:
        os.close(self._handle)

    def pieces(self) -> Iterator[bytes]:
        """Its contents, for one reader among others."""
        at = 0
        while piece := os.pread(self._handle, _CHUNK, at):
            yield piece
            at += len(piece)


@dataclass(slots=True, eq=False)
class _Making:
    task: "asyncio.Task[MadeFile]"
    asker: str
    waiting: int = 0


class MadeFiles:
    """The files of one app."""

    def __init__(self, seconds: float = _KEPT_SECONDS, size: int = _KEPT_BYTES) -> None:
        """What is made is kept for so long, and so many bytes of it."""
        self._seconds, self._size = seconds, size
        self._turn = asyncio.Semaphore(1)
        self._making: dict[Key, _Making] = {}
        self._made: dict[Key, MadeFile] = {}

    async def get(self, request: Request, key: Key, write: Write) -> MadeFile:
        """The file, made when it is not there: what `write` raises is raised to all who wait for it.

        Raises Problem when too many are to be made, and ClientDisconnect when who asks leaves; when nobody waits any
        more, the making ends.
        """
        self._forget(time.monotonic())
        if (made := self._made.get(key)) is not None:
            return made
        making = self._making.get(key)
        if making is None:
            asker: str = request.state.asker
            of_one = sum(each.asker == asker for each in self._making.values())
            if len(self._making) >= _MOST_WAITING or of_one >= _MOST_OF_ONE:
                detail = "Er worden al veel bestanden gemaakt. Vraag het straks opnieuw."
                raise Problem(503, "too-many-downloads", detail, headers={"Retry-After": "30"})
            making = self._making[key] = _Making(asyncio.create_task(self._make(key, write)), asker)
            making.task.add_done_callback(_heard)
        making.waiting += 1
        left = asyncio.create_task(_left(request))
        try:
            await asyncio.wait({making.task, left}, return_when=asyncio.FIRST_COMPLETED)
            if making.task.done():
                return making.task.result()
            raise ClientDisconnect
        finally:
            left.cancel()
            making.waiting -= 1
            if not making.waiting:
                self._end(key, making)

    def _end(self, key: Key, making: _Making) -> None:
        if self._making.get(key) is making:
            del self._making[key]
        if not making.task.done():
            making.task.cancel()

    async def _make(self, key: Key, write: Write) -> MadeFile:
        async with self._turn:
            with TemporaryFile() as file:
                await write(file)
                made = self._made[key] = MadeFile(file, time.monotonic())
        return made

    def _forget(self, now: float) -> None:
        """Those that are old, and the oldest when they are too many. Who reads one has it still."""
        size = sum(made.size for made in self._made.values())
        for key, made in list(self._made.items()):
            if now - made.made_at > self._seconds or size > self._size:
                size -= made.size
                del self._made[key]


def install(app: FastAPI) -> None:
    """Files can be made while the app serves: `app.state.made_files`."""
    app.state.made_files = MadeFiles()


async def make(
    request: Request, key: Key, write: Write, media_type: str, name: str, headers: Mapping[str, str] | None = None
) -> StreamingResponse:
    """A file as `write` writes it, under a name. `key` says which it is: it is made once for all who ask for it."""
    files: MadeFiles = request.app.state.made_files
    made = await files.get(request, key, write)
    disposition = f'attachment; filename="{name}"'
    return StreamingResponse(
        made.pieces(),
        media_type=media_type,
        headers={"Content-Disposition": disposition, "Content-Length": str(made.size), **(headers or {})},
    )


def _heard(task: "asyncio.Task[MadeFile]") -> None:
    """What went wrong is told to those who wait; when they all left, to nobody."""
    if not task.cancelled():
        task.exception()


async def _left(request: Request) -> None:
    """Until who asks leaves."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
