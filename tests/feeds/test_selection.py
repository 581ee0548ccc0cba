"""Which part of the feed a reader asks for."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.feeds.domain import KINDS, PUBLIC, Selection, tags_of
from services.feeds.pages import MEANINGS
from shared.contracts import CONTRACTS, TOPICS

HELD = "nl.veerkracht.dialogue.held.v1"
PLANNED = "nl.veerkracht.dialogue.planned.v1"
DRAWN = "nl.veerkracht.lesson.drawn.v1"
COMMUNITY = "urn:nld:oin:00000099000000001000:systeem:community"
HELMOND = tags_of(COMMUNITY, HELD, "dialogue/helmond")


def one(*values: str) -> frozenset[str]:
    return frozenset(values)


def test_nothing_asked_is_everything() -> None:
    assert not Selection()
    assert Selection().accepts(HELMOND)
    assert Selection().whole_types() == list(PUBLIC)


@pytest.mark.parametrize(
    ("selection", "accepted"),
    [
        (Selection(types=one(HELD)), True),
        (Selection(types=one(HELD, DRAWN)), True),
        (Selection(types=one(DRAWN)), False),
        (Selection(subjects=one("dialogue/helmond")), True),
        (Selection(subjects=one("dialogue/helmond-2")), False),
        (Selection(subjects=one("dialogue/helm")), False),
        (Selection(subjects=one("dialogue/")), True),
        (Selection(subjects=one("initiative/", "dialogue/helmond")), True),
        (Selection(subjects=one("initiative/")), False),
        (Selection(sources=one(COMMUNITY)), True),
        (Selection(sources=one(COMMUNITY[:-1])), False),
        (Selection(types=one(HELD), subjects=one("initiative/")), False),
        (Selection(types=one(HELD), subjects=one("dialogue/"), sources=one(COMMUNITY)), True),
    ],
)
def test_every_part_must_fit_with_any_of_its_values(selection: Selection, accepted: bool) -> None:
    assert selection.accepts(HELMOND) is accepted


def test_a_kind_stands_for_its_types_and_an_id_for_one_subject() -> None:
    selection = Selection(types=one(HELD, DRAWN), subjects=one("dialogue/", "initiative/sociale-stad"))
    assert selection.whole_types() == [HELD]
    assert selection.single_subjects() == ["initiative/sociale-stad"]
    assert selection.allowed_types() == [HELD, DRAWN]


subjects = st.sampled_from([f"{kind}/" for kind in KINDS] + [f"{kind}/x" for kind in KINDS])


@given(
    st.frozensets(st.sampled_from(sorted(PUBLIC)), max_size=3),
    st.frozensets(subjects, max_size=3),
    st.sampled_from(sorted(PUBLIC)),
    st.sampled_from(["x", "y"]),
)
def test_a_page_and_the_stream_select_the_same(
    types: frozenset[str], asked: frozenset[str], type_: str, name: str
) -> None:
    selection = Selection(types, asked)
    subject = f"{PUBLIC[type_].kind}/{name}"
    by_type = type_ in selection.whole_types()
    by_subject = subject in selection.single_subjects() and type_ in selection.allowed_types()
    assert selection.accepts(tags_of(COMMUNITY, type_, subject)) is (by_type or by_subject)


def test_internal_types_are_not_offered() -> None:
    internal = {name for name, contract in CONTRACTS.items() if not TOPICS[contract.topic].public}
    assert internal
    assert not internal & PUBLIC.keys()


def test_the_page_explains_every_public_type_in_dutch() -> None:
    assert MEANINGS.keys() == PUBLIC.keys()


def test_every_public_type_has_a_description() -> None:
    assert all(contract.__doc__ and "Contract" not in contract.__doc__ for contract in PUBLIC.values())


def test_this_service_has_no_outgoing_events() -> None:
    """Feeds pass on what others say: nothing here may append to an outbox."""
    folder = Path(__file__).parents[2] / "services" / "feeds"
    assert all("outbox" not in path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
