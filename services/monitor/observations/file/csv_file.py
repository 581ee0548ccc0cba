"""A CSV file as rows of text: streamed, one line never larger than a bound.

It is read as people and their programs make it: see docs/observations.md for what is the same row, and what is not.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from functools import partial
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from .encoding import UTF_8, encoding_of
from .layout import COLUMNS, KEYS, Broken, FileRow, Unreadable, order
from .texts import blank, plain

_LONGEST_LINE = 65_536
#: Characters after which others get a turn, whatever stands in them.
_TURN = 262_144
_WIDTH = len(COLUMNS)
_ENDS = ("\n", "\r")
_EMPTY = "Het bestand is leeg: de eerste regel hoort de kolommen te noemen."
_NO_HEADER = "De eerste regel is leeg: hij hoort de kolommen te noemen."
_QUOTES = "De aanhalingstekens kloppen niet: om een veld horen er twee, en in een veld staan ze dubbel."
_HALF = "Deze regel is in tweeën gebroken: er staat een regeleinde midden in. Zet hem weer op één regel."
_CUT_OFF = "De laatste regel houdt op voor de laatste kolom: is het bestand wel helemaal overgekomen?"
_TABS = "Tussen de kolommen staan tabs: sla het op als CSV, met puntkomma's of komma's."
_BETWEEN = {";": ("puntkomma's", ","), ",": ("komma's", ".")}
_SEPARATOR = re.compile(r"sep=([;,]*)", re.IGNORECASE)
#: What the rest of figures looks like that were broken off.
_REST = re.compile(r"[\d.,|<>]+", re.ASCII)


class CsvFile:
    """An open CSV file. What stands between the columns of the header says what stands before decimals.

    Bytes that are in no encoding come through as lone surrogates: whoever reads the text says where they are.
    """

    piece = 500

    def __init__(self, path: Path) -> None:
        """Open a file and read its header. Raises Unreadable."""
        self.size = path.stat().st_size
        self._raw: IO[bytes] = path.open("rb")
        self._text: io.TextIOWrapper | None = None
        self._last = ""
        self._since_turn = 0
        try:
            if not self.size:
                raise Unreadable(1, _EMPTY)
            self.encoding: str | None = encoding_of(self._raw)
            self._raw.seek(0)
            codec = "utf-8" if self.encoding == UTF_8 else "cp1252"
            self._text = io.TextIOWrapper(self._raw, encoding=codec, errors="surrogateescape", newline="")
            self._lines = self._bounded(self._text)
            self._first, header = self._header()
            self._order = order(header, self._first)
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

    def __iter__(self) -> Iterator[tuple[int, FileRow | Broken] | None]:
        """Rows that are not empty, each with the line it begins on; None after so much text."""
        rows = csv.reader(self._lines, delimiter=self._between, strict=True)
        as_is = self._order == list(range(_WIDTH))
        pick = itemgetter(*self._order)
        # One row is held back: the next may be its other half.
        held: tuple[int, FileRow | Broken] | None = None
        before: Sequence[str] = ()
        line = self._first + 1
        while True:
            try:
                for row in rows:
                    if len(row) == _WIDTH and row[0][:1].isalnum():
                        if held is not None:
                            yield held
                        held = line, row if as_is else pick(row)
                        before = row
                    elif not blank(row):
                        half = held is not None and _is_rest(row) and _filled(before) + _filled(row) - 1 <= _WIDTH
                        if held is not None:
                            yield (held[0], _broken(_HALF)) if half else held
                        held = line, _broken(_HALF) if half else self._odd(row)
                        before = row
                    line = rows.line_num + self._first + 1
                    if self._since_turn > _TURN:
                        self._since_turn = 0
                        yield None
                break
            except csv.Error:
                if held is not None:
                    yield held
                held = line, _broken(_QUOTES)
                before = (_QUOTES,) * _WIDTH
                line = rows.line_num + self._first + 1
        if held is not None:
            yield held

    def _odd(self, row: Sequence[str]) -> FileRow | Broken:
        """A row with more fields than the header, or less: Excel leaves out empty ones at the end, and adds some."""
        count = len(row)
        if not blank(row[_WIDTH:]):
            return _broken(self._count(count))
        if count < _WIDTH:
            if count <= max(self._order[:KEYS]):
                return _broken(self._count(count))
            if not self._last.endswith(_ENDS):
                return _broken(_CUT_OFF)
            row = [*row, *("",) * (_WIDTH - count)]
        return [row[place] for place in self._order]

    def _count(self, count: int) -> str:
        hint = ""
        if count > _WIDTH:
            hint = (
                " Staat er een puntkomma in een tekst? Zet die tussen aanhalingstekens."
                if self._between == ";"
                else " Staat er een komma in een getal? Schrijf dan een punt."
            )
        return f"Deze regel heeft {count} velden; de eerste regel noemt er {_WIDTH}.{hint}"

    def _header(self) -> tuple[int, list[str]]:
        """The line that the columns are named on, and their names; sets what stands between."""
        separator = ""
        for number, line in enumerate(self._lines, 1):
            if said := _SEPARATOR.fullmatch(plain(line).replace('"', "")):
                separator = said[1][:1]
                continue
            between = separator or (";" if ";" in line else ",")
            if not separator and "\t" in line.strip() and between not in line:
                raise Unreadable(number, _TABS)
            names = [plain(name) for name in next(csv.reader([line], delimiter=between), [])]
            while names and not names[-1]:
                names.pop()
            if names:
                word, self.mark = _BETWEEN[between]
                self._between, self.because = between, f"dit bestand heeft {word} tussen de kolommen"
                return number, names
        raise Unreadable(1, _NO_HEADER)

    def _bounded(self, text: io.TextIOWrapper) -> Iterator[str]:
        """Lines; the first without byte order marks, of which a careless program adds one more."""
        yield text.readline(_LONGEST_LINE).lstrip("\ufeff")
        for number, line in enumerate(iter(partial(text.readline, _LONGEST_LINE), ""), 2):
            self._last = line
            self._since_turn += len(line)
            if len(line) == _LONGEST_LINE and not line.endswith(_ENDS):
                raise Unreadable(number, f"Deze regel is langer dan {_LONGEST_LINE} tekens: dit is geen CSV.")
            yield line


def _broken(reason: str) -> Broken:
    return Broken(((None, None, reason),))


def _filled(row: Sequence[str]) -> int:
    """How many fields there are up to the last that is filled."""
    return max((place for place, text in enumerate(row, 1) if plain(text)), default=0)


def _is_rest(row: Sequence[str]) -> bool:
    """Whether this is what stands behind a line break that came into the figures of a row."""
    return all(_REST.fullmatch(text) for text in map(plain, row) if text)
