"""The benchmark of the monitor, small: every answer and every sum is right, and a wrong one would be seen."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.bench.machine import Cores
from deploy.bench.monitor import Place, Sizes, grow, prepared, read
from deploy.bench.monitor_oracle import wrong
from deploy.bench.monitor_world import Sums, World

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
    ("mean", "low", "right"), [(4.0, 3.902, True), (4.001, 3.902, False), (4.0, 3.903, False), (None, 3.902, False)]
)
def test_the_oracle_sees_a_figure_that_is_wrong(mean: float | None, low: float, right: bool) -> None:
    figure: dict[str, object] = {
        "n": 100,
        "mean": mean,
        "standardDeviation": 0.5,
        "numerator": None,
        "denominator": None,
        "share": None,
        "confidenceInterval": {"low": low, "high": 4.098},
        "distribution": None,
    }
    sums = Sums(100, 100, 400_000_000, 100 * (4_000_000**2 + 500_000**2), 100)
    assert (wrong(figure, "mean", sums) is None) is right
