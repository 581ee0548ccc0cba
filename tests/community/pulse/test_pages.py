"""What the API and the home say of the pulse: what is lively, that it is not known, or that there is none here."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx2
import msgspec
import pytest
from fastapi import FastAPI

from services.community.app import create_app
from services.community.pulse.domain import LivelyKind, Ranking
from services.community.pulse.follower import STALE
from services.community.pulse.message import Told
from shared.database import Connection
from shared.runtime.settings import Settings

from ...conftest import served
from ..conftest import Publish
from ..samples import INITIATIVE, NAMES

LIVELY: dict[LivelyKind, Ranking] = {
    LivelyKind.THEME: (("sociaal-ondernemen", 7), ("verbinding", 2)),
    LivelyKind.AREA: (("GM0794", 12), ("elders", 3)),
    LivelyKind.INITIATIVE: (("sociale-stad", 4),),
}
NOTHING: dict[LivelyKind, Ranking] = dict.fromkeys(LivelyKind, ())


@pytest.fixture
async def app(settings: Settings, connection: Connection) -> FastAPI:
    """Community's, with a pulse. No Kafka answers here: what was told comes by `tell`."""
    assert not connection.is_closed()
    return create_app(settings.model_copy(update={"pulse_hours": 168, "kafka_servers": "127.0.0.1:1"}))


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with served(app) as client:
        yield client


def tell(app: FastAPI, rankings: dict[LivelyKind, Ranking], ago: timedelta = timedelta()) -> None:
    at = datetime.now(UTC) - ago
    told = [Told(kind=kind, since=at - timedelta(days=7), at=at, ranking=found) for kind, found in rankings.items()]
    app.state.pulse.learn([b"the log's name", *map(msgspec.json.encode, told)])


async def section(client: httpx2.AsyncClient) -> str:
    text = (await client.get("/")).text
    return text.partition('id="polsslag"')[2].partition("</section>")[0]


async def test_the_most_lively_stand_on_the_home_by_name_with_a_way_to_their_news(
    app: FastAPI, client: httpx2.AsyncClient, publish: Publish
) -> None:
    await publish(*NAMES, INITIATIVE)
    tell(app, LIVELY)
    text = await section(client)
    assert "Hoe vaak er de afgelopen 7 dagen nieuws was, bij benadering." in text
    assert '<a href="/?thema=sociaal-ondernemen">Sociaal ondernemen</a> 7' in text
    assert '<a href="/?gemeente=GM0794">Helmond</a> 12' in text
    assert '<a href="/?initiatief=sociale-stad">Sociale Stad</a> 4' in text
    answer = (await client.get("/community/v1/pulse")).json()
    assert (answer["state"], answer["hours"]) == ("on", 168)
    assert answer["areas"] == [
        {"id": "GM0794", "name": "Helmond", "count": 12},
        {"id": "elders", "name": "elders", "count": 3},
    ]


async def test_the_newest_word_counts(app: FastAPI, client: httpx2.AsyncClient) -> None:
    tell(app, LIVELY)
    tell(app, {LivelyKind.THEME: (("verbinding", 3),)})
    answer = (await client.get("/community/v1/pulse")).json()
    assert answer["themes"] == [{"id": "verbinding", "name": "Verbinding", "count": 3}]
    assert len(answer["areas"]) == 2


async def test_the_home_says_when_nothing_is_lively(app: FastAPI, client: httpx2.AsyncClient) -> None:
    tell(app, NOTHING)
    assert "Er was de afgelopen 7 dagen geen nieuws over een thema, gebied of initiatief." in await section(client)


@pytest.mark.parametrize("told", ["nothing", "part", "long ago"])
async def test_the_home_says_when_it_is_not_known(app: FastAPI, client: httpx2.AsyncClient, told: str) -> None:
    match told:
        case "part":
            tell(app, {LivelyKind.THEME: ()})
        case "long ago":
            tell(app, LIVELY, ago=STALE + timedelta(seconds=1))
    assert "Waar het nu leeft, is op dit moment niet bekend." in await section(client)
    answer = (await client.get("/community/v1/pulse")).json()
    assert (answer["state"], answer["since"], answer["areas"]) == ("unknown", None, [])
    assert (await client.get("/community/readyz")).status_code == 200, "nobody waits for the pulse"


async def test_where_there_is_none_the_home_says_so_and_health_asks_for_none(
    settings: Settings, connection: Connection
) -> None:
    await connection.execute("INSERT INTO process_health (process, instance, ended) VALUES ('pulse', 'a', 'stopped')")
    async with served(create_app(settings)) as client:
        assert "Op deze installatie wordt niet bijgehouden waar het nu leeft." in await section(client)
        assert (await client.get("/community/v1/pulse")).json()["state"] == "off"
        assert "pulse" not in (await client.get("/community/health")).text


async def test_where_there_is_one_health_names_it(client: httpx2.AsyncClient) -> None:
    problems: list[str] = (await client.get("/community/health")).json()["problems"]
    assert "community-pulse: it has not started" in problems
