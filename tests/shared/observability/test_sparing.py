"""Trouble that repeats is said once in a while, with how often it was not."""

import logging

import pytest
import structlog

from shared.observability.sparing import SECONDS, Sparing, SparingFilter, spare


class Clock:
    """Stands still until it is told."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def line(name: str, level: int = logging.ERROR) -> logging.LogRecord:
    return logging.LogRecord(name, level, __file__, 1, "Unable connect to node", None, None)


def test_the_next_line_says_how_many_were_left_out(clock: Clock) -> None:
    sparing = Sparing(clock)
    assert [sparing.unsaid("a") for _ in range(3)] == [0, None, None]
    assert sparing.unsaid("b") == 0
    clock.now += SECONDS
    assert [sparing.unsaid("a") for _ in range(2)] == [2, None]


def test_of_a_library_it_does_not_matter_what_it_says_but_what_is_no_trouble_is_said(clock: Clock) -> None:
    said = SparingFilter(Sparing(clock))
    names = ("aiokafka.conn", "aiokafka.consumer.group_coordinator", "aiokafka", "asyncio")
    assert [said.filter(line(name)) for name in names] == [True, False, False, True]
    assert all(said.filter(line("aiokafka", logging.INFO)) for _ in range(3))


def test_ours_go_by_what_they_say_and_an_error_is_always_said(clock: Clock) -> None:
    process = spare(Sparing(clock))
    process(None, "warning", {"event": "no heartbeat"})
    process(None, "warning", {"event": "postgres out of reach"})
    with pytest.raises(structlog.DropEvent):
        process(None, "warning", {"event": "no heartbeat"})
    for _ in range(3):
        process(None, "error", {"event": "dead letter"})
    clock.now += SECONDS
    assert process(None, "warning", {"event": "no heartbeat"}) == {"event": "no heartbeat", "unsaid": 1}


def test_a_retry_and_the_client_that_is_retried_speak_of_one_outage(clock: Clock) -> None:
    sparing = Sparing(clock)
    assert SparingFilter(sparing).filter(line("aiokafka.conn"))
    with pytest.raises(structlog.DropEvent):
        spare(sparing)(None, "warning", {"event": "stamina.retry_scheduled"})
