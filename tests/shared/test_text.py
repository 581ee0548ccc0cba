"""What people write is kept composed, trimmed and visible; what a reader cannot see is refused, with its place."""

import unicodedata

import pytest

from shared.text import LONGEST_NAME, UnfitText, clean_name, clean_text

NBSP, NARROW, TAB = "\u00a0", "\u202f", "\t"
COMPOSED, DECOMPOSED = "enqu\u00eate", "enque\u0302te"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Den Bosch", "Den Bosch"),
        ("  Den   Bosch ", "Den Bosch"),
        (f"Den{NBSP}Bosch", "Den Bosch"),
        (f"{TAB}Den{NARROW}{TAB}Bosch{NBSP}", "Den Bosch"),
        (DECOMPOSED, COMPOSED),
        (COMPOSED, COMPOSED),
        ("'s-Hertogenbosch", "'s-Hertogenbosch"),
        ("\N{WOMAN}\u200d\N{STAFF OF AESCULAPIUS}\ufe0f", "\N{WOMAN}\u200d\N{STAFF OF AESCULAPIUS}\ufe0f"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
    ],
)
def test_a_name_is_kept_as_everyone_writes_it(given: str, kept: str) -> None:
    assert clean_name(given) == kept
    assert clean_name(kept) == kept


#: What is never in a name, and what is said of it.
HOSTILE = {
    "": "niets dat te zien is",
    "   ": "niets dat te zien is",
    NBSP: "niets dat te zien is",
    "\u0301\u0302": "niets dat te zien is",
    "\u200b": "teken 1 (U+200B) is een onzichtbaar teken",
    "Den\u200bBosch": "teken 4 (U+200B) is een onzichtbaar teken",
    "Den\u00adBosch": "teken 4 (U+00AD) is een onzichtbaar teken",
    "\ufeffDen Bosch": "teken 1 (U+FEFF) is een onzichtbaar teken",
    "\u3164": "teken 1 (U+3164) is een onzichtbaar teken",
    "Den\u0085": "teken 4 (U+0085) is een regeleinde",
    "Den\nBosch": "teken 4 (U+000A) is een regeleinde",
    "Den\u2028Bosch": "teken 4 (U+2028) is een regeleinde",
    "Den\u2029Bosch": "teken 4 (U+2029) is een regeleinde",
    "\u202ehcsoB": "teken 1 (U+202E) is een onzichtbaar teken dat de leesrichting verandert",
    "a\u2066b": "teken 2 (U+2066) is een onzichtbaar teken dat de leesrichting verandert",
    "a\u200eb": "teken 2 (U+200E) is een onzichtbaar teken dat de leesrichting verandert",
    "a\0b": "teken 2 (U+0000) is een stuurteken",
    "a\x1b[31m": "teken 2 (U+001B) is een stuurteken",
    "a\x9b": "teken 2 (U+009B) is een stuurteken",
    "a\ud800": "teken 2 (U+D800) is een half teken",
    "a\ufffdb": "teken 2 (U+FFFD) is het teken voor een letter die verloren ging",
    "a\ufffe": "teken 2 (U+FFFE) is geen teken dat ieder hetzelfde ziet",
    "a\ue000": "teken 2 (U+E000) is geen teken dat ieder hetzelfde ziet",
    "a \u200db": "teken 3 (U+200D) is een onzichtbaar teken dat niets verbindt",
    "\u200d": "teken 1 (U+200D) is een onzichtbaar teken dat niets verbindt",
    "a" * (LONGEST_NAME + 1): "hoogstens 200 tekens; het zijn er 201",
}


@pytest.mark.parametrize("given", HOSTILE, ids=ascii)
def test_a_name_without_what_can_be_seen_or_with_what_cannot_is_refused(given: str) -> None:
    with pytest.raises(UnfitText) as refused:
        clean_name(given)
    assert HOSTILE[given] in str(refused.value)


def test_a_text_has_lines_and_else_what_a_name_has() -> None:
    assert clean_text(" een\r\ntwee\rdrie\n\n  vier \n") == "een\ntwee\ndrie\n\n  vier"
    assert clean_text(f"{DECOMPOSED}\n€{NBSP}5") == f"{COMPOSED}\n€{NBSP}5"
    for given, why in HOSTILE.items():
        if "\n" not in given and len(given) < LONGEST_NAME:
            with pytest.raises(UnfitText) as refused:
                clean_text(given)
            assert why in str(refused.value)


def test_nothing_that_is_kept_is_invisible_or_moves_what_is_beside_it() -> None:
    every = (chr(code) for code in range(0x110000))
    kept = [character for character in every if _is_kept(f"a{character}a")]
    # A tab becomes a space, and these join what stands beside them.
    assert {one for one in kept if unicodedata.category(one)[0] == "C"} == set("\t\u200c\u200d")
    assert {one for one in kept if unicodedata.category(one)[0] == "Z"} == {
        one for one in kept if unicodedata.category(one) == "Zs"
    }
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(kept)


def _is_kept(text: str) -> bool:
    try:
        clean_name(text)
    except UnfitText:
        return False
    return True


def test_accents_without_end_are_refused_before_they_are_put_in_order() -> None:
    with pytest.raises(UnfitText, match="hoogstens 200 tekens"):
        clean_name("a" + "\u0301\u0323" * 500_000)
