"""The journeys of tests/journeys, unchanged, against the published port."""

import json
from collections.abc import AsyncIterator, Callable, Iterable
from types import SimpleNamespace

import httpx2
import pytest

from tests.journeys import test_dialogue
from tests.journeys.platform import Platform
from tests.journeys.test_dialogue import (
    test_a_dialogue_held_in_helmond_is_seen_everywhere,
    test_a_filter_by_subject_gives_one_dialogue_only,
    test_a_reader_that_comes_back_misses_nothing_and_gets_nothing_twice,
    test_every_source_counts_without_a_gap,
    test_internal_events_are_on_their_own_topic,
    test_scores_are_not_in_any_public_feed,
    test_withdrawing_it_brings_every_figure_back_and_is_seen,
)

from .engine import Compose
from .recompute import said_in_kafka

__all__ = [
    "test_a_dialogue_held_in_helmond_is_seen_everywhere",
    "test_a_filter_by_subject_gives_one_dialogue_only",
    "test_a_reader_that_comes_back_misses_nothing_and_gets_nothing_twice",
    "test_every_source_counts_without_a_gap",
    "test_internal_events_are_on_their_own_topic",
    "test_scores_are_not_in_any_public_feed",
    "test_withdrawing_it_brings_every_figure_back_and_is_seen",
]
pytestmark = pytest.mark.timeout(900)


@pytest.fixture
async def platform(stack: Compose) -> AsyncIterator[Platform]:
    """A client of the published port."""
    async with httpx2.AsyncClient(base_url=stack.url, timeout=10) as client:
        yield Platform(client, stack.tokens())


@pytest.fixture(autouse=True)
def log_is_read_beside_the_broker(stack: Compose, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broker is not published: a container beside it reads the log, byte for byte."""

    def read_topics(
        _: str, topics: Iterable[str], enough: Callable[[list[bytes]], bool], seconds: float = 20.0
    ) -> list[bytes]:
        values: list[bytes] = []
        while seconds > 0 and not enough(values):
            values = said_in_kafka(stack, *topics)
            seconds -= 2
        return values

    monkeypatch.setattr(test_dialogue, "read_topics", read_topics)
    monkeypatch.setattr(stack, "broker", SimpleNamespace(servers="beside the broker"), raising=False)


def test_the_programme_is_there(stack: Compose) -> None:
    """The first thing an operator looks at."""
    page = httpx2.get(f"{stack.url}/initiatives/v1/initiatives", params={"limit": "200"}).json()
    assert len(page["items"]) == 11
    assert json.loads(httpx2.get(f"{stack.url}/community/v1/directory/municipality").text)["total"] >= 56
    for path in ("/", "/initiatieven", "/monitor", "/netwerk", "/financien", "/feeds"):
        answer = httpx2.get(stack.url + path)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8"), path
