"""What is shown of every municipality in one row is what is read of each in a row of its own."""

import pytest

from services.monitor.figure.json import members
from services.monitor.indicators.register import require
from services.monitor.published.municipalities import municipality_figures, tallies
from shared.contracts.vocabulary import SourceKind
from shared.database import Connection

from .world import AALBURG, ALTENA, BOXTEL, HAAREN, WERKENDAM


@pytest.mark.parametrize(
    ("code", "source", "period", "some"),
    [
        ("verbondenheid", "dialogue", "2018", [AALBURG]),
        ("verbondenheid", "survey", "2018", [AALBURG, WERKENDAM]),
        ("verbondenheid", "survey", "2019", [ALTENA]),
        ("mantelzorg", "ggd", "2020", [BOXTEL, HAAREN]),
        ("leeftijd", "open-data", "2018", []),
        ("leeftijd", "open-data", "2017", []),
        ("mantelzorg", "ggd", "1999", []),
    ],
)
async def test_both_ways_say_the_same(
    connection: Connection, code: str, source: str, period: str, some: list[str]
) -> None:
    indicator = await require(connection, code)
    found = await municipality_figures(connection, indicator, SourceKind(source), period, " ".join(some))
    plain, newest = await tallies(connection, code, SourceKind(source), period)
    assert dict(zip(found.areas.split(), found.figures, strict=True)) == {
        area: members(tally, indicator.measure) for area, tally in plain.items()
    }
    assert {area: found.parts[area] for area in some} == {area: plain[area] for area in some}
    assert found.newest == newest
