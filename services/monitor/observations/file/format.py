"""Which format a file has, by its first bytes."""

from pathlib import Path

from .csv_file import CsvFile
from .layout import Reader, Unreadable

_GZIP = b"\x1f\x8b"
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def open_file(path: Path) -> Reader:
    """The file as rows, whatever it is called. Raises Unreadable."""
    with path.open("rb") as file:
        start = file.read(4)
    if start == _OLD_EXCEL:
        raise Unreadable(1, "Dit is een oud Excel-bestand (.xls): sla het op als .xlsx of als CSV UTF-8.")
    if start.startswith(_GZIP):
        raise Unreadable(1, "Dit bestand is ingepakt met gzip: pak het uit, en bied het zo aan.")
    if start != _ZIP:
        return CsvFile(path)
    # Who reads no workbook need not carry it.
    from .xlsx_file import XlsxFile

    return XlsxFile(path)
