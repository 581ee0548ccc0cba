"""The benchmark of the monitor, small: every answer and every sum is right, and a wrong one would be seen."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.bench.machine import Cores
from deploy.bench.monitor import Place, Sizes, grow, prepared, read
from deploy.bench.monitor_oracle import wrong
from deploy.bench.monitor_sums import Answers, Sums, shown
from deploy.bench.monitor_world import World

WORLD = World(municipalities=40, indicators=10, years=4)


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    core = max(os.sched_getaffinity(0))
    async with prepared(tmp_path, Cores(core, core), WORLD, durable=False) as place:
        yield place


@pytest.mark.real
async def test_every_question_is_answered_as_the_oracle_has_it(place: Place) -> None:
    section = await read(place, rounds=1, requests=10)
    assert [target.text for target in section.targets if target.required and not target.met] == [], section.notes
    assert {row[1] for row in section.rows if not str(row[0]).startswith("the first time")} == {10}

    async with place.admin("bench_filled") as connection:
        await connection.execute("UPDATE published SET n = n + 1, denominator = denominator + 1")
    section = await read(place, rounds=1, requests=10)
    assert [target.text for target in section.targets if target.required and not target.met] == [
        "monitor: wrong answers"
    ]


@pytest.mark.real
async def test_imports_and_folds_leave_the_sums_that_they_should(place: Place) -> None:
    section = await grow(place, Sizes(rows=80, dialogues=60, history=60, huge_years=2), rounds=1)
    assert [target.text for target in section.targets if target.required and not target.met] == [], section.notes
    assert [row[1] for row in section.rows] == [80, 80, 60, 80, 80, 60, 120, 400, 400, 400, 400, 840, 840]


@pytest.mark.parametrize(
    ("mean", "low", "right"), [(4.0, 3.805, True), (4.001, 3.805, False), (4.0, 3.806, False), (None, 3.805, False)]
)
def test_the_oracle_sees_a_figure_that_is_wrong(mean: float | None, low: float, right: bool) -> None:
    sums = Sums(100, 100, 400_000_000)
    assert (wrong(_figure(100, mean, None, low, 4.195), "mean", sums) is None) is right


@pytest.mark.parametrize(
    ("mean", "bound", "low", "right"),
    [
        (4.8, "higher-than", 4.351, True),
        (4.8, None, 4.351, False),
        (4.8, "lower-than", 4.351, False),
        (4.9, "higher-than", 4.451, False),
    ],
)
def test_the_oracle_sees_a_bound_that_is_missing(mean: float, bound: str | None, low: float, right: bool) -> None:
    sums = shown("mean", Answers(19, 19, 19 * 4_900_000))
    assert (wrong(_figure(19, mean, bound, low, 5.0), "mean", sums) is None) is right


def _figure(n: int, mean: float | None, bound: str | None, low: float, high: float) -> dict[str, object]:
    return {
        "n": n,
        "mean": mean,
        "bound": bound,
        "numerator": None,
        "denominator": None,
        "share": None,
        "confidenceInterval": {"low": low, "high": high},
        "distribution": None,
    }


@pytest.mark.parametrize(
    ("thousandths", "mean", "low", "high"),
    [
        (1149, 1.2, 99, 0),
        (1150, 1.2, 0, 0),
        (2449, 2.4, 0, 0),
        (2450, 2.5, 0, 0),
        (4849, 4.8, 0, 0),
        (4850, 4.8, 0, 99),
    ],
)
def test_of_few_a_mean_is_shown_in_steps_and_near_an_end_as_a_bound(
    thousandths: int, mean: float, low: int, high: int
) -> None:
    sums = shown("mean", Answers(99, 99, 99 * thousandths * 1000))
    assert (sums.total, sums.low_n, sums.high_n) == (99 * round(mean * 1_000_000), low, high)
