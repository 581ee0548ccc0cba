"""What is wrong with a file, on disk until it is stored: all is counted, the first of it kept."""

import tempfile
from collections.abc import AsyncIterator, Callable, Iterable
from types import TracebackType
from typing import Self

from .layout import Wrong

_PIECE = 262_144


class Report:
    """Errors in the order in which they are found. `errors` counts them, `lines` those that have any, `kept` those that
    are kept, of at most `most`."""

    def __init__(self, upload: str, most: int) -> None:
        self._upload, self._most = upload, most
        self._file = tempfile.TemporaryFile("w+b")  # noqa: SIM115
        self.errors = 0
        self.lines = 0
        self.kept = 0
        #: In which encoding the file was read.
        self.encoding: str | None = None
        #: Gives the address of a cell by line and column, in files where cells have one.
        self.place: Callable[[int, str | None], str | None] = _nowhere

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, wrong: Iterable[Wrong]) -> None:
        """What is wrong with one line."""
        self.lines += 1
        for each in wrong:
            self.errors += 1
            if self.kept == self._most:
                continue
            self.kept += 1
            cell = self.place(each.line, each.column)
            values = (self._upload, str(each.line), str(self.errors), cell, each.column, each.value, each.reason)
            text = "\t".join("\\N" if value is None else _escaped(value) for value in values)
            self._file.write(f"{text}\n".encode("utf-8", "replace"))

    async def lines_of_copy(self) -> AsyncIterator[bytes]:
        """All of it, as COPY has it."""
        self._file.seek(0)
        while piece := self._file.read(_PIECE):
            yield piece


def _nowhere(_: int, __: str | None) -> None:
    return None


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
