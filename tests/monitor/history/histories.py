"""Random histories of the public log, put straight into Postgres, and what they add up to by plain Python."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from services.monitor.figure.periods import around
from services.monitor.figure.public import NOTHING_PUBLIC, PublicTally, publishable
from services.monitor.figure.quantity import SCORES, Quantity
from services.monitor.figure.tally import MILLION, Tally, of_scores
from services.monitor.history.domain import CellKey
from shared.contracts.vocabulary import Measure
from shared.database import Connection

from ..figure.tallies import of_mean, published

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
    UPDATE indicator SET measure = 'ratio' WHERE code = 'vrijwilligers';
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
    tally: PublicTally
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


def folded(lines: Iterable[Line]) -> dict[CellKey, PublicTally]:
    """What lines add up to, one by one: the oracle."""
    cells: dict[CellKey, PublicTally] = {}
    for line in lines:
        area: str | None = line.area
        while area is not None:
            for period in around(line.period):
                keys = [CellKey("indicator", line.indicator, line.source, area, period)]
                if line.source == "dialogue":
                    keys.append(CellKey("theme", THEMES[line.indicator], line.source, area, period))
                for key in keys:
                    cells[key] = cells.get(key, NOTHING_PUBLIC) + line.tally
            area = PARENTS[area]
    return {cell: tally for cell, tally in sorted(cells.items()) if tally}


def state(history: History, publication: int) -> dict[CellKey, PublicTally]:
    """Every figure at a publication."""
    return folded(line for line in history.lines if line.stands(publication))


RATIO = Quantity(Measure.RATIO)
_scores = st.one_of(
    st.tuples(*[st.integers(0, 30)] * 5),
    st.tuples(st.integers(10, 200), *[st.just(0)] * 4),  # nearly alike
    st.tuples(*[st.just(0)] * 4, st.integers(10, 60)),
)
_means = st.builds(of_mean, st.integers(MILLION, 5 * MILLION), st.integers(10, 10**6), st.none() | st.just(MILLION))
_ratios = st.integers(20, 10**6).flatmap(
    lambda n: st.integers(10, n - 10).map(lambda k: Tally(respondents=n, numerator=k, denominator=n))
)


def _public(exact: st.SearchStrategy[Tally], quantity: Quantity) -> st.SearchStrategy[PublicTally]:
    return exact.filter(lambda tally: bool(publishable(tally, quantity, 10))).map(
        lambda tally: published(tally, quantity)
    )


_tallies = {
    **dict.fromkeys(THEMES, _public(st.one_of(_scores.map(of_scores), _means), SCORES)),
    "vrijwilligers": _public(_ratios, RATIO),
}
_periods = st.one_of(
    st.sampled_from(["2016", "2025", "2026"]),
    st.builds("{}-Q{}".format, st.sampled_from([2025, 2026]), st.integers(1, 4)),
    st.builds("{}-{:02}".format, st.sampled_from([2025, 2026]), st.integers(1, 12)),
)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Packets and observations that come, and of which some go again."""
    count = draw(st.integers(1, 6))
    lines: list[Line] = []
    for number in range(draw(st.integers(1, 12))):
        published = draw(st.integers(1, count))
        dissolved = draw(st.none() | st.integers(published + 1, count)) if published < count else None
        imported = draw(st.sampled_from([None, "import-a", "import-b"]))
        indicator = draw(st.sampled_from(sorted(THEMES)))
        dialogue = indicator != "vrijwilligers" and draw(st.booleans())
        line = Line(
            published,
            dissolved,
            indicator,
            "survey" if imported else "dialogue" if dialogue else "ggd",
            draw(st.sampled_from(sorted(PARENTS))),
            draw(_periods),
            draw(_tallies[indicator]),
            (f"event-of-{imported}",) if imported else (f"event-{number}-a", f"event-{number}-b"),
            () if dissolved is None else (f"end-of-{number}",),
            imported,
        )
        # Of a cell at most one observation ends, or stands, at once.
        if imported is None or _place(line) not in map(_place, lines):
            lines.append(line)
    return History(count, tuple(lines))


def _place(line: Line) -> tuple[object, ...]:
    return line.imported is None, line.indicator, line.area, line.period, line.dissolved


_COLUMNS = (
    "published, dissolved, indicator, source, area, period, respondents, n, {total}, low_n, high_n, numerator, "
    "denominator, detailed_n, {histogram}"
)
_PACKET = _COLUMNS.format(total="total", histogram="histogram")
#: An observation has what is public of it beside what it exactly is, which no reader of what is public may look at.
_OBSERVATION = _COLUMNS.format(total="public_total", histogram="public_histogram")
_PUBLISHED = """
INSERT INTO published (kind, code, source, area, period, theme, level, respondents, n, total, low_n, high_n,
                       numerator, denominator, detailed_n, histogram, version, publication)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1, $17)
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
                f"INSERT INTO packet ({_PACKET}, events, ended_by, id, units) VALUES ({_marks(18)}, 1)",  # noqa: S608  ours
                *values,
                list(line.events),
                list(line.ended_by),
                number,
            )
            continue
        await connection.execute(
            "INSERT INTO observation_import (id, file_name, at, event) VALUES ($1, 'x.csv', $2, $3) "
            "ON CONFLICT DO NOTHING",
            line.imported,
            START,
            line.events[0],
        )
        await connection.execute(
            f"INSERT INTO observation ({_OBSERVATION}, import, line, entry, ended_by, method, version, "  # noqa: S608
            "geography, total, squares, spread_n, histogram) "
            f"VALUES ({_marks(19)}, 'vragenlijst', 1, 2026, 0, 0, 0, '{{}}')",
            *values,
            line.imported,
            1000 - number,
            number,
            line.ended_by[0] if line.ended_by else None,
        )


async def put(connection: Connection, history: History) -> None:
    """The whole history, and `published` as it stands at its end."""
    await publish(connection, 1, history.publications)
    await put_lines(connection, history.lines)
    for cell, tally in state(history, history.publications).items():
        await connection.execute(_PUBLISHED, *cell, *_about(cell), *numbers(tally), history.publications)


def numbers(tally: PublicTally) -> tuple[object, ...]:
    """The sums, as columns of a table."""
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


def _about(cell: CellKey) -> tuple[str, str]:
    """Theme and level of a cell."""
    level = "municipality" if cell.area.startswith("GM") else "region" if PARENTS[cell.area] else "province"
    return cell.code if cell.kind == "theme" else THEMES.get(cell.code, "gezondheid"), level


def _where(line: Line) -> tuple[object, ...]:
    return line.published, line.dissolved, line.indicator, line.source, line.area, line.period


def _marks(count: int) -> str:
    return ", ".join(f"${n}" for n in range(1, count + 1))
