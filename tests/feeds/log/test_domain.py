"""Which part of the feed a reader asks for."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.feeds.log.domain import KINDS, PUBLIC, EventFilter, tags_of
from shared.contracts import CONTRACTS, TOPICS

HELD = "nl.veerkracht.dialogue.held.v1"
PLANNED = "nl.veerkracht.dialogue.planned.v1"
DRAWN = "nl.veerkracht.lesson.drawn.v1"
COMMUNITY = "urn:nld:oin:00000099000000001000:systeem:community"
HELMOND = tags_of(COMMUNITY, HELD, "dialogue/helmond")


def one(*values: str) -> frozenset[str]:
    return frozenset(values)


def test_nothing_asked_is_everything() -> None:
    assert not EventFilter()
    assert EventFilter().accepts(HELMOND)
    assert EventFilter().whole_types() == list(PUBLIC)


@pytest.mark.parametrize(
    ("wanted", "accepted"),
    [
        (EventFilter(types=one(HELD)), True),
        (EventFilter(types=one(HELD, DRAWN)), True),
        (EventFilter(types=one(DRAWN)), False),
        (EventFilter(subjects=one("dialogue/helmond")), True),
        (EventFilter(subjects=one("dialogue/helmond-2")), False),
        (EventFilter(subjects=one("dialogue/helm")), False),
        (EventFilter(subjects=one("dialogue/")), True),
        (EventFilter(subjects=one("initiative/", "dialogue/helmond")), True),
        (EventFilter(subjects=one("initiative/")), False),
        (EventFilter(sources=one(COMMUNITY)), True),
        (EventFilter(sources=one(COMMUNITY[:-1])), False),
        (EventFilter(types=one(HELD), subjects=one("initiative/")), False),
        (EventFilter(types=one(HELD), subjects=one("dialogue/"), sources=one(COMMUNITY)), True),
    ],
)
def test_every_part_must_fit_with_any_of_its_values(wanted: EventFilter, accepted: bool) -> None:
    assert wanted.accepts(HELMOND) is accepted


def test_a_kind_stands_for_its_types_and_an_id_for_one_subject() -> None:
    wanted = EventFilter(types=one(HELD, DRAWN), subjects=one("dialogue/", "initiative/sociale-stad"))
    assert wanted.whole_types() == [HELD]
    assert wanted.single_subjects() == ["initiative/sociale-stad"]
    assert wanted.allowed_types() == [HELD, DRAWN]


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
    wanted = EventFilter(types, asked)
    subject = f"{PUBLIC[type_].contract.kind}/{name}"
    by_type = type_ in wanted.whole_types()
    by_subject = subject in wanted.single_subjects() and type_ in wanted.allowed_types()
    assert wanted.accepts(tags_of(COMMUNITY, type_, subject)) is (by_type or by_subject)


def test_internal_types_are_not_offered() -> None:
    internal = {name for name, contract in CONTRACTS.items() if not TOPICS[contract.topic].public}
    assert internal
    assert not internal & PUBLIC.keys()


def test_this_service_has_no_outgoing_events() -> None:
    """Feeds pass on what others say: nothing here may append to an outbox."""
    folder = Path(__file__).parents[3] / "services" / "feeds"
    files = list(folder.rglob("*.py"))
    assert len(files) > 10
    assert all("outbox" not in path.read_text(encoding="utf-8") for path in files)
