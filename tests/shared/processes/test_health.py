"""A service is healthy when each of its processes lives, is well and has not just ended over and over."""

from dataclasses import replace

import pytest

from shared.processes.health import PROCESSES, LastBeat, problems_of

WELL = {process: LastBeat(process, silent=1, lived=100) for process in PROCESSES}
#: It crashed three times, a moment after it began.
CRASHES = [LastBeat("stream", silent=20.0 * n, lived=1, ended="Halted") for n in (1, 2, 3)]


def of(*beats: LastBeat, without: str = "stream") -> list[str]:
    """What is wrong with a service of which all other processes are well."""
    return problems_of("monitor", [*(beat for name, beat in WELL.items() if name != without), *beats])


def test_three_that_live_and_are_well_are_healthy() -> None:
    assert of(WELL["stream"]) == []


@pytest.mark.parametrize("process", PROCESSES)
def test_each_that_never_started_is_named(process: str) -> None:
    assert of(without=process) == [f"monitor-{process}: it has not started"]


@pytest.mark.parametrize("process", PROCESSES)
def test_each_that_says_nothing_is_named_with_since_when(process: str) -> None:
    silent = replace(WELL[process], silent=42)
    assert of(silent, without=process) == [f"monitor-{process}: no sign of life since 42 s"]


@pytest.mark.parametrize(("ended", "how"), [("stopped", "stopped"), ("KeyError", "ended by KeyError")])
def test_one_that_ended_is_named_at_once_with_how(ended: str, how: str) -> None:
    assert of(replace(WELL["stream"], ended=ended)) == [f"monitor-stream: {how} since 1 s"]


def test_what_one_says_is_wrong_is_passed_on() -> None:
    assert of(replace(WELL["stream"], problems=["log is late"])) == ["monitor-stream: log is late"]


@pytest.mark.parametrize("gone", ["stopped", "KeyError", None])
def test_one_that_is_gone_does_not_count_beside_one_that_lives(gone: str | None) -> None:
    assert of(WELL["stream"], LastBeat("stream", silent=30, lived=500, ended=gone)) == []


def test_of_several_that_live_each_must_be_well() -> None:
    assert of(WELL["stream"], replace(WELL["stream"], problems=["late"])) == ["monitor-stream: late"]


def test_one_that_keeps_ending_is_red_while_it_runs_for_a_moment() -> None:
    (said,) = of(LastBeat("stream", silent=0, lived=3), *CRASHES)
    assert said == "monitor-stream: it keeps ending, last by Halted, 3 times in 10 minutes; it runs since 3 s"


def test_one_that_was_killed_over_and_over_keeps_ending_too() -> None:
    (said,) = of(LastBeat("stream", silent=0, lived=3), *(replace(each, ended=None) for each in CRASHES))
    assert "last by a kill" in said


@pytest.mark.parametrize(("lived", "before"), [(11, 1), (41, 20), (61, 500)])
def test_one_that_lives_twice_as_long_as_before_is_well_again(lived: float, before: float) -> None:
    crashes = [replace(each, lived=before) for each in CRASHES]
    assert of(LastBeat("stream", silent=0, lived=lived), *crashes) == []
    assert of(LastBeat("stream", silent=0, lived=lived - 2), *crashes) != []


def test_ending_now_and_then_is_no_loop() -> None:
    assert of(LastBeat("stream", silent=0, lived=1), *CRASHES[:2]) == []
    old = [replace(each, silent=each.silent + 600) for each in CRASHES]
    assert of(LastBeat("stream", silent=0, lived=1), *old) == []
