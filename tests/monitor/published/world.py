"""Some published figures, and how a test asks for them."""

import json
from pathlib import Path
from typing import TypeAlias

import httpx2
from pydantic import TypeAdapter

from services.monitor.figure.json import members
from services.monitor.figure.public import PublicTally
from services.monitor.figure.quantity import SCORES, Quantity, quantity_of
from services.monitor.figure.tally import MILLION, Tally
from shared.contracts.vocabulary import Measure
from shared.database import Connection

from ..figure.tallies import of_mean, published, ratio, scores

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


def distribution(*counts: int) -> PublicTally:
    n = sum(counts)
    return published(Tally(respondents=n, n=n, histogram=counts), Quantity(Measure.DISTRIBUTION))


#: Code, source, period and area of each published figure.
FIGURES: dict[Key, PublicTally] = {
    ("verbondenheid", "dialogue", "2018", AALBURG): scores(0, 0, 10, 0, 0),
    ("verbondenheid", "dialogue", "2018", WERKENDAM): scores(0, 0, 0, 30, 0),
    ("verbondenheid", "dialogue", "2018", WOUDRICHEM): scores(0, 0, 20, 40, 0),
    ("verbondenheid", "dialogue", "2019", ALTENA): scores(10, 10, 30, 40, 20),
    ("verbondenheid", "dialogue", "2019-03", ALTENA): scores(0, 0, 10, 0, 0),
    ("verbondenheid", "dialogue", "2019-Q1", ALTENA): scores(0, 0, 10, 0, 0),
    ("verbondenheid", "survey", "2018", AALBURG): published(of_mean(4 * MILLION, 100, None)),
    ("verbondenheid", "survey", "2018", WERKENDAM): published(of_mean(3 * MILLION, 300, None)),
    ("verbondenheid", "survey", "2019", ALTENA): published(of_mean(3_500_000, 400, MILLION)),
    ("mantelzorg", "ggd", "2020", BOXTEL): ratio(50, 400),
    ("mantelzorg", "ggd", "2020", HAAREN): ratio(30, 200),
    ("mantelzorg", "ggd", "2020", HELMOND): ratio(75, 600),
    ("mantelzorg", "ggd", "2020", "noordoost-brabant"): ratio(80, 600),
    ("mantelzorg", "ggd", "2020", "PV30"): ratio(155, 1200),
    ("mantelzorg", "ggd", "2021", BOXTEL): ratio(60, 400),
    ("mantelzorg", "ggd", "2021", "PV30"): ratio(60, 400),
    ("leeftijd", "open-data", "2018", HELMOND): distribution(33, 33, 33),
    ("leeftijd", "open-data", "2019", HELMOND): distribution(33, 33, 34),
}


NOTHING_LEFT: Key = ("leeftijd", "open-data", "2017", HELMOND)


async def publish(connection: Connection, figures: dict[Key, PublicTally], number: int, kept: bool = True) -> None:
    """Without `kept` as before it was kept what is shown."""
    themes = {code: theme for code, theme, _ in INDICATORS}
    quantities = {code: quantity_of(Measure(measure), "score-1-5") for code, _, measure in INDICATORS}
    await connection.executemany(
        "INSERT INTO published (kind, code, source, area, period, theme, level, respondents, n, total, low_n, high_n, "
        "numerator, denominator, detailed_n, histogram, version, publication, shown) VALUES "
        "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1, $17, $18)",
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
                tally.low_n,
                tally.high_n,
                tally.numerator,
                tally.denominator,
                tally.detailed_n,
                list(tally.histogram),
                number,
                members(tally, quantities.get(code, SCORES)) if kept else None,
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
