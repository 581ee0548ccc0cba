"""A monitor with some published figures, and a reader of it."""

import json
from collections.abc import AsyncIterator
from datetime import date

import httpx2
import pytest

from services.monitor.app import create_app
from services.monitor.figure.tally import Tally, of_scores
from services.monitor.settings import MonitorSettings
from shared.database import Connection
from tests.conftest import served

from .world import AALBURG, DATA, FIGURES, INDICATORS, NOTHING_LEFT, publish


@pytest.fixture(params=[True, False], ids=["kept as shown", "from before that was kept"])
async def connection(monitor_connection: Connection, request: pytest.FixtureRequest) -> Connection:
    """As the monitor, with the programme's areas, four indicators and some published figures."""
    kept = bool(request.param)
    areas, changes = (json.loads((DATA / f"{name}.json").read_text("utf-8")) for name in ("areas", "area-changes"))
    await monitor_connection.executemany(
        "INSERT INTO area VALUES ($1, $2, $3, $4, $5, $6)",
        [
            (
                a["code"],
                a["name"],
                a["level"],
                a["parent"],
                date.fromisoformat(a["validFrom"]),
                date.fromisoformat(a["validUntil"]) if a["validUntil"] else None,
            )
            for a in areas
        ],
    )
    await monitor_connection.executemany(
        "INSERT INTO area_change VALUES ($1, $2, $3, $4, $5)",
        [(c["id"], date.fromisoformat(c["on"]), c["kind"], c["predecessors"], c["successors"]) for c in changes],
    )
    await monitor_connection.executemany(
        "INSERT INTO indicator (code, name_nl, name_en, theme, resource_family, unit, direction, measure)"
        " VALUES ($1, $1, $1, $2, 'social', 'score-1-5', 'higher-is-better', $3)",
        INDICATORS,
    )
    await publish(monitor_connection, FIGURES, 1, kept)
    await publish(monitor_connection, {NOTHING_LEFT: Tally()}, 2, kept)
    theme = {("verbinding", "dialogue", "2018", AALBURG): of_scores((0, 0, 10, 0, 0))}
    await publish(monitor_connection, theme, 3, kept)
    return monitor_connection


@pytest.fixture
async def client(settings: MonitorSettings, connection: Connection) -> AsyncIterator[httpx2.AsyncClient]:  # noqa: ARG001
    """A client of the API. It has no role: everyone may read."""
    async with served(create_app(settings)) as client:
        yield client
