"""Published observations in the layout of an import, each as it is public: a mean near an end of its scale is a bound
(`<1,2`), and nothing has a deviation. Taking an export in again changes nothing.
"""

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import BinaryIO

from shared.contracts.vocabulary import Bound, Measure, SourceKind
from shared.database import Connection, Record

from ..figure.public import PublicTally
from ..figure.record import public_tally_of
from ..figure.tally import MILLION
from ..indicators.register import indicators
from ..snapshot import snapshot
from . import store
from .file.figures import BOUNDS
from .file.layout import COLUMNS, FORMULA_MARKS, SOURCES

_PIECE = 1000
#: Rows of a workbook before others get a turn.
_TURN = 50
_NUMBERS = ("versie", "indeling", "waarde", "standaardafwijking", "teller", "noemer", "n")
_WORDS = {kind: word for word, kind in SOURCES.items()}


async def rows(
    connection: Connection, indicator: str | None, source: SourceKind | None
) -> AsyncIterator[list[list[str]]]:
    """Rows in the order of COLUMNS, some at a time, numbers with a decimal comma. What waits is never among them.

    In a transaction of its own: all rows are of one moment.
    """
    async with snapshot(connection):
        measures = {code: one.measure for code, one in (await indicators(connection)).items()}
        piece = []
        async for row in store.published(connection, indicator, source, _PIECE):
            piece.append(_cells(row, measures))
            if len(piece) == _PIECE:
                yield piece
                piece = []
        yield piece


async def csv_pieces(connection: Connection, indicator: str | None, source: SourceKind | None) -> AsyncIterator[bytes]:
    """The export as CSV in UTF-8."""
    yield _csv([list(COLUMNS)])
    async for piece in rows(connection, indicator, source):
        if piece:
            yield _csv(piece)


async def write_xlsx(connection: Connection, indicator: str | None, source: SourceKind | None, file: BinaryIO) -> None:
    """The export as XLSX into a file: numbers as numbers, the rest as text."""
    # Who writes no workbook need not carry it.
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("waarnemingen")
    sheet.append(COLUMNS)
    try:
        try:
            async for piece in rows(connection, indicator, source):
                for start in range(0, len(piece), _TURN):
                    for row in piece[start : start + _TURN]:
                        sheet.append([_cell(column, text) for column, text in zip(COLUMNS, row, strict=True)])
                    await asyncio.sleep(0)
        finally:
            sheet.close()
        await asyncio.to_thread(book.save, file)
    finally:
        # openpyxl keeps the rows in a file of its own, and removes it only when all goes well.
        with suppress(OSError, ValueError):
            sheet._writer.cleanup()


def _cell(column: str, text: str) -> str | int | float | None:
    if not text:
        return None
    if text.startswith(BOUNDS):
        return text.replace(",", ".")
    if column in _NUMBERS:
        return float(text.replace(",", ".")) if "," in text else int(text)
    return text


def _csv(piece: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(piece)
    return text.getvalue().encode()


def _cells(row: Record, measures: Mapping[str, Measure]) -> list[str]:
    public = public_tally_of(row)
    n = public.n
    value = numerator = denominator = count = ""
    match measures[row["indicator"]]:
        case Measure.MEAN:
            value, count = f"{_bound(public)}{_decimal(public.total // n)}", str(n)
        case Measure.RATIO:
            numerator, denominator, count = str(public.numerator), str(public.denominator), str(n or "")
        case Measure.COUNT:
            numerator, denominator = str(public.numerator), str(public.denominator or "")
        case Measure.DISTRIBUTION:
            count = str(n)
    return [
        row["indicator"],
        str(row["version"]),
        row["area"],
        str(row["geography"]),
        row["period"],
        _WORDS[SourceKind(row["source"])],
        row["method"],
        value,
        "",
        numerator,
        denominator,
        count,
        "|".join(map(str, public.distribution())),
    ]


def _bound(public: PublicTally) -> str:
    match public.bound():
        case None:
            return ""
        case Bound.LOWER_THAN:
            return "<"
        case Bound.HIGHER_THAN:
            return ">"


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula; a method that would be one is refused at import."""
    return f"'{text}" if text.startswith(FORMULA_MARKS) else text


def _decimal(millionths: int) -> str:
    whole, rest = divmod(millionths, MILLION)
    return f"{whole},{rest:06}".rstrip("0").rstrip(",")
