"""In which encoding a file of text is: UTF-8, or wholly what Excel calls CSV without more, Windows-1252."""

import codecs
import re
from typing import IO

from .layout import Unreadable

UTF_8, WINDOWS_1252 = "utf-8", "windows-1252"

_PIECE = 1_048_576
_UTF_16 = "Dit bestand is UTF-16: sla het op als UTF-8."
_LONE = re.compile("[\udc80-\udcff]")
_PROPER = re.compile("[^\x00-\x7f\udc80-\udcff]")


def encoding_of(file: IO[bytes]) -> str:
    """How to read an open file, from where it is: Windows-1252 when it is not UTF-8 and nothing in it is.

    A file that is both is read as UTF-8, so that each wrong place is told. Raises Unreadable.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    proper = lone = begun = False
    while piece := file.read(_PIECE):
        if not begun and (piece.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\x00" in piece[:4]):
            raise Unreadable(1, _UTF_16)
        text = decoder.decode(piece)
        if not begun:
            text, begun = text.lstrip("\ufeff"), True
        if not text.isascii():
            lone = lone or _LONE.search(text) is not None
            proper = proper or _PROPER.search(text) is not None
    lone = lone or bool(decoder.decode(b"", final=True))
    return WINDOWS_1252 if lone and not proper else UTF_8
