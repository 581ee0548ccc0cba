"""An indicator and its versions are corrected, changed from a day on and withdrawn, as far as nothing was measured."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest

from services.monitor.app import create_app
from services.monitor.settings import MonitorSettings
from shared.database import Connection
from tests.conftest import served

from .test_indicators import SECOND, SURE, Body, Client

STATE = {name: value for name, value in SURE.items() if name != "code"}
CORRECTION: Body = {**STATE, "nameNl": "Samenhang", "version": 1, "reason": "mistake"}
TODAY = datetime.now(UTC).date()
CHANGE: Body = {**CORRECTION, "reason": "decision", "owner": "pon", "from": TODAY.isoformat()}
WITHDRAWAL: Body = {"version": 1, "reason": "duplicate"}
VERSION: Body = {
    "title": "Monitor 2.1",
    "change": "De vraag is herijkt.",
    "validFrom": "2020-01-01",
    "comparable": True,
    "version": 1,
    "reason": "source",
}
HERE = "indicators/verbondenheid"


@pytest.fixture
async def client(settings: MonitorSettings, bearer: Callable[..., dict[str, str]]) -> AsyncIterator[Client]:
    async with served(create_app(settings)) as http:
        client = Client(http, bearer("programme"))
        assert await client.post("indicators", SURE) == (201, None)
        yield client


async def observed(connection: Connection, version: int = 1) -> None:
    """A row of a file is of the indicator."""
    await connection.execute(
        """INSERT INTO observation (import, line, indicator, version, source, method, area, geography, period,
               respondents, n, total, squares, spread_n, low_n, high_n, numerator, denominator, detailed_n, histogram)
           VALUES ('i', 2, 'verbondenheid', $1, 'survey', 'online', 'GM0794', 2020, '2020',
                   100, 100, 300, 0, 0, 0, 0, 0, 0, 0, '{}')""",
        version,
    )


async def test_a_definition_is_corrected_and_pages_and_caches_follow(client: Client) -> None:
    assert "Verbondenheid" in (await client.page("/monitor/kaart?indicator=verbondenheid"))
    assert [await client.post(f"{HERE}/corrections", CORRECTION) for _ in range(2)] == [(201, None), (200, None)]
    [indicator] = await client.indicators()
    assert (indicator["nameNl"], indicator["version"]) == ("Samenhang", 2)
    assert "Samenhang" in (await client.page("/monitor/kaart?indicator=verbondenheid"))
    assert await client.post(f"{HERE}/corrections", {**CORRECTION, "nameNl": "X"}) == (409, "changed-meanwhile")
    assert await client.post("indicators/nooit/corrections", CORRECTION) == (404, "unknown-indicator")


@pytest.mark.parametrize("change", [{"unit": "score-1-7"}, {"theme": "vertrouwen"}, {"measure": "ratio"}])
async def test_how_it_is_measured_is_corrected_only_while_nothing_needs_it(
    client: Client, monitor_connection: Connection, change: Body
) -> None:
    await observed(monitor_connection)
    assert await client.post(f"{HERE}/corrections", {**CORRECTION, **change}) == (409, "measured-otherwise")
    assert await client.post(f"{HERE}/corrections", CORRECTION) == (201, None)
    await monitor_connection.execute("DELETE FROM observation")
    assert await client.post(f"{HERE}/corrections", {**CORRECTION, **change, "version": 2}) == (201, None)
    too_short = {**CORRECTION, "version": 3, "unit": "score-1-2", "measure": "mean"}
    assert await client.post(f"{HERE}/corrections", too_short) == (400, "scale-too-short")


async def test_a_change_is_of_names_and_owner_from_today_at_the_latest(client: Client) -> None:
    assert await client.post(f"{HERE}/changes", {**CHANGE, "unit": "score-1-7"}) == (409, "measured-otherwise")
    tomorrow = (TODAY + timedelta(days=2)).isoformat()
    assert await client.post(f"{HERE}/changes", {**CHANGE, "from": tomorrow}) == (409, "date-in-future")
    assert [await client.post(f"{HERE}/changes", CHANGE) for _ in range(2)] == [(201, None), (200, None)]
    [indicator] = await client.indicators()
    assert (indicator["nameNl"], indicator["owner"]) == ("Samenhang", "pon")


async def test_what_nothing_needs_is_withdrawn_and_named_by_nothing_new(
    client: Client, monitor_connection: Connection
) -> None:
    await client.post(f"{HERE}/versions", SECOND)
    await observed(monitor_connection)
    assert await client.post(f"{HERE}/withdrawal", WITHDRAWAL) == (409, "still-named")
    await monitor_connection.execute("DELETE FROM observation")
    assert [await client.post(f"{HERE}/withdrawal", WITHDRAWAL) for _ in range(2)] == [(201, None), (200, None)]
    assert await client.indicators() == []
    assert await client.post(f"{HERE}/versions", {**SECOND, "version": 3}) == (404, "unknown-indicator")
    assert await client.post(f"{HERE}/corrections", {**CORRECTION, "version": 2}) == (409, "withdrawn")
    key = {"version": 1, "validFrom": "2017-01-01", "mappings": [{"topic": "ontmoeting", "indicator": "verbondenheid"}]}
    assert await client.post("learning-keys", key) == (400, "unknown-indicator")


async def test_a_version_is_corrected_between_those_around_it(client: Client, monitor_connection: Connection) -> None:
    await client.post(f"{HERE}/versions", SECOND)
    third = {**SECOND, "version": 3, "validFrom": "2021-01-01"}
    await client.post(f"{HERE}/versions", third)
    path = f"{HERE}/versions/2/corrections"
    assert await client.post(path, {**VERSION, "validFrom": "2021-01-01"}) == (409, "not-in-order")
    assert await client.post(path, {**VERSION, "comparable": False}) == (400, "reason-missing")
    assert [await client.post(path, VERSION) for _ in range(2)] == [(201, None), (200, None)]
    [indicator] = await client.indicators()
    assert [(one["version"], one["validFrom"], one["revision"]) for one in indicator["versions"]] == [
        (2, "2020-01-01", 2),
        (3, "2021-01-01", 1),
    ]
    assert await client.post(f"{HERE}/versions/3/corrections", {**VERSION, "validFrom": "2019-06-01"}) == (
        409,
        "not-in-order",
    )
    await observed(monitor_connection, version=2)
    moved = {**VERSION, "version": 2, "validFrom": "2020-06-01"}
    assert await client.post(path, moved) == (409, "version-observed")
    assert await client.post(path, {**moved, "validFrom": "2020-01-01", "title": "Anders"}) == (201, None)
    assert await client.post(f"{HERE}/versions/9/corrections", VERSION) == (404, "unknown-version")


async def test_the_newest_version_is_withdrawn_and_its_number_is_not_given_again(
    client: Client, monitor_connection: Connection
) -> None:
    await client.post(f"{HERE}/versions", SECOND)
    third = {**SECOND, "version": 3, "validFrom": "2021-01-01"}
    await client.post(f"{HERE}/versions", third)
    assert await client.post(f"{HERE}/versions/2/withdrawal", WITHDRAWAL) == (409, "not-newest")
    await observed(monitor_connection, version=3)
    assert await client.post(f"{HERE}/versions/3/withdrawal", WITHDRAWAL) == (409, "still-named")
    await monitor_connection.execute("DELETE FROM observation")
    assert await client.post(f"{HERE}/versions/3/withdrawal", WITHDRAWAL) == (201, None)
    [indicator] = await client.indicators()
    assert [one["version"] for one in indicator["versions"]] == [2]
    assert await client.post(f"{HERE}/versions", third) == (409, "withdrawn")
    assert await client.post(f"{HERE}/versions", {**third, "version": 4}) == (201, None)
    [first, second] = await client.history(f"{HERE}/versions/3/history")
    assert (first["version"], second["version"], second["data"]["indicatorVersion"]) == (1, 2, 3)
