"""What programs do to a file of observations on its way back to us, by name. Each takes the bytes and gives others."""

import base64
import csv
import io
import quopri
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.monitor.observations.file.layout import COLUMNS

#: Something is told, and where depends on the file.
SOMEWHERE = ("somewhere",)
_WHOLES = ("teller", "noemer", "n")
_MONTHS = {
    "nl": "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
}
_MONTH = re.compile(r"(\d\d)(\d\d)-(\d\d)")

Bytes = Callable[[bytes], bytes]
Rows = list[list[str]]


@dataclass(frozen=True)
class Damage:
    """What is done, and in which columns it is told then that something is wrong: `None` for a whole row or file. Where
    nothing is, every row is what it was."""

    do: Bytes
    told: tuple[str | None, ...] = ()
    #: Whether it does something to what people write only: an export has nothing of the kind.
    of_people: bool = False

    @property
    def unchanged(self) -> bool:
        """Whether every row is what it was."""
        return not self.told


def rows_of(content: bytes) -> tuple[Rows, str]:
    """A file as rows, however it is by now, and what stands between its columns."""
    written = content.decode("utf-8-sig", "surrogateescape")
    between = ";" if written.count(";") >= written.count(",") else ","
    return list(csv.reader(io.StringIO(written, newline=""), delimiter=between)), between


def file_of(rows: Sequence[Sequence[str]], between: str, quoting: int = csv.QUOTE_MINIMAL) -> bytes:
    """Rows as a file."""
    made = io.StringIO(newline="")
    csv.writer(made, delimiter=between, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    return made.getvalue().encode("utf-8", "surrogateescape")


def by_cell(change: Callable[[str, str], str], columns: Sequence[str] = COLUMNS) -> Bytes:
    """A change of filled cells in these columns."""

    def do(content: bytes) -> bytes:
        rows, between = rows_of(content)
        names = [name.strip().casefold() for name in rows[0]] if rows else []
        for row in rows[1:]:
            for place, text in enumerate(row):
                if text and place < len(names) and names[place] in columns:
                    row[place] = change(names[place], text)
        return file_of(rows, between)

    return do


def by_row(change: Callable[[Rows], Rows], quoting: int = csv.QUOTE_MINIMAL) -> Bytes:
    """A change of rows."""

    def do(content: bytes) -> bytes:
        rows, between = rows_of(content)
        return file_of(change(rows), between, quoting)

    return do


def by_text(change: Callable[[str], str]) -> Bytes:
    """A change of text."""
    return lambda content: change(content.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def after(mark: str, columns: Sequence[str] = COLUMNS) -> Bytes:
    """A mark after every cell."""
    return by_cell(lambda _, text: text + mark, columns)


def _blocks(rows: Rows) -> Rows:
    """Excel leaves out what is empty at the end of each 16 rows."""
    for start in range(0, len(rows), 16):
        block = rows[start : start + 16]
        last = max((place for row in block for place, text in enumerate(row, 1) if text), default=0)
        for row in block:
            del row[last:]
    return rows


def _bare(rows: Rows) -> Rows:
    for row in rows:
        while row and not row[-1]:
            row.pop()
    return rows


def _english(content: bytes) -> bytes:
    """Opened with the right separator, saved by an English Excel or Numbers: numbers are, texts are not, rewritten."""
    rows, _ = rows_of(content)
    number = re.compile(r"\d+,\d+")
    return file_of([[c.replace(",", ".") if number.fullmatch(c) else c for c in row] for row in rows], ",")


def _english_alone(content: bytes) -> bytes:
    """Opened by an English Excel by itself: it cuts at commas, and saves as many as the longest row has."""
    lines = content.decode("utf-8", "surrogateescape").splitlines()
    most = max((line.count(",") for line in lines), default=0)
    return "".join(f"{line}{',' * (most - line.count(','))}\r\n" for line in lines).encode("utf-8", "surrogateescape")


def _month(language: str) -> Bytes:
    names = _MONTHS[language].split()

    def change(_: str, text: str) -> str:
        found = _MONTH.fullmatch(text)
        return f"{names[int(found[3]) - 1]}-{found[2]}" if found and 1 <= int(found[3]) <= 12 else text

    return by_cell(change, ["periode"])


def _day(_: str, text: str) -> str:
    found = _MONTH.fullmatch(text)
    return f"01-{found[3]}-{found[1]}{found[2]}" if found else text


def _shortened(_: str, text: str) -> str:
    return (
        f"{int(text[:6]) / 100_000:.5f}E+{len(text) - 1}".replace(".", ",")
        if len(text) > 11 and text.isdecimal()
        else text
    )


def _thousands(_: str, text: str) -> str:
    return f"{int(text):,}".replace(",", ".") if text.isascii() and text.isdecimal() else text


def _wrapped(content: bytes, width: int, skip: int = 0) -> bytes:
    lines = content.decode("utf-8", "surrogateescape").splitlines()
    cut = [
        line[start : start + width] if number >= skip else line
        for number, line in enumerate(lines)
        for start in range(0, max(len(line), 1) if number >= skip else 1, width)
    ]
    return "".join(f"{line}\r\n" for line in cut).encode("utf-8", "surrogateescape")


def _foot(content: bytes) -> bytes:
    return content + b"Bron: onderzoek 2024\r\n"


def _misread(content: bytes) -> bytes:
    return content.decode("cp1252", "replace").encode()


def _windows(content: bytes) -> bytes:
    return content.decode("utf-8-sig", "replace").encode("cp1252", "replace")


def _mac(content: bytes) -> bytes:
    return content.decode("utf-8-sig", "replace").encode("mac_roman", "replace")


def _utf_16(content: bytes) -> bytes:
    rows, _ = rows_of(content)
    return file_of(rows, "\t").decode("utf-8", "replace").encode("utf-16")


def _reversed(rows: Rows) -> Rows:
    """Whole columns move, so only where every row has them all."""
    return [row[::-1] for row in rows] if all(len(row) in (0, len(COLUMNS)) for row in rows) else rows


def _spaces_between(rows: Rows) -> Rows:
    spaces = [" ", "\N{NO-BREAK SPACE}", "\t"]
    return [each for row in rows for each in (row, [*spaces, *([" "] * (len(row) - 3))])]


def _quoted_printable(content: bytes) -> bytes:
    return quopri.encodestring(content)


#: Those that leave a whole file: what follows them meets a file again.
DAMAGES: dict[str, Damage] = {
    "Excel leaves out empty fields at the end of 16 rows": Damage(by_row(_blocks)),
    "empty fields at the end of each row left out": Damage(by_row(_bare)),
    "Excel adds empty columns": Damage(by_row(lambda rows: [[*row, "", ""] for row in rows])),
    "Excel adds empty columns to some rows": Damage(
        by_row(lambda rows: [[*r, *[""] * (n % 3)] for n, r in enumerate(rows)])
    ),
    "Dutch Excel makes dates of months": Damage(_month("nl"), ("periode",)),
    "English Excel makes dates of months": Damage(_month("en"), ("periode",)),
    "Excel turns dates around": Damage(by_cell(_day, ["periode"]), ("periode",)),
    "Excel shortens long numbers": Damage(by_cell(_shortened, _WHOLES), ("teller",)),
    "Excel shows no number in a narrow column": Damage(by_cell(lambda *_: "####", ["n"]), ("n",)),
    "Excel sets points between thousands": Damage(by_cell(_thousands, _WHOLES), _WHOLES),
    "Excel adds a percent sign": Damage(by_cell(lambda _, text: text + "%", ["waarde"]), ("waarde",)),
    "Excel keeps an apostrophe": Damage(by_cell(lambda _, text: "'" + text, ["n"]), ("n",)),
    "English Excel takes a decimal comma for thousands": Damage(
        by_cell(lambda _, text: text.replace(",", ""), ["waarde"]), ("waarde",)
    ),
    "English Excel saves": Damage(_english, ("waarde",)),
    "English Excel opens it by itself": Damage(_english_alone, (None,)),
    "Excel for Mac ends lines with CR": Damage(lambda content: content.replace(b"\r\n", b"\r")),
    "Excel drops noughts behind the comma": Damage(
        by_cell(lambda _, text: text.rstrip("0").rstrip(",") if "," in text else text, ["waarde"]), of_people=True
    ),
    "Excel drops noughts at the start": Damage(by_cell(lambda _, text: text.lstrip("0") or "0", ["n"]), of_people=True),
    "Excel saves text with tabs": Damage(_utf_16, (None,)),
    "a first line sep=;": Damage(lambda content: b"sep=;\r\n" + content),
    "LibreOffice saves the first line sep=; as a row": Damage(
        lambda content: b"\xef\xbb\xbfsep=;;;;;;;;;;;;;\r\n" + content
    ),
    "headings with capitals": Damage(by_row(lambda rows: [[name.title() for name in rows[0]], *rows[1:]])),
    "all in capitals": Damage(by_text(str.upper)),
    "all in small letters": Damage(by_text(str.lower)),
    "LibreOffice quotes every field": Damage(by_row(lambda rows: rows, csv.QUOTE_ALL)),
    "LibreOffice ends lines with LF": Damage(lambda content: content.replace(b"\r\n", b"\n")),
    "columns in another order": Damage(by_row(_reversed)),
    "saved as Windows-1252": Damage(_windows, of_people=True),
    "UTF-8 read as Windows-1252 and saved": Damage(_misread, ("bron",), of_people=True),
    "saved as Mac Roman": Damage(_mac, ("bron",), of_people=True),
    "macOS takes letters and accents apart": Damage(
        by_text(lambda text: unicodedata.normalize("NFD", text)), of_people=True
    ),
    "accents lost": Damage(by_text(lambda text: text.replace("ê", "e")), of_people=True),
    "a gateway writes ? for letters": Damage(by_text(lambda text: text.replace("ê", "?")), ("bron",), of_people=True),
    "a byte order mark added": Damage(lambda content: b"\xef\xbb\xbf" + content),
    "a byte order mark added twice": Damage(lambda content: b"\xef\xbb\xbf" * 2 + content),
    "^Z at the end": Damage(lambda content: content + b"\x1a"),
    "NUL at the end": Damage(lambda content: content + b"\x00\x00"),
    "blank lines between": Damage(lambda content: content.replace(b"\r\n", b"\r\r\n")),
    "blank lines before and after": Damage(lambda content: b"\r\n \r\n" + content + b"\r\n\r\n"),
    "rows of spaces between": Damage(by_row(_spaces_between)),
    "no line end at the end": Damage(lambda content: content.rstrip(b"\r\n")),
    **{
        f"{name} after every cell": Damage(after(mark))
        for name, mark in {
            "a space": " ",
            "a no-break space": "\N{NO-BREAK SPACE}",
            "a narrow no-break space": "\N{NARROW NO-BREAK SPACE}",
            "a tab": "\t",
            "a line break": "\n",
            "a zero-width space": "\N{ZERO WIDTH SPACE}",
            "a next line": "\x85",
        }.items()
    },
    "spaces before every cell": Damage(by_cell(lambda _, text: "  " + text)),
    "a double space": Damage(by_cell(lambda _, text: f" {text}  ", ["bron", "methode"])),
    "a soft hyphen in a word": Damage(by_cell(lambda _, text: text[:3] + "\N{SOFT HYPHEN}" + text[3:], ["bron"])),
    "a dash for a hyphen": Damage(by_cell(lambda _, text: text.replace("-", "–"), ["periode"]), ("periode",)),
    "digits of full width": Damage(
        by_cell(lambda _, text: "".join(chr(ord(c) + 0xFEE0) if c.isdecimal() else c for c in text), ["n"]), ("n",)
    ),
    "a line under the rows": Damage(_foot, (None,)),
    "lines wrapped at 76": Damage(lambda content: _wrapped(content, 76), (None,)),
    "rows wrapped at 40": Damage(lambda content: _wrapped(content, 40, 1), SOMEWHERE),
    "rows wrapped at 52": Damage(lambda content: _wrapped(content, 52, 1), SOMEWHERE),
    "e-mail leaves it quoted-printable": Damage(_quoted_printable, (None,)),
    "e-mail leaves it base64": Damage(base64.encodebytes, (None,)),
    "entities for marks": Damage(by_text(lambda text: text.replace("<", "&lt;")), SOMEWHERE),
    "tabs between": Damage(by_text(lambda text: text.replace(";", "\t")), (None,)),
}
#: That end a file for good: whatever is saved after it is another file.
CUTS: dict[str, Damage] = {
    "cut off in the last row": Damage(lambda content: content[: content.rindex(b";;")], (None,)),
    "cut off in the header": Damage(lambda content: content[:30], (None,)),
}
