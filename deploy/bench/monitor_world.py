"""A monitor of a size: every figure follows from where, what and when it is about."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import NamedTuple, TypeAlias

import asyncpg

from services.monitor.figure.json import members
from services.monitor.figure.quantity import quantity_of
from services.monitor.figure.record import public_tally
from shared.contracts.vocabulary import DialogueTopic, Measure

from .monitor_sums import Answers, Sums, columns, drawn, shown

#: What one reads out of an answer.
Json: TypeAlias = "dict[str, object]"
MEASURES = ("mean", "ratio", "mean", "count", "mean", "ratio", "mean", "ratio", "mean", "distribution")
PROVINCE = "PV30"
#: Every so many municipalities one came from two others, in the middle of the years.
_MERGED = 25
_PER_REGION = 12
_UNITS = {"mean": "score-1-5", "ratio": "percentage", "count": "aantal", "distribution": "score-1-5"}
_OBSERVATION = ("import", "line", "indicator", "version", "source", "method", "area", "geography", "period")
#: What is public of an observation, beside what was answered: its other numbers are the same in both.
_SHOWN = ("public_total", "low_n", "high_n", "detailed_n", "public_histogram", "entry", "published")
_PUBLISHED = ("kind", "code", "source", "area", "period", "theme", "level")


class Municipality(NamedTuple):
    """A municipality; it exists in the years from `since` up to, not with, `until`. `parts` became it."""

    number: int
    code: str
    region: str
    since: int
    until: int
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class World:
    """So many municipalities in every year after the middle, indicators and years; the last year is 2024."""

    municipalities: int
    indicators: int
    years: int

    @property
    def first(self) -> int:
        """The first year."""
        return 2025 - self.years

    @property
    def middle(self) -> int:
        """The year in which municipalities merged."""
        return 2025 - self.years // 2

    @cached_property
    def every(self) -> Sequence[Municipality]:
        """All that ever were, by code."""
        found = []
        for number in range(self.municipalities):
            region = f"regio-{number // _PER_REGION:03}"
            if number % _MERGED:
                found.append(Municipality(number, f"GM{number:04}", region, self.first, 9999))
                continue
            parts = (f"GM{number + 5000}", f"GM{number + 5001}")
            found.append(Municipality(number, f"GM{number + 9000}", region, self.middle, 9999, parts))
            found += [Municipality(int(part[2:]), part, region, self.first, self.middle) for part in parts]
        return sorted(found, key=lambda one: one.code)

    @cached_property
    def by_code(self) -> dict[str, Municipality]:
        """The same by code."""
        return {one.code: one for one in self.every}

    @property
    def regions(self) -> Sequence[str]:
        """Their codes."""
        return sorted({one.region for one in self.every})

    def of_year(self, year: int) -> Sequence[Municipality]:
        """The municipalities of a year, by code."""
        return [one for one in self.every if one.since <= year < one.until]

    @property
    def cells(self) -> int:
        """Published figures in all."""
        per = sum(len(self.of_year(year)) + len(self.regions) + 1 for year in range(self.first, 2025))
        return per * self.indicators

    @property
    def observations(self) -> int:
        """Lines in all."""
        return self.indicators * sum(len(self.of_year(year)) for year in range(self.first, 2025))

    def code(self, indicator: int) -> str:
        """What an indicator is called."""
        return f"indicator-{indicator:03}"

    def theme(self, indicator: int) -> str:
        """What it is of."""
        return ("verbinding", "vertrouwen", "gezondheid")[indicator % 3]

    def publication(self, indicator: int, year: int) -> int:
        """In which publication the figures of an indicator and year came."""
        return (year - self.first) * self.indicators + indicator + 1

    def sums(self, indicator: int, area: str, year: int) -> Sums:
        """The public sums of an indicator in an area and year: what is shown, in a region or province added up."""
        if area in self.by_code:
            measure = self.measure(indicator)
            return shown(measure, drawn(measure, indicator, self.by_code[area].number, year))
        inside = [one for one in self.of_year(year) if area in (PROVINCE, one.region)]
        return Sums.of(self.sums(indicator, one.code, year) for one in inside)

    def measure(self, indicator: int) -> str:
        """What kind of figure an indicator has."""
        return MEASURES[indicator % len(MEASURES)]


def observations(world: World, indicators: Iterable[int], years: Iterable[int]) -> Iterator[str]:
    """Observations as COPY has them, with the publication of each."""
    some = list(indicators)
    for year in years:
        line = 1
        for indicator in some:
            number, code, measure = world.publication(indicator, year), world.code(indicator), world.measure(indicator)
            for one in world.of_year(year):
                line += 1
                answers = drawn(measure, indicator, one.number, year)
                sums = shown(measure, answers)
                classes = "{" + ",".join(map(str, sums.histogram)) + "}"
                told = f"{sums.total}\t{sums.low_n}\t{sums.high_n}\t{sums.detailed_n}\t{classes}\t{line - 1}\t{number}"
                about = f"import-{year}\t{line}\t{code}\t1\tsurvey\tmeting\t{one.code}\t{year}\t{year}"
                yield f"{about}\t{columns(answers)}\t{told}\n"


def _published(world: World) -> Iterator[str]:
    for indicator in range(world.indicators):
        code, theme, measure = world.code(indicator), world.theme(indicator), world.measure(indicator)
        quantity = quantity_of(Measure(measure), _UNITS[measure])
        for year in range(world.first, 2025):
            inside: dict[str, list[Sums]] = {}
            places: list[tuple[str, str, Sums]] = []
            for one in world.of_year(year):
                sums = shown(measure, drawn(measure, indicator, one.number, year))
                places.append((one.code, "municipality", sums))
                inside.setdefault(one.region, []).append(sums)
            regions = {region: Sums.of(some) for region, some in inside.items()}
            places += [(region, "region", sums) for region, sums in regions.items()]
            places.append((PROVINCE, "province", Sums.of(regions.values())))
            for area, level, sums in places:
                cell = f"indicator\t{code}\tsurvey\t{area}\t{year}\t{theme}\t{level}"
                figure = members(public_tally(*sums), quantity)
                yield f"{cell}\t{columns(sums)}\t1\t{world.publication(indicator, year)}\t{figure}\n"


async def register(connection: "asyncpg.Connection[asyncpg.Record]", world: World) -> None:
    """Areas, their mergers, indicators and a learning key."""
    began, merged = date(world.first, 1, 1), date(world.middle, 1, 1)
    await connection.execute("INSERT INTO area VALUES ($1, 'Provincie', 'province', NULL, $2, NULL)", PROVINCE, began)
    await connection.executemany(
        "INSERT INTO area VALUES ($1, $1, 'region', $2, $3, NULL)", [(one, PROVINCE, began) for one in world.regions]
    )
    await connection.executemany(
        "INSERT INTO area VALUES ($1, 'Gemeente ' || $1, 'municipality', $2, $3, $4)",
        [
            (
                one.code,
                one.region,
                date(one.since, 1, 1),
                merged if one.until == world.middle else None,
            )
            for one in world.every
        ],
    )
    await connection.executemany(
        "INSERT INTO area_change VALUES ($1, $2, 'merger', $3, $4)",
        [(f"naar-{one.code.lower()}", merged, list(one.parts), [one.code]) for one in world.every if one.parts],
    )
    await connection.execute("INSERT INTO method VALUES ('meting', 'Meting')")
    await connection.executemany(
        "INSERT INTO indicator (code, name_nl, name_en, theme, resource_family, unit, direction, measure)"
        " VALUES ($1, $1, $1, $2, 'social', $3, 'higher-is-better', $4)",
        [
            (world.code(each), world.theme(each), _UNITS[world.measure(each)], world.measure(each))
            for each in range(world.indicators)
        ],
    )
    await connection.execute("INSERT INTO learning_key VALUES (1, '2017-01-01')")
    scored = [each for each in range(world.indicators) if world.measure(each) == "mean"]
    await connection.executemany(
        "INSERT INTO learning_key_mapping VALUES (1, $1, $2)",
        [(topic.value, world.code(scored[each % len(scored)])) for each, topic in enumerate(DialogueTopic)],
    )


async def fill(connection: "asyncpg.Connection[asyncpg.Record]", world: World) -> None:
    """Every observation of every year, as imports left them, and the figures published of them."""
    now, years = datetime(2026, 11, 1, tzinfo=UTC), range(world.first, 2025)
    await connection.executemany(
        "INSERT INTO observation_import (id, file_name, at, event, entries) VALUES ($1, $1, $2, $1, $3)",
        [(f"import-{year}", now, world.indicators * len(world.of_year(year))) for year in years],
    )
    last = world.publication(world.indicators - 1, 2024)
    await connection.execute(
        "INSERT INTO publication SELECT number, $1, 'observations' FROM generate_series(1, $2::bigint) AS number",
        now,
        last,
    )
    await connection.execute("UPDATE publication_head SET number = $1", last)
    await connection.execute(
        "INSERT INTO observation_series SELECT code, 'survey', year::text, 'municipality'"
        " FROM indicator, generate_series($1::integer, 2024) AS year",
        world.first,
    )
    lines = observations(world, range(world.indicators), years)
    await connection.copy_to_table(
        "observation", source=_pieces(lines), columns=(*_OBSERVATION, *Answers._fields, *_SHOWN)
    )
    await connection.copy_to_table(
        "published",
        source=_pieces(_published(world)),
        columns=(*_PUBLISHED, *Sums._fields, "version", "publication", "shown"),
    )
    await connection.execute("VACUUM ANALYZE")


async def warm(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Have Postgres read every figure by its key, as all are after some use. A scan of the table would not stay."""
    async with connection.transaction():
        await connection.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        await connection.execute(
            "SELECT max(shown) FROM (SELECT shown FROM published ORDER BY kind, code, source, period)"
        )


async def _pieces(lines: Iterable[str]) -> AsyncIterator[bytes]:
    some: list[str] = []
    for line in lines:
        some.append(line)
        if len(some) == 1000:
            yield "".join(some).encode()
            some = []
    yield "".join(some).encode()
