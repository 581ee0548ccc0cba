"""A monitor with the programme's registers and some years of made-up figures, for pages to show."""

import json
import random
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from services.monitor.editions import handlers as editions
from services.monitor.editions.edition import WantedEdition
from services.monitor.figure.cells import PublicLine
from services.monitor.figure.public import PublicTally
from services.monitor.figure.quantity import Quantity
from services.monitor.figure.tally import Tally, of_scores
from services.monitor.impact.goals import handlers as goals
from services.monitor.impact.goals.bodies import GoalBody, ProgrammeAreaBody
from services.monitor.impact.instruments import handlers as instruments
from services.monitor.impact.instruments.bodies import InstrumentBody, InstrumentEvidenceBody
from services.monitor.publication.domain import Thresholds, Unit
from services.monitor.publication.handlers import next_publication, release
from shared.contracts.vocabulary import Measure, SourceKind
from shared.database import Connection
from shared.observability.tracing import continue_trace
from shared.outbox.cause import Cause

from ..figure.tallies import count, of_mean, published, ratio
from ..publication.lines import add_lines

DATA = Path(__file__).parents[3] / "deploy" / "programme" / "data"
START = datetime(2026, 1, 2, 9, tzinfo=UTC)
CAUSE = Cause(START + timedelta(days=30), "test", continue_trace(None))
HELMOND, EINDHOVEN, BREDA = "GM0794", "GM0772", "GM0758"
_INDICATOR = ("code", "nameNl", "nameEn", "theme", "resourceFamily", "unit", "direction", "measure", "owner")
CLASSES = Quantity(Measure.DISTRIBUTION)
#: Beside the programme's own, one of each kind of measure.
_MORE = """
    INSERT INTO indicator (code, name_nl, name_en, theme, resource_family, unit, direction, measure, owner) VALUES
        ('mantelzorg', 'Geeft mantelzorg', 'Gives informal care', 'verbinding', 'social', 'percent',
         'higher-is-better', 'ratio', 'ggd-hart-voor-brabant'),
        ('buurthuizen', 'Buurthuizen', 'Community centres', 'verbinding', 'environment', 'count', 'higher-is-better',
         'count', 'provincie-noord-brabant'),
        ('eenzaamheid', 'Eenzaamheid', 'Loneliness', 'verbinding', 'personal', 'class-1-4', 'lower-is-better',
         'distribution', 'ggd-hart-voor-brabant');
    INSERT INTO indicator_version VALUES
        ('verbondenheid', 2, 'Monitor 2.0', 'Vijf vragen in plaats van drie.', '2019-01-01', false,
         'de vragen zijn andere'),
        ('mantelzorg', 2, 'Monitor 2.0', 'Dezelfde vraag, aan een nieuwe steekproef.', '2019-01-01', true, NULL);
"""

#: One that spent and learnt, and one that did not yet.
_INITIATIVES = """
    INSERT INTO initiative VALUES ('sociale-stad', '1.1.1', 'Sociale Stad', '{GM0794}', '{}', 2),
        ('slowcare', '1.1.2', 'Slowcare', '{GM0758}', '{}', 1);
    INSERT INTO initiative_lesson VALUES
        ('ontmoeten', 'sociale-stad', 'Ontmoeten begint klein', true, true, '2018-05-01'),
        ('formulieren', 'sociale-stad', 'Formulieren schrikken af', false, false, '2018-06-01');
    INSERT INTO initiative_spending VALUES ('sociale-stad', 1, 5000000, 1, 2500000);
"""
_EDITIONS = (
    ("nulmeting-2016", "Nulmeting 2016", 1),
    ("monitor-2019", "Monitor 2019", 2),
    ("najaar-2026", "Najaar 2026", None),
)


async def register(connection: Connection) -> None:
    """The programme's areas, mergers and indicators, and some more indicators."""
    await connection.executemany(
        "INSERT INTO area VALUES ($1, $2, $3, $4, $5, $6)",
        [
            (a["code"], a["name"], a["level"], a["parent"], _day(a["validFrom"]), _day(a["validUntil"]))
            for a in _read("areas")
        ],
    )
    await connection.executemany(
        "INSERT INTO area_change VALUES ($1, $2, $3, $4, $5)",
        [(c["id"], _day(c["on"]), c["kind"], c["predecessors"], c["successors"]) for c in _read("area-changes")],
    )
    await connection.executemany(
        "INSERT INTO indicator VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        [tuple(indicator[name] for name in _INDICATOR) for indicator in _read("indicators")],
    )
    await connection.execute(_MORE)


async def observe(connection: Connection, load: str, lines: Iterable[PublicLine], at: datetime) -> None:
    """Publish observations as they are, as an import of that name."""
    lines = list(lines)
    async with connection.transaction():
        number = await next_publication(connection, "observations", at)
        await add_lines(connection, number, lines)
        await connection.execute(
            "INSERT INTO observation_import (id, file_name, at, event) VALUES ($1, $2, $3, $4)",
            *(load, f"{load}.csv", at, f"event-{load}"),
        )
        await connection.executemany(
            "INSERT INTO observation (import, line, entry, indicator, source, area, geography, period, respondents, n, "
            "public_total, low_n, high_n, numerator, denominator, detailed_n, public_histogram, published, version, "
            "method, total, squares, spread_n, histogram) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, "
            "$13, $14, $15, $16, $17, $18, 1, 'vragenlijst', 0, 0, 0, '{}')",
            [
                (load, 2 * entry, entry, *(one.indicator, one.source, one.area), *_when(one), *_sums(one), number)
                for entry, one in enumerate(lines, 1)
            ],
        )


async def talk(connection: Connection, dialogue: str, area: str, month: str, scores: tuple[int, ...]) -> None:
    """A dialogue about connectedness; it is published once there are ten respondents."""
    unit = Unit(
        f"dialogue/{dialogue}", 0, "verbondenheid", SourceKind.DIALOGUE, area, month, of_scores(scores), dialogue
    )
    async with connection.transaction():
        at = START + timedelta(days=int(month[:4]) - 2016, hours=int(month[5:]))
        await release(connection, [unit], [], "dialogue", at, Thresholds(10))


async def withdraw(connection: Connection, dialogue: str) -> None:
    """Take a dialogue back."""
    async with connection.transaction():
        at = START + timedelta(days=20)
        await release(connection, [], [(f"dialogue/{dialogue}", f"einde-{dialogue}")], "dialogue", at, Thresholds(10))


async def fill(connection: Connection) -> None:
    """Registers, surveys of 2016, 2019 and 2022, health figures, open data, dialogues of two years; then goals,
    instruments, two initiatives and three editions."""
    await register(connection)
    await _figures(connection)
    await _impact(connection)
    for edition, title, publication in _EDITIONS:
        async with connection.transaction():
            await editions.publish(connection, WantedEdition(edition, title, publication), CAUSE)


async def _figures(connection: Connection) -> None:
    random_ = random.Random(5)
    areas = {a["code"]: a for a in _read("areas") if a["level"] == "municipality"}
    own = {code: random_.gauss(0, 0.35) for code in areas}
    for years, year in enumerate((2016, 2019, 2022)):
        await observe(
            connection,
            f"monitor-{year}",
            [
                PublicLine(
                    indicator,
                    SourceKind.SURVEY,
                    code,
                    str(year),
                    published(
                        of_mean(round((3.2 + years / 10 + own[code] + random_.gauss(0, 0.1)) * 10**6), n, 900_000)
                    ),
                )
                for indicator in ("verbondenheid", "vertrouwen-in-elkaar", "ervaren-gezondheid")
                for code in _existing(areas, year)
                if (n := random_.randint(20, 400)) > 50 and code != "GM0870"
            ],
            START + timedelta(hours=years),
        )
    ratios = [
        PublicLine("mantelzorg", SourceKind.GGD, code, str(year), ratio(round(n * share), n))
        for year in (2016, 2020)
        for code in _existing(areas, year)
        for n, share in [(random_.randint(300, 900), 0.2 + (own[code] + 1) / 12)]
    ]
    counts = [
        PublicLine("buurthuizen", SourceKind.OPEN_DATA, code, "2024", count(people))
        for code in _existing(areas, 2024)
        if (people := random_.randint(4, 40)) >= 10
    ]
    classes = [
        PublicLine("eenzaamheid", SourceKind.GGD, code, "2020", published(_classes(answers), CLASSES))
        for code in _existing(areas, 2020)[:20]
        for answers in [tuple(random_.randint(20, 200) for _ in range(4))]
    ]
    await observe(connection, "ggd", [*ratios, *counts, *classes], START + timedelta(hours=5))
    for month in [f"{year}-{number:02}" for year in (2025, 2026) for number in range(1, 11)]:
        for code in (HELMOND, EINDHOVEN, BREDA):
            scores = tuple(random_.choices(range(5), (1, 2, 5, 6, 3), k=random_.choice((6, 12, 18, 30))))
            counted = tuple(scores.count(score) for score in range(5))
            await talk(connection, f"dialoog-{code}-{month}", code, month, counted)
    await withdraw(connection, f"dialoog-{HELMOND}-2026-09")


async def _impact(connection: Connection) -> None:
    await connection.execute(_INITIATIVES)
    for record in _read("programme-areas"):
        town = ProgrammeAreaBody(**record)
        async with connection.transaction():
            await goals.list_area(connection, town.command(), CAUSE)
    for record in _read("goals"):
        if record["initiative"] is None:
            async with connection.transaction():
                await goals.set_goal(connection, GoalBody(**record).command(), CAUSE)
    for record in _read("instruments"):
        async with connection.transaction():
            await instruments.add_instrument(connection, InstrumentBody(**record).command(), CAUSE)
    for record in _read("instrument-evidence"):
        if record["initiative"] in (None, "slowcare"):
            async with connection.transaction():
                await instruments.add_evidence(connection, InstrumentEvidenceBody(**record).command(), CAUSE)


def _existing(areas: dict[str, dict[str, Any]], year: int) -> list[str]:
    day = f"{year}-01-01"
    return [code for code, a in areas.items() if a["validFrom"] <= day < (a["validUntil"] or "9999")]


def _survey(mean: float, n: int) -> PublicTally:
    return published(of_mean(round(mean * 10**6), n, 900_000))


def _when(line: PublicLine) -> tuple[int, str]:
    return int(line.period[:4]), line.period


def _classes(answers: tuple[int, ...]) -> Tally:
    return Tally(sum(answers), sum(answers), histogram=answers)


def _sums(line: PublicLine) -> tuple[object, ...]:
    tally = line.tally
    return (
        tally.respondents,
        tally.n,
        tally.total,
        tally.low_n,
        tally.high_n,
        tally.numerator,
        tally.denominator,
        tally.detailed_n,
        list(tally.histogram),
    )


def _read(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((DATA / f"{name}.json").read_text("utf-8"))
    return found


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
