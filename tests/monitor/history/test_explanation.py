"""Why a figure moved: the lines that moved it, in order, summing exactly to the difference."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from hypothesis import given

from services.monitor.app import create_app
from services.monitor.figure.public import NOTHING_PUBLIC
from services.monitor.history import log
from services.monitor.history.domain import LogPlace
from services.monitor.history.explanation import explain
from services.monitor.history.query import read_place, write_place
from services.monitor.settings import MonitorSettings
from shared.database import Connection
from tests.conftest import served

from ..figure.tallies import scores
from .histories import START, History, Line, histories, put, state
from .test_log import hypothesis, undone

VERBONDENHEID = "/monitor/v1/indicators/verbondenheid/areas/{}/explanation"
PAST = History(
    4,
    (
        Line(1, None, "verbondenheid", "dialogue", "GM0794", "2026-11", scores(0, 2, 5, 8, 5), ("e1", "e2")),
        Line(2, 4, "verbondenheid", "dialogue", "GM0794", "2026-02", scores(9, 0, 0, 0, 3), ("e3",), ("gone",)),
        Line(2, None, "verbondenheid", "dialogue", "GM0828", "2026", scores(0, 0, 0, 0, 10), ("e4",)),
        Line(2, None, "buurthulp", "dialogue", "GM0794", "2026", scores(0, 0, 0, 0, 10), ("e5",)),
        Line(3, None, "verbondenheid", "survey", "GM0794", "2026", scores(0, 0, 10, 60, 50), ("i",), (), "load-1"),
    ),
)


@pytest.fixture
async def client(settings: MonitorSettings, monitor: Connection) -> AsyncIterator[httpx2.AsyncClient]:
    await put(monitor, PAST)
    async with served(create_app(settings)) as client:
        yield client


async def ask(client: httpx2.AsyncClient, area: str = "GM0794", **query: str | int) -> dict[str, Any]:
    answer = await client.get(VERBONDENHEID.format(area), params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def refusal(client: httpx2.AsyncClient, path: str, **query: str) -> tuple[int, str]:
    answer = await client.get(path, params=query)
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


@hypothesis
@given(past=histories())
async def test_start_and_contributions_are_the_end_for_every_figure_whatever_the_pages(
    monitor: Connection, past: History
) -> None:
    async with undone(monitor):
        await put(monitor, past)
        frame = await log.present_frame(monitor)
        since, until = past.publications // 2, past.publications
        before, after = state(past, since), state(past, until)
        for cell in list(before.keys() | after.keys())[:12]:
            steps, place = [], None
            while True:
                found = await explain(monitor, cell, frame, since, until, place, 2)
                assert found.adds_up
                steps += found.steps
                place = found.next
                if place is None:
                    break
            assert found.start == before.get(cell, NOTHING_PUBLIC)
            assert found.end == after.get(cell, NOTHING_PUBLIC)
            assert sum((step.move.change for step in steps), found.start) == found.end
            places = [step.move.place for step in steps]
            assert places == sorted(set(places))
            if steps:
                assert not steps[-1].running + -found.end


async def test_a_live_figure_that_disagrees_with_its_lines_is_not_said_to_sum_exactly(
    client: httpx2.AsyncClient, monitor: Connection
) -> None:
    """Negative control: the check is computed."""
    assert (await ask(client))["addsUp"]
    await monitor.execute("UPDATE published SET n = n + 1 WHERE area = 'GM0794'")
    assert not (await ask(client))["addsUp"]


async def test_each_contribution_says_when_where_why_and_by_which_events(client: httpx2.AsyncClient) -> None:
    found = await ask(client, period="2026")
    assert (found["from"], found["to"]["publication"]) == ({"publication": 0, "at": None}, 4)
    assert [
        (
            c["publication"],
            c["sign"],
            c["reason"],
            c["area"],
            c["period"],
            c["sums"]["n"],
            c["running"]["n"],
            c["events"],
        )
        for c in found["contributions"]
    ] == [
        (1, 1, "dialogue", "GM0794", "2026-11", 20, 20, ["e1", "e2"]),
        (2, 1, "dialogue", "GM0794", "2026-02", 12, 32, ["e3"]),
        (4, -1, "withdrawal", "GM0794", "2026-02", 12, 20, ["gone"]),
    ]
    assert (found["end"]["mean"], found["next"], found["addsUp"]) == (3.8, None, True)


async def test_a_figure_of_the_province_is_explained_by_lines_of_towns(client: httpx2.AsyncClient) -> None:
    found = await ask(client, "PV30", **{"from": 1, "to": 2})
    assert [(c["area"], c["period"]) for c in found["contributions"]] == [("GM0794", "2026-02"), ("GM0828", "2026")]
    assert found["difference"]["n"] == found["end"]["n"] - found["start"]["n"] == 22
    assert found["meanDifference"] == pytest.approx(found["end"]["mean"] - found["start"]["mean"])


async def test_an_observation_is_named_by_its_import_and_never_by_a_line_of_its_file(
    client: httpx2.AsyncClient,
) -> None:
    (line,) = (await ask(client, source="survey"))["contributions"]
    assert (line["import"], line["id"], line["reason"], line["events"]) == (
        "load-1",
        "3.load-1.5",
        "observations",
        ["i"],
    )
    assert "line" not in line
    assert (line["sums"]["mean"], line["sums"]["histogram"]) == (4.333, [0, 0, 10, 60, 50])


async def test_of_fewer_than_a_hundred_answers_nothing_is_told_but_their_number_and_a_rounded_mean(
    client: httpx2.AsyncClient,
) -> None:
    found = await ask(client, "GM0828")
    assert found["end"] == {
        "respondents": 10,
        "n": 10,
        "mean": 4.8,
        "bound": "higher-than",
        "numerator": 0,
        "denominator": 0,
        "share": None,
        "histogram": [],
    }
    assert found["contributions"][0]["sums"] == found["contributions"][0]["running"] == found["end"]


async def test_a_difference_has_no_mean_of_its_own_and_of_bounds_none_at_all(client: httpx2.AsyncClient) -> None:
    found = await ask(client, "GM0828", **{"from": 1})
    assert (found["difference"]["n"], found["difference"]["mean"], found["difference"]["histogram"]) == (10, None, [])
    assert found["meanDifference"] is None


async def test_pages_follow_each_other(client: httpx2.AsyncClient) -> None:
    whole = (await ask(client))["contributions"]
    first = await ask(client, limit=1)
    rest = await ask(client, limit=2, after=first["next"])
    assert [*first["contributions"], *rest["contributions"]] == whole
    assert first["addsUp"] and rest["addsUp"]


async def test_a_cut_is_a_number_a_day_or_a_moment(client: httpx2.AsyncClient) -> None:
    third = (START + timedelta(hours=3)).isoformat()
    assert (await ask(client, to=third))["to"] == {"publication": 3, "at": third.replace("+00:00", "Z")}
    assert (await ask(client, **{"from": "2026-01-01"}))["from"]["publication"] == 0
    assert (await ask(client, **{"from": "2026-01-02"}))["from"]["publication"] == 4


async def test_what_is_unknown_reversed_or_not_public_is_told_in_dutch(client: httpx2.AsyncClient) -> None:
    path = VERBONDENHEID.format("GM0794")
    assert await refusal(client, path, to="9") == (404, "unknown-publication")
    assert await refusal(client, path, to="nulmeting") == (404, "unknown-edition")
    assert await refusal(client, path, to="morgen om 9 uur") == (400, "invalid-input")
    assert await refusal(client, path, to="2026-01-01T09:00:00") == (400, "invalid-cut")
    for outside in ("0001-01-01", "9999-12-31", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"):
        assert await refusal(client, path, to=outside) == (400, "invalid-cut")
    assert await refusal(client, path, **{"from": "3", "to": "2"}) == (400, "reversed")
    assert await refusal(client, path, after="1.2") == (400, "invalid-cursor")
    assert await refusal(client, path, period="2026-13") == (400, "invalid-input")
    assert await refusal(client, VERBONDENHEID.format("GM9999")) == (404, "unknown-area")
    assert await refusal(client, "/monitor/v1/indicators/x/areas/PV30/explanation") == (404, "unknown-indicator")
    assert await refusal(client, VERBONDENHEID.format("GM0772")) == (404, "nothing-public")
    assert await refusal(client, path, period="2016") == (404, "nothing-public")


async def test_units_that_wait_are_in_no_explanation(client: httpx2.AsyncClient, monitor: Connection) -> None:
    before = await ask(client)
    await monitor.execute("""
        INSERT INTO unit (ref, number, indicator, source, area, period, respondents, n, total, squares, spread_n,
                          numerator, denominator, histogram, event)
        VALUES ('dialogue/secret', 0, 'verbondenheid', 'dialogue', 'GM0794', '2026-11', 3, 3, 9, 27, 3, 0, 0, '{0,0,3}',
                'small')
    """)
    assert await ask(client) == before


def test_places_are_read_as_they_were_written() -> None:
    for place in (LogPlace(3, "", 12), LogPlace(4, "import.with.dots", 1)):
        assert read_place(write_place(place), 0, 9) == place
