"""Dead letters: looked at by an operator, replayed once."""

from collections.abc import AsyncIterator, Callable

import httpx2
import pytest

from services.monitor.app import create_app, projections
from services.monitor.settings import MonitorSettings
from shared.contracts.community import FINDINGS
from shared.database import Connection
from shared.projections.watermarks import Partition
from tests.conftest import served
from tests.records import NOW, apply_run, cloud_event, findings, run

Headers = Callable[..., dict[str, str]]
HERE = Partition(FINDINGS, 0)
PATH = "/monitor/v1/dead-letters"


@pytest.fixture
async def client(settings: MonitorSettings) -> AsyncIterator[httpx2.AsyncClient]:
    async with served(create_app(settings)) as client:
        yield client


@pytest.fixture
async def letter(settings: MonitorSettings, monitor_connection: Connection) -> int:
    """Findings from a municipality that the monitor does not know yet."""
    figures, *_ = projections(settings)
    await apply_run(monitor_connection, figures, HERE, run(cloud_event(findings("d1"), "e1", sequence=1)), NOW)
    number: int = await monitor_connection.fetchval("SELECT id FROM dead_letter")
    return number


async def register_helmond(connection: Connection) -> None:
    await connection.execute("""
        INSERT INTO area VALUES ('PV30', 'Noord-Brabant', 'province', NULL, '2016-01-01', NULL),
            ('zuidoost-brabant', 'Zuidoost-Brabant', 'region', 'PV30', '2016-01-01', NULL),
            ('GM0794', 'Helmond', 'municipality', 'zuidoost-brabant', '2016-01-01', NULL);
        INSERT INTO indicator VALUES ('verbondenheid', 'V', 'V', 'verbinding', 'social', 'score-1-5', 'up');
        INSERT INTO learning_key VALUES (1, '2017-01-01');
        INSERT INTO learning_key_mapping VALUES (1, 'ontmoeting', 'verbondenheid');
    """)


async def counted(connection: Connection) -> int:
    total: int | None = await connection.fetchval(
        "SELECT n FROM aggregate WHERE level = 'province' AND kind = 'indicator'"
    )
    return total or 0


async def test_only_an_operator_sees_them(client: httpx2.AsyncClient, letter: int, bearer: Headers) -> None:
    assert (await client.get(PATH)).status_code == 401
    assert (await client.get(PATH, headers=bearer("programme"))).status_code == 403
    (item,) = (await client.get(PATH, headers=bearer("operator"))).json()["items"]
    assert (item["id"], item["eventId"], item["offset"], item["replayedAt"]) == (letter, "e1", 0, None)
    assert item["reason"] == "Awaits: municipality GM0794 is not registered"
    assert "scores" not in str(item)


async def test_what_still_cannot_be_folded_stays(client: httpx2.AsyncClient, letter: int, bearer: Headers) -> None:
    answer = await client.post(f"{PATH}/{letter}/replays", headers=bearer("operator"))
    assert answer.status_code == 409
    assert "GM0794 is not registered" in answer.json()["detail"]


async def test_replayed_twice_it_counts_once(
    client: httpx2.AsyncClient, letter: int, bearer: Headers, monitor_connection: Connection
) -> None:
    await register_helmond(monitor_connection)
    first = await client.post(f"{PATH}/{letter}/replays", headers=bearer("operator"))
    second = await client.post(f"{PATH}/{letter}/replays", headers=bearer("operator"))
    assert (first.status_code, first.json()["folded"]) == (201, True)
    assert (second.status_code, second.json()["folded"]) == (200, False)
    assert await counted(monitor_connection) == 20


async def test_an_event_that_came_again_meanwhile_is_counted_by_its_replay_alone(
    client: httpx2.AsyncClient, letter: int, bearer: Headers, settings: MonitorSettings, monitor_connection: Connection
) -> None:
    await register_helmond(monitor_connection)
    figures, *_ = projections(settings)
    await apply_run(monitor_connection, figures, HERE, run(cloud_event(findings("d1"), "e1", sequence=1), start=1), NOW)
    assert await counted(monitor_connection) == 0
    answer = await client.post(f"{PATH}/{letter}/replays", headers=bearer("operator"))
    assert answer.json()["folded"] is True
    assert await counted(monitor_connection) == 20


async def test_a_letter_that_does_not_exist_is_not_found(client: httpx2.AsyncClient, bearer: Headers) -> None:
    assert (await client.post(f"{PATH}/99/replays", headers=bearer("operator"))).status_code == 404
    assert (await client.post(f"{PATH}/99999999999999999999/replays", headers=bearer("operator"))).status_code == 400
