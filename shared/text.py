"""What a text is: composed, trimmed, with something to see, and without what a reader cannot see.

One rule for everything that is written by people, whether it comes in a body, an address, a form or a file.
"""

import re
import unicodedata

#: A name: the title of a thing, a place, a source.
LONGEST_NAME = 200
#: A text of some paragraphs.
LONGEST_TEXT = 4000
#: So much longer a text may come in than it is kept: spaces and decomposed letters go.
_SLACK = 4

_ZERO_WIDTH_JOINERS = "\u200c\u200d"
_VARIATION_SELECTORS = "\ufe0e\ufe0f"
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LINE_BREAKS = frozenset("\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029")
#: Letters, marks and signs by their category, but nothing to see.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
_LOST = "\ufffd"
_SPACES = re.compile(r"\s+")


class UnfitText(ValueError):
    """A text that is none: the message is a Dutch sentence that says what, at which character, and what was expected.

    Seen by: who sent it, beside its field. Ends: the request, or the row of a file.
    """


def clean_name(text: str, longest: int = LONGEST_NAME) -> str:
    """One line, as it is kept: composed (NFC), every kind of space a plain one, none twice or at an end.

    Tabs and spaces that do not break are spaces, as they come from a table or an editor. Raises UnfitText.
    """
    if not (text.isascii() and text.isprintable()):
        _require_not_too_long(text, longest)
        _require_fit(text, allowed="\t", expected="één regel gewone tekst")
        text = unicodedata.normalize("NFC", text)
    return _require_something(_SPACES.sub(" ", text).strip(" "), longest)


def clean_text(text: str, longest: int = LONGEST_TEXT) -> str:
    """Text of some lines, as it is kept: composed (NFC), lines end in a line feed, no space at either end.

    Raises UnfitText.
    """
    if not (text.isascii() and text.isprintable()):
        _require_not_too_long(text, longest)
        _require_fit(text, allowed="\t\n\r", expected="gewone tekst")
        text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _require_something(text.strip(), longest)


def _require_not_too_long(text: str, longest: int) -> None:
    # Before composing: that takes long for a long text of nothing but accents.
    if len(text) > _SLACK * longest:
        raise UnfitText(f"hoogstens {longest} tekens; het zijn er {len(text)}")


def _require_something(text: str, longest: int) -> str:
    if len(text) > longest:
        raise UnfitText(f"hoogstens {longest} tekens; het zijn er {len(text)}")
    if not any(unicodedata.category(character)[0] in "LNPS" for character in text):
        raise UnfitText("hier staat niets dat te zien is: hier hoort tekst")
    return text


def _require_fit(text: str, allowed: str, expected: str) -> None:
    for place, character in enumerate(text):
        if (wrong := _wrong(text, place, character, allowed)) is not None:
            raise UnfitText(f"teken {place + 1} (U+{ord(character):04X}) is {wrong}: hier hoort {expected}")


def _wrong(text: str, place: int, character: str, allowed: str) -> str | None:
    """What is wrong with a character, in Dutch; None when it is fit."""
    if character in allowed:
        return None
    if character in _ZERO_WIDTH_JOINERS:
        joins = _visible(text[place - 1 : place]) and _visible(text[place + 1 : place + 2])
        return None if joins else "een onzichtbaar teken dat niets verbindt"
    if character in _VARIATION_SELECTORS:
        return None if _visible(text[place - 1 : place]) else "een onzichtbaar teken"
    if character in _LINE_BREAKS:
        return "een regeleinde"
    if character in _BIDI:
        return "een onzichtbaar teken dat de leesrichting verandert"
    if character in _BLANKS:
        return "een onzichtbaar teken"
    if character == _LOST:
        return "het teken voor een letter die verloren ging"
    match unicodedata.category(character):
        case "Cc":
            return "een stuurteken"
        case "Cf":
            return "een onzichtbaar teken"
        case "Cs":
            return "een half teken"
        case "Co" | "Cn":
            return "geen teken dat ieder hetzelfde ziet"
        case _:
            return None


def _visible(character: str) -> bool:
    """Whether something is seen of it: a letter, figure or sign, or an accent on one."""
    return (
        bool(character)
        and character not in _BLANKS
        and (character in _VARIATION_SELECTORS or unicodedata.category(character)[0] in "LMNPS")
    )
