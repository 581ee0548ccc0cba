"""What is lively: counted by the hour, forgotten by the hour, and no repeat counts."""

from datetime import UTC, datetime, timedelta

import pytest

from services.community.pulse.domain import HOP, MOST, READ_TOPICS, HoppingWindow, LivelyKind, Thing, things_of
from shared.contracts import TOPICS
from shared.contracts.catalogue import CATALOGUE
from shared.contracts.vocabulary import Theme

from ..samples import HELD, INITIATIVE, Change

NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
TRUST: Thing = (LivelyKind.THEME, "vertrouwen")
HEALTH: Thing = (LivelyKind.THEME, "gezondheid")
HELMOND: Thing = (LivelyKind.AREA, "GM0794")


def themes(window: HoppingWindow, now: datetime = NOW) -> tuple[tuple[str, int], ...]:
    return window.rankings(now)[LivelyKind.THEME]


def test_the_most_lively_comes_first_and_of_two_as_lively_the_first_id() -> None:
    window = HoppingWindow(2)
    for things in ([TRUST, HELMOND], [HEALTH], [TRUST]):
        window.count(NOW, things, NOW)
    assert themes(window) == (("vertrouwen", 2), ("gezondheid", 1))
    window.count(NOW, [HEALTH], NOW)
    assert themes(window) == (("gezondheid", 2), ("vertrouwen", 2))
    assert window.rankings(NOW)[LivelyKind.AREA] == (("GM0794", 1),)
    assert window.rankings(NOW)[LivelyKind.INITIATIVE] == ()


@pytest.mark.parametrize(("ago", "counts"), [(0, True), (1, True), (30, True), (31, False), (200, False)])
def test_a_window_of_two_hours_begins_on_the_hour_before_this_one(ago: int, counts: bool) -> None:
    """It is half past twelve: the window begins at eleven."""
    window = HoppingWindow(2)
    assert window.begins(NOW) == datetime(2026, 11, 24, 11, tzinfo=UTC)
    window.count(NOW - timedelta(minutes=60 + ago), [TRUST], NOW)
    assert bool(themes(window)) is counts


def test_what_was_counted_leaves_with_its_hour() -> None:
    window = HoppingWindow(2)
    window.count(NOW, [TRUST], NOW)
    window.count(NOW + HOP, [TRUST, HEALTH], NOW + HOP)
    assert themes(window, NOW + HOP) == (("vertrouwen", 2), ("gezondheid", 1))
    assert themes(window, NOW + 2 * HOP) == (("gezondheid", 1), ("vertrouwen", 1))
    assert themes(window, NOW + 3 * HOP) == ()


def test_what_a_clock_that_is_ahead_said_leaves_too() -> None:
    window = HoppingWindow(2)
    window.count(NOW + timedelta(days=1), [TRUST], NOW)
    assert themes(window, NOW + timedelta(days=1)) == (("vertrouwen", 1),)
    assert themes(window, NOW + timedelta(days=1) + 2 * HOP) == ()


def test_a_number_that_came_before_in_its_partition_is_a_repeat() -> None:
    window = HoppingWindow(2)
    assert window.is_new("community.dialogues", 0, "a", 5)
    assert not window.is_new("community.dialogues", 0, "a", 5)
    assert not window.is_new("community.dialogues", 0, "a", 4)
    assert window.is_new("community.dialogues", 0, "b", 5)
    assert window.is_new("community.dialogues", 1, "a", 4)
    assert window.is_new("community.dialogues", 0, "a", 9)


def test_no_more_are_told_than_fit() -> None:
    window = HoppingWindow(1)
    window.count(NOW, [(LivelyKind.INITIATIVE, f"i-{n:02}") for n in range(2 * MOST)], NOW)
    assert [id_ for id_, _ in window.rankings(NOW)[LivelyKind.INITIATIVE]] == [f"i-{n:02}" for n in range(MOST)]


def test_an_event_makes_what_it_concerns_lively() -> None:
    held = Change(HELD, themes=(Theme.TRUST,))
    assert {TRUST, HELMOND} <= things_of(held)
    assert {kind for kind, _ in things_of(INITIATIVE)} >= {LivelyKind.INITIATIVE}


def test_what_the_activity_does_not_tell_makes_nothing_lively() -> None:
    silent = [entry.example() for entry in CATALOGUE.values() if not entry.is_news(entry.example())]
    assert silent
    assert [event for event in silent if things_of(event)] == []


def test_only_public_topics_with_news_are_read_and_no_figures_that_follow() -> None:
    assert all(TOPICS[topic].public for topic in READ_TOPICS)
    assert {"community.dialogues", "initiatives.initiatives", "finance.budget-lines"} <= set(READ_TOPICS)
    assert "monitor.aggregates" not in READ_TOPICS
    assert {TOPICS[topic].partitions for topic in READ_TOPICS} == {1, 4}
