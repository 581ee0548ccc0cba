"""Random histories of the public log, put straight into Postgres, and what they add up to by plain Python."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from services.monitor.figure.periods import around
from services.monitor.figure.tally import NOTHING, Tally, of_scores
from services.monitor.history.domain import CellKey
from shared.database import Connection

from ..figure.tallies import of_mean

START = datetime(2026, 1, 1, 9, 0, tzinfo=UTC)
PARENTS = {
    "PV30": None,
    "zuidoost-brabant": "PV30",
    "noordoost-brabant": "PV30",
    "GM0794": "zuidoost-brabant",
    "GM0772": "zuidoost-brabant",
    "GM0828": "noordoost-brabant",
}
THEMES = {
    "verbondenheid": "verbinding",
    "buurthulp": "verbinding",
    "gezond": "gezondheid",
    "vrijwilligers": "verbinding",
}
WORLD = """
    INSERT INTO area VALUES ('PV30', 'Noord-Brabant', 'province', NULL, '2016-01-01', NULL),
        ('zuidoost-brabant', 'Zuidoost-Brabant', 'region', 'PV30', '2016-01-01', NULL),
        ('noordoost-brabant', 'Noordoost-Brabant', 'region', 'PV30', '2016-01-01', NULL),
        ('GM0794', 'Helmond', 'municipality', 'zuidoost-brabant', '2016-01-01', NULL),
        ('GM0772', 'Eindhoven', 'municipality', 'zuidoost-brabant', '2016-01-01', NULL),
        ('GM0828', 'Oss', 'municipality', 'noordoost-brabant', '2016-01-01', NULL);
    INSERT INTO indicator VALUES
        ('verbondenheid', 'Verbondenheid', 'Connection', 'verbinding', 'social', 'score-1-5', 'higher-is-better'),
        ('buurthulp', 'Buurthulp', 'Help', 'verbinding', 'social', 'score-1-5', 'higher-is-better'),
        ('gezond', 'Gezond voelen', 'Health', 'gezondheid', 'personal', 'score-1-5', 'higher-is-better'),
        ('vrijwilligers', 'Aandeel vrijwilligers', 'Volunteers', 'verbinding', 'social', 'percent', 'higher-is-better');
"""


@dataclass(frozen=True)
class Line:
    """A line of the public log: a packet, or an observation when it has an import."""

    published: int
    dissolved: int | None
    indicator: str
    source: str
    area: str
    period: str
    tally: Tally
    events: tuple[str, ...] = ("event",)
    ended_by: tuple[str, ...] = ()
    imported: str | None = None

    def stands(self, publication: int) -> bool:
        """Whether it counts at a publication."""
        return self.published <= publication and (self.dissolved is None or self.dissolved > publication)


@dataclass(frozen=True)
class History:
    """Lines, and how many publications there were."""

    publications: int
    lines: tuple[Line, ...]


def folded(lines: Iterable[Line]) -> dict[CellKey, Tally]:
    """What lines add up to, one by one: the oracle."""
    cells: dict[CellKey, Tally] = {}
    for line in lines:
        area: str | None = line.area
        while area is not None:
            for period in around(line.period):
                keys = [CellKey("indicator", line.indicator, line.source, area, period)]
                if line.source == "dialogue":
                    keys.append(CellKey("theme", THEMES[line.indicator], line.source, area, period))
                for key in keys:
                    cells[key] = cells.get(key, NOTHING) + line.tally
            area = PARENTS[area]
    return {cell: tally for cell, tally in sorted(cells.items()) if tally}


def state(history: History, publication: int) -> dict[CellKey, Tally]:
    """Every figure at a publication."""
    return folded(line for line in history.lines if line.stands(publication))


_scores = st.tuples(*[st.integers(0, 30)] * 5).filter(lambda scores: sum(scores) >= 10)
_tallies = st.one_of(
    _scores.map(of_scores),
    st.builds(of_mean, st.integers(-(10**7), 10**9), st.integers(10, 10**6), st.none() | st.integers(0, 10**8)),
    st.integers(10, 10**6).flatmap(
        lambda n: st.integers(0, n).map(lambda k: Tally(respondents=n, numerator=k, denominator=n))
    ),
)
_periods = st.one_of(
    st.sampled_from(["2016", "2025", "2026"]),
    st.builds("{}-Q{}".format, st.sampled_from([2025, 2026]), st.integers(1, 4)),
    st.builds("{}-{:02}".format, st.sampled_from([2025, 2026]), st.integers(1, 12)),
)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Packets and observations that come, and of which some go again."""
    count = draw(st.integers(1, 6))
    lines = []
    for number in range(draw(st.integers(1, 12))):
        published = draw(st.integers(1, count))
        dissolved = draw(st.none() | st.integers(published + 1, count)) if published < count else None
        imported = draw(st.sampled_from([None, "import-a", "import-b"]))
        lines.append(
            Line(
                published,
                dissolved,
                draw(st.sampled_from(sorted(THEMES))),
                "survey" if imported else draw(st.sampled_from(["dialogue", "ggd"])),
                draw(st.sampled_from(sorted(PARENTS))),
                draw(_periods),
                draw(_tallies),
                (f"event-of-{imported}",) if imported else (f"event-{number}-a", f"event-{number}-b"),
                () if dissolved is None else (f"end-of-{number}",),
                imported,
            )
        )
    return History(count, tuple(lines))


_COLUMNS = (
    "published, dissolved, indicator, source, area, period, respondents, n, total, squares, spread_n, numerator, "
    "denominator, histogram"
)
_PUBLISHED = """
INSERT INTO published (kind, code, source, area, period, theme, level, respondents, n, total, squares, spread_n,
                       numerator, denominator, histogram, version, publication)
VALUES ($1, $2, $3, $4, $5, 'verbinding', 'region', $6, $7, $8, $9, $10, $11, $12, $13, 1, $14)
"""


async def publish(connection: Connection, first: int, last: int) -> None:
    """Publications, an hour apart."""
    for number in range(first, last + 1):
        reason = "observations" if number % 3 == 0 else "dialogue"
        await connection.execute(
            "INSERT INTO publication VALUES ($1, $2, $3)", number, START + timedelta(hours=number), reason
        )
        await connection.execute("UPDATE publication_head SET number = $1", number)


async def put_lines(connection: Connection, lines: Sequence[Line], first: int = 1) -> None:
    """Lines of publications that are there, numbered from `first`."""
    for number, line in enumerate(lines, first):
        values = (*_where(line), *numbers(line.tally))
        if line.imported is None:
            await connection.execute(
                f"INSERT INTO packet ({_COLUMNS}, events, ended_by, id, units) VALUES ({_marks(17)}, 1)",  # noqa: S608  ours
                *values,
                list(line.events),
                list(line.ended_by),
                number,
            )
            continue
        await connection.execute(
            "INSERT INTO observation_import (id, sha256, file_name, rows, refused, replaced, at, event) "
            "VALUES ($1, $1, 'x.csv', 1, 0, 0, $2, $3) ON CONFLICT DO NOTHING",
            line.imported,
            START,
            line.events[0],
        )
        await connection.execute(
            f"INSERT INTO observation ({_COLUMNS}, import, line, ended_by, method, version, geography) "  # noqa: S608
            f"VALUES ({_marks(18)}, 1, 2026)",
            *values,
            line.imported,
            number,
            line.ended_by[0] if line.ended_by else None,
            f"survey-{number}",
        )


async def put(connection: Connection, history: History) -> None:
    """The whole history, and `published` as it stands at its end."""
    await publish(connection, 1, history.publications)
    await put_lines(connection, history.lines)
    for cell, tally in state(history, history.publications).items():
        await connection.execute(_PUBLISHED, *cell, *numbers(tally), history.publications)


def numbers(tally: Tally) -> tuple[object, ...]:
    """The sums, as columns of a table."""
    return (
        tally.respondents,
        tally.n,
        tally.total,
        tally.squares,
        tally.spread_n,
        tally.numerator,
        tally.denominator,
        list(tally.histogram),
    )


def _where(line: Line) -> tuple[object, ...]:
    return line.published, line.dissolved, line.indicator, line.source, line.area, line.period


def _marks(count: int) -> str:
    return ", ".join(f"${n}" for n in range(1, count + 1))
