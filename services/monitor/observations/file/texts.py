"""The texts of cells as they are meant: what programs put in and leave out unseen makes no other row.

Not shared/text.py, which says what may be kept: a cell is looked up or read, and never kept.
"""

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable

#: What nobody sees at the end of a cell: spaces, and controls such as a NUL and the ^Z of an old editor.
_ENDS = "".join(
    letter for letter in map(chr, range(0x3001)) if letter.isspace() or unicodedata.category(letter) == "Cc"
)
#: No cell that is right has as much beside ASCII; putting accents without end in order takes forever.
_LONGEST = 300


def plain(text: str) -> str:
    """A text composed, without what is invisible, with one space for every white space, and none at its ends."""
    if text.isascii():
        return text if text.isalnum() else " ".join(text.strip(_ENDS).split())
    if len(text) > _LONGEST:
        return text
    seen = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    return unicodedata.normalize("NFC", " ".join(seen.strip(_ENDS).split()))


def blank(cells: Iterable[str]) -> bool:
    """Whether nothing stands in cells."""
    # A program leaves many without anything: those cost no look at each.
    return not any(map(plain, filter(None, cells)))


def folded(text: str) -> str:
    """What codes are found by: without case and accents. A code is plain ASCII, so each way to write it comes to it."""
    text = plain(text).casefold()
    if text.isascii() or len(text) > _LONGEST:
        return text
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


class Codes:
    """Codes of a register by how people write them."""

    def __init__(self, codes: Collection[str]) -> None:
        self._codes = codes
        self._folded: dict[str, str] | None = None

    def find(self, text: str) -> str | None:
        """The code that a plain text is; of codes that only differ in case none but as it is written."""
        if text in self._codes:
            return text
        if self._folded is None:
            every = [(folded(code), code) for code in self._codes]
            once = Counter(key for key, _ in every)
            self._folded = {key: code for key, code in every if once[key] == 1}
        return self._folded.get(folded(text))


def misread(text: str) -> str | None:
    """What stood there, of UTF-8 that was read as Windows-1252 and saved again (`enquÃªte`); None of other texts."""
    if text.isascii():
        return None
    try:
        meant = b"".join(map(_byte, text)).decode("utf-8")
    except UnicodeError:
        return None
    return meant


def _byte(letter: str) -> bytes:
    try:
        return letter.encode("cp1252")
    except UnicodeEncodeError:
        # The five bytes that Windows-1252 leaves open are read as controls.
        return letter.encode("latin-1")
