"""Two surfaces that show the same figure agree in every value that both show."""

from collections.abc import AsyncIterator, Callable

import httpx2
import pytest

from services.monitor.app import create_app
from services.monitor.figure.json import members
from services.monitor.figure.quantity import quantity_of
from services.monitor.figure.record import public_tally_of
from services.monitor.figure.tally import Tally
from services.monitor.history.domain import CellKey
from services.monitor.settings import MonitorSettings
from shared.contracts.vocabulary import Measure
from shared.database import Connection
from tests.conftest import served

from ..figure.tallies import count, of_mean, published, ratio, scores
from ..history.histories import WORLD, History, Line, put
from .surfaces import SURFACES, aggregates, texts
from .world import distribution

_MORE = """
    INSERT INTO indicator (code, name_nl, name_en, theme, resource_family, unit, direction, measure) VALUES
        ('leden', 'Leden', 'Members', 'gezondheid', 'social', 'count', 'higher-is-better', 'count'),
        ('leeftijd', 'Leeftijd', 'Age', 'gezondheid', 'social', 'class-1-3', 'higher-is-better', 'distribution'),
        ('tevreden', 'Tevreden', 'Content', 'gezondheid', 'personal', 'percentage', 'higher-is-better', 'mean')
"""
_MANY = of_mean(3_141_592, 412, None)
_PERCENTAGE = quantity_of(Measure.MEAN, "percentage")
#: Bounds at both ends, few and many answers, what went again, every measure.
PAST = History(
    3,
    (
        Line(1, None, "verbondenheid", "dialogue", "GM0794", "2026-11", scores(0, 2, 5, 8, 5), ("e1",)),
        Line(2, None, "verbondenheid", "dialogue", "GM0794", "2026-10", scores(3, 2, 1, 4, 3), ("e2",)),
        Line(2, 3, "verbondenheid", "dialogue", "GM0794", "2026-02", scores(9, 0, 0, 0, 3), ("e3",), ("gone",)),
        Line(1, None, "verbondenheid", "dialogue", "GM0828", "2026-03", scores(0, 0, 0, 0, 12), ("e4",)),
        Line(1, None, "buurthulp", "dialogue", "GM0828", "2026-03", scores(14, 0, 0, 0, 0), ("e5",)),
        Line(2, None, "buurthulp", "dialogue", "GM0772", "2026-03", scores(11, 12, 40, 41, 39), ("e6",)),
        Line(3, None, "gezond", "dialogue", "GM0772", "2026-Q2", scores(0, 0, 60, 50, 50), ("e7",)),
        Line(2, None, "verbondenheid", "survey", "GM0794", "2026", published(_MANY), imported="a"),
        Line(2, None, "verbondenheid", "survey", "GM0828", "2026", scores(0, 0, 0, 0, 15), imported="a"),
        Line(3, None, "verbondenheid", "survey", "GM0772", "2025", scores(100, 50, 20, 10, 10), imported="a"),
        Line(2, None, "vrijwilligers", "survey", "GM0794", "2026", ratio(13, 50), imported="a"),
        Line(2, None, "vrijwilligers", "ggd", "GM0772", "2026", ratio(1_000, 3_000)),
        Line(3, None, "leden", "open-data", "GM0794", "2026", count(7_000)),
        Line(3, None, "leeftijd", "open-data", "GM0794", "2026", distribution(40, 50, 30)),
        Line(3, None, "leeftijd", "open-data", "GM0828", "2026", distribution(5, 5, 3)),
        Line(3, None, "tevreden", "ggd", "GM0794", "2026", published(of_mean(31_400_000, 12, None), _PERCENTAGE)),
        Line(3, None, "tevreden", "ggd", "GM0828", "2026", published(Tally(120, 120, 120 * 68_333_333), _PERCENTAGE)),
    ),
)


@pytest.fixture(params=[True, False], ids=["kept as shown", "from sums"])
async def client(
    settings: MonitorSettings,
    monitor_connection: Connection,
    bearer: Callable[..., dict[str, str]],
    request: pytest.FixtureRequest,
) -> AsyncIterator[httpx2.AsyncClient]:
    """A reader of a small world, before which an edition was made, and at the end of which another."""
    await monitor_connection.execute(WORLD + _MORE)
    await put(monitor_connection, PAST)
    if request.param:
        rows = await monitor_connection.fetch(
            "SELECT p.*, coalesce(measure, 'mean') AS measure, coalesce(unit, 'score-1-5') AS unit FROM published AS p "
            "LEFT JOIN indicator ON p.kind = 'indicator' AND indicator.code = p.code"
        )
        await monitor_connection.executemany(
            "UPDATE published SET shown = $1 WHERE (kind, code, source, area, period) = ($2, $3, $4, $5, $6)",
            [
                (members(public_tally_of(row), quantity_of(Measure(row["measure"]), row["unit"])), *_key(row))
                for row in rows
            ],
        )
    async with served(create_app(settings)) as client:
        for name, publication in (("before", 0), ("now", 3)):
            body = {"id": name, "title": name, "publication": publication}
            answer = await client.post("/monitor/v1/editions", json=body, headers=bearer("programme"))
            assert answer.status_code == 201, answer.text
        yield client


def _key(row: object) -> CellKey:
    return CellKey(*(row[name] for name in CellKey._fields))  # type: ignore[index]


async def disagreements(client: httpx2.AsyncClient) -> list[object]:
    """Each value that one surface shows of a cell and another shows otherwise, with both."""
    known: dict[CellKey, dict[str, tuple[object, str]]] = {}
    found: list[object] = []
    for name, surface in SURFACES.items():
        seen = 0
        async for cell, values in surface(client):
            seen += 1
            # Of the first, which has numbers and margins, it is known what a page must say.
            told = {**values, **texts(values)} if surface is aggregates else values
            before = known.setdefault(cell, {})
            for key, value in told.items():
                other, where = before.setdefault(key, (value, name))
                if other != value:
                    found.append((cell, key, where, other, name, value))
        assert seen > 5, f"{name} shows hardly anything: then it cannot disagree"
    assert {cell.kind for cell in known} == {"indicator", "theme"}
    return found


async def test_all_surfaces_agree(client: httpx2.AsyncClient) -> None:
    assert await disagreements(client) == []


async def test_a_surface_that_says_otherwise_is_seen(
    client: httpx2.AsyncClient, monitor_connection: Connection
) -> None:
    """Negative control."""
    await monitor_connection.execute(
        "UPDATE published SET total = total + 3000000, shown = NULL WHERE area = 'GM0794' AND source = 'dialogue'"
    )
    assert await disagreements(client)
