"""A cell is read as it is meant, and a code found however it is written, unless two would be meant."""

import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.monitor.observations.file.encoding import UTF_8, WINDOWS_1252, encoding_of
from services.monitor.observations.file.texts import Codes, blank, folded, misread, plain


@given(st.text())
def test_plain_once_is_plain_for_good(text: str) -> None:
    once = plain(text)
    assert plain(once) == once
    assert plain(f"\ufeff {text}\u202f\x1a") == once
    assert plain(unicodedata.normalize("NFD", text)) == plain(unicodedata.normalize("NFC", text))


@given(st.text(alphabet=st.characters(categories=["Cc", "Cf", "Zs", "Zl", "Zp"])))
def test_what_nobody_sees_is_nothing(text: str) -> None:
    assert blank([text, ""])
    assert not blank([text, f"{text}x"])


def test_a_code_is_found_unless_another_differs_only_in_case() -> None:
    codes = Codes(("GM0794", "wijk-a", "Wijk-A", "enquete"))
    assert [codes.find(text) for text in ("gm0794", "ENQUÊTE", "wijk-a", "Wijk-A", "WIJK-A", "GM079", "")] == [
        *("GM0794", "enquete", "wijk-a", "Wijk-A", None, None, None)
    ]
    assert folded("Enque\N{COMBINING CIRCUMFLEX ACCENT}te ") == "enquete"


@pytest.mark.parametrize("text", ["enquête", "één", "‘Élan’", "€ 5", "Šibenik", "Áron"])
def test_what_was_misread_is_known_by_what_stood_there(text: str) -> None:
    wrong = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode())
    assert wrong != text
    assert misread(wrong) == text
    assert misread(text) is None


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"enquete", UTF_8),
        ("enquête".encode(), UTF_8),
        (b"\xef\xbb\xbfenquete", UTF_8),
        ("enquête".encode("cp1252"), WINDOWS_1252),
        (b"\xef\xbb\xbfenqu\xeate", WINDOWS_1252),
        ("enquête".encode() + b" \xea", UTF_8),
        (b"x" * 1_048_575 + "ê".encode(), UTF_8),
        (b"x" * 1_048_575 + b"\xea", WINDOWS_1252),
    ],
    ids=["ascii", "UTF-8", "with a mark", "Windows-1252", "a mark before it", "both", "over two pieces", "at an end"],
)
def test_a_file_is_in_one_encoding(content: bytes, encoding: str) -> None:
    assert encoding_of(io.BytesIO(content)) == encoding


def test_accents_without_end_are_left_as_they_are() -> None:
    """To put them in order takes forever: the test would not end."""
    long = "e" + "\N{COMBINING CIRCUMFLEX ACCENT}\N{COMBINING CEDILLA}" * 60_000
    assert plain(long) == folded(long) == long
    assert Codes(("e",)).find(long) is None
