"""A CSV file as rows of text: streamed, UTF-8, one line never larger than a bound."""

import csv
import io
from collections.abc import Iterator
from functools import partial
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from .layout import Broken, FileRow, Unreadable, order

_LONGEST_LINE = 65_536
_QUOTES = "De aanhalingstekens kloppen niet: om een veld horen er twee, en in een veld staan ze dubbel."
_BYTE_ORDER_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


class CsvFile:
    """An open CSV file. What stands between the columns of the header says what stands before decimals.

    Bytes that are not UTF-8 come through as lone surrogates: whoever reads the text says where they are.
    """

    piece = 500

    def __init__(self, path: Path) -> None:
        """Open a file and read its header. Raises Unreadable."""
        self.size = path.stat().st_size
        self._raw: IO[bytes] = path.open("rb")
        self._text: io.TextIOWrapper | None = None
        try:
            start = self._raw.read(4)
            if not start:
                raise Unreadable(1, "Het bestand is leeg: de eerste regel hoort de kolommen te noemen.")
            for mark, name in _BYTE_ORDER_MARKS.items():
                if start.startswith(mark):
                    raise Unreadable(1, f"Dit bestand is {name}: sla het op als UTF-8.")
            self._raw.seek(0)
            self._text = io.TextIOWrapper(self._raw, encoding="utf-8-sig", errors="surrogateescape", newline="")
            self._lines = self._bounded(self._text)
            first = next(self._lines, "")
            between = ";" if ";" in first else ","
            self.mark = "," if between == ";" else "."
            self.because = (
                "dit bestand heeft puntkomma's tussen de kolommen"
                if between == ";"
                else "dit bestand heeft komma's tussen de kolommen"
            )
            header = next(csv.reader([first], delimiter=between), [])
            if not any(name.strip() for name in header):
                raise Unreadable(1, "De eerste regel is leeg: hij hoort de kolommen te noemen.")
            self._between = between
            self._order = order(header)
            self._width = len(header)
        except BaseException:
            self._close()
            raise

    @property
    def position(self) -> int:
        """Bytes read."""
        return min(self._raw.tell(), self.size) if not self._raw.closed else self.size

    def place(self, line: int, column: str | None) -> str | None:  # noqa: ARG002
        """Text has no addresses."""
        return None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def _close(self) -> None:
        if self._text is not None:
            self._text.close()
        self._raw.close()

    def __iter__(self) -> Iterator[tuple[int, FileRow | Broken]]:
        """Rows that are not empty, each with the line it begins on."""
        rows = csv.reader(self._lines, delimiter=self._between, strict=True)
        as_is = self._order == list(range(self._width))
        pick = itemgetter(*self._order)
        width = self._width
        line = 2
        while True:
            try:
                for row in rows:
                    if len(row) != width:
                        if any(row):
                            yield line, self._count(row)
                    elif row[0] or any(row):
                        yield line, row if as_is else pick(row)
                    line = rows.line_num + 2
                return
            except csv.Error:
                yield line, Broken(((None, None, _QUOTES),))
                line = rows.line_num + 2

    def _count(self, row: FileRow) -> Broken:
        hint = ""
        if len(row) > self._width:
            hint = (
                " Staat er een puntkomma in een tekst? Zet die tussen aanhalingstekens."
                if self._between == ";"
                else " Staat er een komma in een getal? Schrijf dan een punt."
            )
        reason = f"Deze regel heeft {len(row)} velden; de eerste regel noemt er {self._width}.{hint}"
        return Broken(((None, None, reason),))

    @staticmethod
    def _bounded(text: io.TextIOWrapper) -> Iterator[str]:
        for number, line in enumerate(iter(partial(text.readline, _LONGEST_LINE), ""), 1):
            if len(line) == _LONGEST_LINE and not line.endswith(("\n", "\r")):
                raise Unreadable(number, f"Deze regel is langer dan {_LONGEST_LINE} tekens: dit is geen CSV.")
            yield line
