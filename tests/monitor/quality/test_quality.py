"""What is found of an import is told to anyone: that rows were not taken over, never which or how many."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from services.monitor.app import create_app
from services.monitor.settings import MonitorSettings
from shared.database import Connection
from tests.conftest import served

from ..observations.conftest import Import, monitor, take_in
from ..observations.world import regie

__all__ = ["monitor", "take_in"]


@pytest.fixture
async def client(settings: MonitorSettings) -> AsyncIterator[httpx2.AsyncClient]:
    async with served(create_app(settings)) as client:
        yield client


@pytest.mark.parametrize("refused", [1, 7])
async def test_a_finding_of_rejected_rows_is_the_same_however_many_there_were(
    client: httpx2.AsyncClient, monitor: Connection, take_in: Import, refused: int
) -> None:
    await take_in(regie(), *[regie(gebied="GM9999")] * refused, good_rows=True)
    upload = await monitor.fetchval("SELECT id FROM observation_upload")
    (item,) = (await client.get("/monitor/v1/quality-findings")).json()["items"]
    assert item.pop("toldAt")
    assert item == {
        "id": f"{upload}-rejected",
        "kind": "rows-rejected",
        "explanation": "Niet alle aangeleverde regels zijn overgenomen.",
        "indicator": None,
        "area": None,
        "period": None,
    }


async def test_a_file_of_which_nothing_may_be_told_has_no_finding(
    client: httpx2.AsyncClient, monitor: Connection, take_in: Import
) -> None:
    await take_in(regie(n="50"))
    await take_in(regie(n="53"), regie(gebied="GM9999"), good_rows=True)
    assert await monitor.fetchval("SELECT count(*) FROM observation WHERE waiting") == 1
    assert (await client.get("/monitor/v1/quality-findings")).json()["items"] == []
