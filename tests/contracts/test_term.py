"""A word list: English to machines, Dutch to people."""

import msgspec
import pytest

from shared.contracts.term import Term
from shared.contracts.vocabulary import Phase, SourceKind


def test_a_word_is_its_english_to_machines() -> None:
    assert f"{Phase.RUNNING}" == Phase.RUNNING.value == "running"
    assert Phase("running") is Phase.RUNNING
    assert msgspec.json.encode(Phase.RUNNING) == b'"running"'


def test_a_word_is_dutch_to_people_within_a_sentence_and_by_itself() -> None:
    assert (Phase.RUNNING.dutch, Phase.RUNNING.label) == ("uitvoering", "Uitvoering")
    assert (SourceKind.GGD.dutch, SourceKind.GGD.label) == ("GGD", "GGD")


def test_a_list_has_a_name_and_a_meaning_which_is_its_docstring_when_it_has_one() -> None:
    class Colour(Term, dutch="kleur", meaning="What one sees."):
        RED = "red", "rood"

    assert (Colour.list_name, Colour.list_meaning) == ("kleur", "What one sees.")
    assert SourceKind.list_meaning == "Where a figure comes from. Figures of different kinds are never mixed."


def test_a_word_without_dutch_is_refused() -> None:
    with pytest.raises(TypeError, match="blue"):

        class Colour(Term, dutch="kleur"):
            BLUE = "blue"
