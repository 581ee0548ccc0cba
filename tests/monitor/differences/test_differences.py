"""What changed between two editions, and which events caused it: before and the lines are after, exactly."""

import csv
import io
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from hypothesis import given

from services.monitor.app import create_app
from services.monitor.differences import difference
from services.monitor.editions import handlers
from services.monitor.editions.edition import WantedEdition
from services.monitor.figure.tally import NOTHING, Tally, of_scores
from services.monitor.history import log
from services.monitor.history.domain import CellKey, Selection
from services.monitor.history.frame import scope_of
from services.monitor.settings import MonitorSettings
from shared.database import Connection
from shared.observability.tracing import continue_trace
from shared.outbox.cause import Cause
from tests.conftest import served

from ..history.histories import START, WORLD, History, Line, folded, histories, put, state
from ..history.test_log import hypothesis, undone

CAUSE = Cause(START + timedelta(days=1), "test", continue_trace(None))
BETWEEN = "/monitor/v1/editions/a/differences/b"
PAST = History(
    3,
    (
        Line(1, 3, "verbondenheid", "dialogue", "GM0794", "2026-11", of_scores((0, 2, 5, 8, 5)), ("e1",), ("gone",)),
        Line(1, None, "buurthulp", "dialogue", "GM0772", "2026-02", of_scores((9, 0, 0, 0, 3)), ("e2",)),
        Line(3, None, "verbondenheid", "dialogue", "GM0794", "2026-11", of_scores((0, 0, 0, 9, 9)), ("e3", "e4")),
        Line(3, None, "vrijwilligers", "survey", "PV30", "2026", Tally(50, 0, 0, 0, 0, 20, 50), ("i",), (), "load-1"),
    ),
)


@pytest.fixture
async def monitor(monitor_connection: Connection) -> Connection:
    await monitor_connection.execute(WORLD)
    return monitor_connection


@pytest.fixture
async def client(
    settings: MonitorSettings, monitor: Connection, bearer: Callable[..., dict[str, str]]
) -> AsyncIterator[httpx2.AsyncClient]:
    await put(monitor, PAST)
    async with served(create_app(settings)) as client:
        for name, publication in (("a", 2), ("b", 3)):
            body = {"id": name, "title": name, "publication": publication}
            answer = await client.post("/monitor/v1/editions", json=body, headers=bearer("programme"))
            assert answer.status_code == 201, answer.text
        yield client


async def ask(client: httpx2.AsyncClient, path: str = BETWEEN, **query: str | int) -> dict[str, Any]:
    answer = await client.get(path, params=query or None)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@hypothesis
@given(past=histories())
async def test_before_with_the_lines_between_is_after_for_every_figure(monitor: Connection, past: History) -> None:
    async with undone(monitor):
        await put(monitor, past)
        since, until = past.publications // 2, past.publications
        for name, publication in (("older", since), ("newer", until)):
            moment = START + timedelta(hours=publication)
            assert await handlers.publish(monitor, WantedEdition(name, name, None, moment), CAUSE)
        between = await difference.pair(monitor, "older", "newer")
        before, after = state(past, since), state(past, until)
        wanted = {
            cell: (before.get(cell, NOTHING), after.get(cell, NOTHING))
            for cell in sorted(before.keys() | after.keys())
            if before.get(cell) != after.get(cell)
        }
        whole = {one.cell: (one.before, one.after) async for some in difference.every(monitor, between) for one in some}
        assert list(whole.items()) == list(wanted.items())

        paged, place = [], None
        while found := await difference.page(monitor, between, Selection(), place, 40):
            assert all(one.exact for one in found)
            paged += found
            place = found[-1].cell
        assert {one.cell: (one.before, one.after) for one in paged} == wanted

        sums: dict[CellKey, Tally] = dict(before)
        async for moves in difference.lines(monitor, between):
            for move in moves:
                line = Line(0, None, move.indicator, move.source, move.area, move.period, move.change)
                for cell, tally in folded([line]).items():
                    sums[cell] = sums.get(cell, NOTHING) + tally
        assert {cell: tally for cell, tally in sums.items() if tally} == after


async def test_a_line_left_out_is_seen(monitor: Connection) -> None:
    """Negative control: before without the lines is not after."""
    await put(monitor, PAST)
    assert state(PAST, 2) != state(PAST, 3)
    frame = await log.present_frame(monitor)
    scope = scope_of(CellKey("indicator", "verbondenheid", "dialogue", "PV30", "2026"), frame)
    before, after = await log.figure_at(monitor, scope, 2), await log.figure_at(monitor, scope, 3)
    assert before + of_scores((0, 0, 0, 9, 9)) != after


async def test_each_figure_has_before_after_and_where_to_ask_why(client: httpx2.AsyncClient) -> None:
    found = await ask(client, area="GM0794", period="2026", kind="indicator")
    (one,) = found["items"]
    assert (one["code"], one["before"]["n"], one["after"]["n"], one["change"]["n"]) == ("verbondenheid", 20, 18, -2)
    assert (one["before"]["mean"], one["after"]["mean"], one["meanDifference"]) == (3.8, 4.5, 0.7)
    assert found["sumsExactly"]
    why = await ask(client, one["explanation"])
    assert [(c["sign"], c["events"]) for c in why["contributions"]] == [(-1, ["gone"]), (1, ["e3", "e4"])]
    assert (why["start"], why["end"]) == (one["before"], one["after"])


async def test_pages_follow_each_other(client: httpx2.AsyncClient) -> None:
    whole = (await ask(client, limit=100))["items"]
    first = await ask(client, limit=7)
    rest = await ask(client, limit=100, after=first["next"])
    assert first["items"] + rest["items"] == whole
    assert rest["next"] is None
    lines = await ask(client, f"{BETWEEN}/lines")
    some = await ask(client, f"{BETWEEN}/lines", limit=1)
    more = await ask(client, f"{BETWEEN}/lines", after=some["next"])
    assert some["items"] + more["items"] == lines["items"]


async def test_each_line_names_the_events_that_caused_it(client: httpx2.AsyncClient) -> None:
    lines = (await ask(client, f"{BETWEEN}/lines"))["items"]
    assert [(one["sign"], one["reason"], one["indicator"], one["events"], one["import"]) for one in lines] == [
        (-1, "observations", "verbondenheid", ["gone"], None),
        (1, "observations", "verbondenheid", ["e3", "e4"], None),
        (1, "observations", "vrijwilligers", ["i"], "load-1"),
    ]


async def test_both_lists_are_there_as_csv(client: httpx2.AsyncClient) -> None:
    answer = await client.get(f"{BETWEEN}.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    items = (await ask(client, limit=100))["items"]
    assert [(row["code"], int(row["n_before"]), int(row["n_after"])) for row in rows] == [
        (one["code"], one["before"]["n"], one["after"]["n"]) for one in items
    ]
    lines = list(csv.DictReader(io.StringIO((await client.get(f"{BETWEEN}/lines.csv")).text)))
    assert [row["events"] for row in lines] == ["gone", "e3 e4", "i"]


async def test_what_is_unknown_or_reversed_is_told(client: httpx2.AsyncClient) -> None:
    for path, status, code in (
        ("/monitor/v1/editions/b/differences/a", 400, "reversed"),
        ("/monitor/v1/editions/b/differences/a.csv", 400, "reversed"),
        ("/monitor/v1/editions/a/differences/c", 404, "unknown-edition"),
        (f"{BETWEEN}?after=x.y", 400, "invalid-cursor"),
        (f"{BETWEEN}/lines?after=2..1", 400, "invalid-cursor"),
    ):
        answer = await client.get(path)
        assert answer.headers["content-type"] == "application/problem+json"
        assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (status, code)


async def test_an_edition_has_no_differences_with_itself(client: httpx2.AsyncClient) -> None:
    found = await ask(client, "/monitor/v1/editions/a/differences/a")
    assert (found["items"], found["next"], found["sumsExactly"]) == ([], None, True)
