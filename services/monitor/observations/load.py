"""Takes a file of observations in: all of it or nothing, unless its good rows alone were asked for.

One pass over the file, in pieces: the loop stays free for others, and memory does not grow with the file. Everything is
one transaction: a file that is refused, or a process that is killed, leaves nothing but its report.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TypeAlias

from shared.database import Connection
from shared.outbox.cause import Cause

from ..release import Thresholds
from . import store
from .check import Checker
from .csv_file import CsvFile
from .layout import Reader, Unreadable, Wrong
from .place import Offer, Rejected, store_rows
from .report import Report
from .store import Counts

_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"

#: Is told bytes read, bytes to read, and rows read.
ReadProgress: TypeAlias = Callable[[int, int, int], None]


def open_file(path: Path) -> Reader:
    """The file as rows, whatever it is called. Raises Unreadable."""
    with path.open("rb") as file:
        start = file.read(4)
    if start == _OLD_EXCEL:
        raise Unreadable(1, "Dit is een oud Excel-bestand (.xls): sla het op als .xlsx of als CSV UTF-8.")
    if start != _ZIP:
        return CsvFile(path)
    # Who reads no workbook need not carry it.
    from .xlsx_file import XlsxFile

    return XlsxFile(path)


async def load(
    connection: Connection, path: Path, offer: Offer, thresholds: Thresholds, cause: Cause, progress: ReadProgress
) -> Counts:
    """Take a file in that has an upload already, and return what became of its rows."""
    with Report(offer.id) as report:
        rows = _Rows(report, progress)
        try:
            async with connection.transaction():
                counts = await _take_in(connection, path, offer, thresholds, cause, rows)
                await store.insert_errors(connection, report.lines_of_copy())
                await store.finish(connection, offer.id, "accepted", counts)
                return counts
        except Unreadable as error:
            report.add([Wrong(error.line, None, None, error.reason)])
        except Rejected:
            pass
        counts = Counts(rows.read, refused=report.lines, errors=report.errors)
        async with connection.transaction():
            await store.insert_errors(connection, report.lines_of_copy())
            await store.finish(connection, offer.id, "refused", counts)
        return counts


class _Rows:
    """The rows of a file on their way from disk to COPY."""

    def __init__(self, report: Report, progress: ReadProgress) -> None:
        self.report, self._progress = report, progress
        self.read = 0

    async def checked(self, reader: Reader, checker: Checker) -> AsyncIterator[bytes]:
        """The good ones, some at a time. What is wrong with the others goes to the report."""
        good: list[str] = []
        for line, row in reader:
            text = checker.check(line, row)
            if text is None:
                self.report.add(checker.wrong)
            else:
                good.append(text)
            self.read += 1
            if not self.read % reader.piece:
                self._progress(reader.position, reader.size, self.read)
                yield "".join(good).encode()
                good = []
                await asyncio.sleep(0)
        self._progress(reader.size, reader.size, self.read)
        yield "".join(good).encode()


async def _take_in(
    connection: Connection, path: Path, offer: Offer, thresholds: Thresholds, cause: Cause, rows: _Rows
) -> Counts:
    await store.begin(connection)
    if await store.accepted(connection, offer.sha256):
        # While this one waited for its turn.
        return Counts(0)
    known = await store.read_codebook(connection, thresholds, cause.today)
    with await asyncio.to_thread(open_file, path) as reader:
        checker = Checker(known, reader)
        rows.report.place = reader.place
        await store.stage(connection, rows.checked(reader, checker))
    if not rows.read:
        raise Unreadable(2, "Onder de kolommen staat geen enkele regel.")
    return await store_rows(connection, offer, rows.read, checker, rows.report, cause)
