"""Some published figures, and how a test asks for them."""

import json
from pathlib import Path
from typing import TypeAlias

import httpx2
from pydantic import TypeAdapter

from services.monitor.figure.json import members
from services.monitor.figure.tally import MILLION, Tally, of_scores
from shared.contracts.vocabulary import Measure
from shared.database import Connection

from ..figure.tallies import of_mean

DATA = Path(__file__).parents[3] / "deploy" / "programme" / "data"


LEVELS = {"PV30": "province", "west-brabant": "region", "noordoost-brabant": "region"}


AALBURG, WERKENDAM, WOUDRICHEM, ALTENA = "GM0738", "GM0870", "GM0874", "GM1959"


HAAREN, BOXTEL, HELMOND = "GM0788", "GM0757", "GM0794"


#: Code, theme and measure.
INDICATORS = (
    ("dementievriendelijk", "gezondheid", "count"),
    ("leeftijd", "gezondheid", "distribution"),
    ("mantelzorg", "gezondheid", "ratio"),
    ("verbondenheid", "verbinding", "mean"),
)


Json: TypeAlias = "dict[str, object]"


Key: TypeAlias = tuple[str, str, str, str]


def count(number: int) -> Tally:
    return Tally(respondents=number, numerator=number)


def ratio(numerator: int, denominator: int) -> Tally:
    return Tally(respondents=denominator, numerator=numerator, denominator=denominator)


#: Code, source, period and area of each published figure.
FIGURES: dict[Key, Tally] = {
    ("verbondenheid", "dialogue", "2018", AALBURG): of_scores((0, 0, 10, 0, 0)),
    ("verbondenheid", "dialogue", "2018", WERKENDAM): of_scores((0, 0, 0, 30, 0)),
    ("verbondenheid", "dialogue", "2018", WOUDRICHEM): of_scores((0, 0, 20, 40, 0)),
    ("verbondenheid", "dialogue", "2019", ALTENA): of_scores((5, 5, 30, 40, 30)),
    ("verbondenheid", "dialogue", "2019-03", ALTENA): of_scores((0, 0, 10, 0, 0)),
    ("verbondenheid", "dialogue", "2019-Q1", ALTENA): of_scores((0, 0, 10, 0, 0)),
    ("verbondenheid", "survey", "2018", AALBURG): of_mean(4 * MILLION, 100, None),
    ("verbondenheid", "survey", "2018", WERKENDAM): of_mean(3 * MILLION, 300, None),
    ("verbondenheid", "survey", "2019", ALTENA): of_mean(3_500_000, 400, MILLION),
    ("mantelzorg", "ggd", "2020", BOXTEL): ratio(50, 400),
    ("mantelzorg", "ggd", "2020", HAAREN): ratio(30, 200),
    ("mantelzorg", "ggd", "2020", HELMOND): ratio(75, 600),
    ("mantelzorg", "ggd", "2020", "noordoost-brabant"): ratio(80, 600),
    ("mantelzorg", "ggd", "2020", "PV30"): ratio(155, 1200),
    ("mantelzorg", "ggd", "2021", BOXTEL): ratio(60, 400),
    ("mantelzorg", "ggd", "2021", "PV30"): ratio(60, 400),
    ("leeftijd", "open-data", "2018", HELMOND): Tally(respondents=99, n=99, histogram=(33, 33, 33)),
    ("leeftijd", "open-data", "2019", HELMOND): Tally(respondents=100, n=100, histogram=(33, 33, 34)),
}


NOTHING_LEFT: Key = ("leeftijd", "open-data", "2017", HELMOND)


async def publish(connection: Connection, figures: dict[Key, Tally], number: int, kept: bool = True) -> None:
    """Without `kept` as before it was kept what is shown."""
    themes = {code: theme for code, theme, _ in INDICATORS}
    measures = {code: Measure(measure) for code, _, measure in INDICATORS}
    await connection.executemany(
        "INSERT INTO published VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1, $16, $17)",
        [
            (
                "theme" if code == "verbinding" else "indicator",
                code,
                source,
                area,
                period,
                themes.get(code, code),
                LEVELS.get(area, "municipality"),
                tally.respondents,
                tally.n,
                tally.total,
                tally.squares,
                tally.spread_n,
                tally.numerator,
                tally.denominator,
                list(tally.histogram),
                number,
                members(tally, measures.get(code, Measure.MEAN)) if kept else None,
            )
            for (code, source, period, area), tally in figures.items()
        ],
    )
    await connection.execute("UPDATE publication_head SET number = $1", number)


async def body(client: httpx2.AsyncClient, path: str, shape: type[object] | None = None, **query: str) -> Json:
    """What a GET answers, which must have the shape that the OpenAPI document tells of: nothing more or less."""
    answer = await client.get(f"/monitor/v1{path}", params=query)
    assert answer.status_code == 200, answer.text
    if shape is not None:
        adapter = TypeAdapter(shape)
        assert json.loads(adapter.dump_json(adapter.validate_json(answer.content))) == answer.json()
    found: Json = answer.json()
    return found


async def refusal(client: httpx2.AsyncClient, path: str, **query: str) -> tuple[int, str, str]:
    """Status, code and detail of a problem."""
    answer = await client.get(f"/monitor/v1{path}", params=query)
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem = answer.json()
    return answer.status_code, problem["type"].rpartition(":")[2], problem["detail"]
