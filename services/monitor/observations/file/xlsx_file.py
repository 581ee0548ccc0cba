"""An XLSX file as rows of text: streamed, and refused before it is unpacked when it would not fit.

A workbook is a zip of XML. openpyxl reads it row by row, without entities (defusedxml); what it holds in memory is
bounded here: the parts beside the sheet, and one row.
"""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Self

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from .layout import COLUMNS, Broken, FileRow, Unreadable, excerpt, order
from .texts import blank

_MOST_PARTS = 500
_LARGEST = 1_073_741_824
_LARGEST_PART = 16_777_216
_RATIO = 200
#: Too small to be a bomb, whatever the ratio.
_SMALL = 1_048_576
_MOST_ROWS = 1_048_576
_MOST_COLUMNS = 50
_LARGEST_ROW = 1_048_576

_FORMULA = "hier staat een formule: plak er de waarde van"
_DATE = "dit is als datum opgeslagen: maak de cel tekst, en schrijf 2019, 2019-Q1 of 2019-03"
_BROKEN = "Dit bestand is geen leesbaar rekenblad (.xlsx): sla het opnieuw op, of als CSV UTF-8."


class XlsxFile:
    """An open workbook of one sheet. Numbers are cells with a number, everything else is text."""

    mark = "."
    encoding: str | None = None
    because = "in een rekenblad is dit tekst en geen getal"
    piece = 50

    def __init__(self, path: Path) -> None:
        """Open a file and read its header. Raises Unreadable."""
        _require_safe(path)
        self._file = path.open("rb")
        try:
            self._book = self._open()
            sheets = self._book.worksheets
            if len(sheets) != 1:
                names = ", ".join(excerpt(sheet.title) for sheet in sheets[:10])
                raise Unreadable(1, f"Dit rekenblad heeft {len(sheets)} bladen ({names}): lever er een met één blad.")
            [self._sheet] = sheets
            # openpyxl opens its source here whenever it reads, and has no other door.
            name: str = self._sheet._worksheet_path  # type: ignore[attr-defined]
            archive: zipfile.ZipFile = self._book._archive  # type: ignore[attr-defined]
            self.size = archive.getinfo(name).file_size
            self._source = _Watched(archive, name)
            self._sheet._get_source = self._source.again  # type: ignore[attr-defined]
            self._rows = self._read()
            header = next(self._rows, (0, ()))[1]
            if not any(header):
                raise Unreadable(1, "De eerste regel is leeg: hij hoort de kolommen te noemen.")
            self._order = order(["" if cell is None else str(cell) for cell in header])
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._book.close()
        self._file.close()

    @property
    def position(self) -> int:
        """Bytes read."""
        return self._source.position

    def place(self, line: int, column: str | None) -> str | None:
        """The address of a cell."""
        return f"{get_column_letter(self._order[COLUMNS.index(column)] + 1)}{line}" if column in COLUMNS else None

    def __iter__(self) -> Iterator[tuple[int, FileRow | Broken] | None]:
        """Rows that are not empty, each with its number; None after so many that are."""
        pick = itemgetter(*self._order)
        last = max(self._order)
        for line, cells in self._rows:
            if not any(map(_filled, cells)):
                if not line % self.piece:
                    yield None
                continue
            if len(cells) <= last:
                cells = (*cells, *(None,) * (last + 1 - len(cells)))
            if any(map(_filled, cells[last + 1 :])):
                yield line, Broken(((None, None, "Deze regel heeft cellen naast de kolommen van de eerste regel."),))
                continue
            read = [_text(cell) for cell in pick(cells)]
            wrong = tuple(
                (column, excerpt(str(cell)), text.reason)
                for column, cell, text in zip(COLUMNS, pick(cells), read, strict=True)
                if isinstance(text, _No)
            )
            yield line, Broken(wrong) if wrong else [text for text in read if isinstance(text, str)]

    def _open(self) -> Workbook:
        try:
            return load_workbook(self._file, read_only=True, data_only=False, keep_links=False)
        except Exception as error:
            # It raises whatever its parts of XML make it trip over.
            raise Unreadable(1, _BROKEN) from error

    def _read(self) -> Iterator[tuple[int, tuple[object, ...]]]:
        try:
            rows = self._sheet.iter_rows(min_row=1, max_row=_MOST_ROWS, max_col=_MOST_COLUMNS, values_only=True)
            yield from enumerate(rows, 1)
        except Unreadable:
            raise
        except Exception as error:
            raise Unreadable(1, _BROKEN) from error


def _filled(cell: object) -> bool:
    return cell is not None and not (isinstance(cell, str) and blank((cell,)))


class _No:
    """What a cell may not be."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


def _text(cell: object) -> "str | _No":
    match cell:
        case None:
            return ""
        case str():
            return _No(_FORMULA) if cell.startswith("=") else cell
        case bool():
            return _No("hier staat waar of onwaar: hier hoort een getal of tekst")
        case int():
            return str(cell)
        case float():
            # The shortest decimals that are this number: what was typed.
            return str(int(cell)) if cell.is_integer() else format(Decimal(repr(cell)), "f")
        case datetime() | date() | time() | timedelta():
            return _No(_DATE)
        case _:
            return _No(_FORMULA)


class _Watched(io.RawIOBase):
    """A part of a zip that counts what is read, and gives up on a row that is too large for memory."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self._archive, self._name = archive, name
        self._part = archive.open(name)
        self.position = 0
        self._row_began = 0

    def again(self) -> Self:
        """From the beginning."""
        self._part.close()
        self._part = self._archive.open(self._name)
        self.position = self._row_began = 0
        return self

    def read(self, size: int = -1) -> bytes:
        """Raises Unreadable."""
        piece = self._part.read(min(size, 65_536) if size >= 0 else 65_536)
        last = piece.rfind(b"<row")
        if last >= 0:
            self._row_began = self.position + last
        self.position += len(piece)
        if self.position - self._row_began > _LARGEST_ROW:
            raise Unreadable(1, f"Dit rekenblad heeft een regel van meer dan {_LARGEST_ROW} bytes.")
        return piece

    def close(self) -> None:
        """It may be read again."""


def _require_safe(path: Path) -> None:
    """Raises Unreadable when unpacking would take too much, going by what the zip says: more is never unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Unreadable(1, _BROKEN) from error
    if len(parts) > _MOST_PARTS:
        raise Unreadable(1, f"Dit rekenblad heeft {len(parts)} onderdelen; hoogstens {_MOST_PARTS} mag.")
    if any(part.flag_bits & 0x1 for part in parts):
        raise Unreadable(1, "Dit rekenblad is met een wachtwoord beveiligd: sla het zonder op.")
    if sum(part.file_size for part in parts) > _LARGEST:
        raise Unreadable(1, f"Uitgepakt is dit rekenblad groter dan {_LARGEST} bytes: deel het op, of lever CSV.")
    for part in parts:
        if part.file_size > _SMALL and part.file_size > _RATIO * max(part.compress_size, 1):
            raise Unreadable(1, f"Dit rekenblad is meer dan {_RATIO} keer zo groot uitgepakt als ingepakt.")
        if part.file_size > _LARGEST_PART and not part.filename.startswith("xl/worksheets/"):
            raise Unreadable(1, f"{excerpt(part.filename)} in dit rekenblad is groter dan {_LARGEST_PART} bytes.")
