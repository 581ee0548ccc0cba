"""What is kept of answers is what would be answered anew, and no more is kept than fits."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI

from services.monitor.app import create_app
from services.monitor.published import cache
from services.monitor.settings import MonitorSettings
from shared.database import Connection
from tests.conftest import served

from .world import ALTENA, HELMOND

PATHS = (
    "/monitor/v1/aggregates?limit=5",
    f"/monitor/v1/indicators/mantelzorg/areas/{HELMOND}/series",
    f"/monitor/v1/indicators/verbondenheid/areas/{ALTENA}/series?indeling=2019",
    "/monitor/v1/indicators/mantelzorg/map?period=2020&source=ggd",
    "/monitor/v1/indicators/verbondenheid/map?period=2018&source=survey&indeling=2019",
    "/monitor/v1/shares-of-municipalities?indicator=mantelzorg&source=ggd&period=2020&atLeast=0.1",
)


@pytest.fixture
async def app(settings: MonitorSettings, connection: Connection) -> FastAPI:  # noqa: ARG001
    return create_app(settings)


@pytest.fixture
async def reader(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with served(app) as client:
        yield client


@pytest.mark.twin_of("services.monitor.published.cache")
async def test_an_answer_that_is_kept_is_the_one_that_is_built(app: FastAPI, reader: httpx2.AsyncClient) -> None:
    built = [(await reader.get(path)).content for path in PATHS]
    assert [(await reader.get(path)).content for path in PATHS] == built
    _, kept = app.state.answers
    assert list(kept.values()) == built
    app.state.answers, app.state.register = ("", {}), None
    assert [(await reader.get(path)).content for path in PATHS] == built


def test_what_was_asked_for_longest_ago_makes_place() -> None:
    kept: dict[bytes, bytes] = {}
    for number in range(150):
        cache.keep(kept, b"%d" % number, b"answer")
        assert cache.find(kept, b"0") == b"answer"
    assert len(kept) == 100
    assert b"1" not in kept and {b"0", b"149"} < kept.keys()
    cache.keep(kept, b"large", bytes(200_001))
    assert b"large" not in kept
