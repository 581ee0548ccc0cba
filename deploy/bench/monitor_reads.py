"""Questions to the monitor beside a primary-key lookup in the same HTTP stack. Every answer is checked."""

import math
import os
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import msgspec

from deploy.local.ports import HOST, free_port, listens
from deploy.local.postgres import Postgres
from deploy.local.processes import end, spawn, until

from .http_load import Answer, get, load
from .machine import usage
from .monitor_world import PROVINCE, Json, Sums, World, wrong
from .section import Section, Target

_ROOT = Path(__file__).parents[2]
_CONNECTIONS = 4
_WARM = 20
_BASE = "primary-key lookup"
_AGAIN = "the map of a year, again"
_NOT_CHANGED = "the map of a year, not changed (304)"
#: Of what is not a query over cells we promise nothing.
_SHOWN_ONLY = frozenset({"why a province's figure moved (100 of its lines)"})


@dataclass(frozen=True)
class Question:
    """What is asked, and what is wrong with an answer: None when it is right."""

    path: str
    check: Callable[[Json], str | None]


@dataclass
class Measured:
    """The rounds of one question: 50th and 95th percentile and CPU, in ms; bytes of an answer, and wrong answers."""

    p50: list[float] = field(default_factory=list)
    p95: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    postgres: list[float] = field(default_factory=list)
    size: int = 0
    asked: int = 0
    wrong: list[str] = field(default_factory=list)


class Questions:
    """Each question of a world, with other keys for every number."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._old, self._new = (
            range(world.first, world.middle),
            range(world.middle, 2025),
        )
        self.all: Mapping[str, Callable[[int], Question]] = {
            _BASE: self._lookup,
            "one figure": self._cell,
            f"a series of {world.years} years": self._series,
            "a page of 100 figures": self._page,
            "the map of a year": self._map,
            "the map of a year in a later division": self._recalculated,
            "why a municipality's figure moved": self._why,
            "why a province's figure moved (100 of its lines)": self._why_province,
        }

    def places(self, question: str) -> int:
        """How often a question can be asked without being repeated."""
        world, years = self._world, self._world.indicators * self._world.years
        if "later division" in question:
            return world.indicators * len(self._old) * len(self._new)
        if "map" in question or "page" in question or "province" in question:
            return years
        return world.indicators * len(world.of_year(2024))

    def _pick(self, number: int) -> tuple[int, int, int]:
        """An indicator, a year and a place among the municipalities: all others before one comes again."""
        years = self._world.indicators * self._world.years
        spot = _spread(number, years)
        return spot % self._world.indicators, self._world.first + spot // self._world.indicators, number

    def _lookup(self, number: int) -> Question:
        indicator, year, area = self._one(number)
        sums = self._world.sums(indicator, area, year)

        def check(answer: Json) -> str | None:
            found = tuple(answer.get(name) for name in ("respondents", "n", "numerator", "denominator"))
            belongs = (sums.respondents, sums.n, sums.numerator, sums.denominator)
            return None if found == belongs else f"{found} where {belongs} belongs"

        return Question(f"/monitor/v1/lookup/{self._world.code(indicator)}/{year}/{area}", check)

    def _one(self, number: int) -> tuple[int, int, str]:
        indicator, year, number = self._pick(number)
        there = self._world.of_year(year)
        return indicator, year, there[number * 31 % len(there)].code

    def _cell(self, number: int) -> Question:
        indicator, year, area = self._one(number)
        code = self._world.code(indicator)
        return Question(
            f"/monitor/v1/aggregates?kind=indicator&code={code}&source=survey&period={year}&area={area}",
            lambda answer: self._figures(answer["items"], indicator, year, [area]),
        )

    def _page(self, number: int) -> Question:
        indicator, year, _ = self._pick(number)
        areas = sorted([*(one.code for one in self._world.of_year(year)), *self._world.regions, PROVINCE])[:100]
        return Question(
            f"/monitor/v1/aggregates?kind=indicator&code={self._world.code(indicator)}&source=survey&period={year}",
            lambda answer: self._figures(answer["items"], indicator, year, areas),
        )

    def _figures(self, items: object, indicator: int, year: int, areas: Sequence[str]) -> str | None:
        found = {str(item["area"]): item for item in _dicts(items)}
        if list(found) != list(areas):
            return f"{list(found)} where {areas} belongs"
        measure = self._world.measure(indicator)
        return _first(wrong(found[area], measure, self._world.sums(indicator, area, year)) for area in areas)

    def _series(self, number: int) -> Question:
        indicator, _, area = self._one(number)
        one, measure = self._world.by_code[area], self._world.measure(indicator)
        years = [year for year in range(self._world.first, 2025) if one.since <= year < one.until]

        def check(answer: Json) -> str | None:
            [series] = _dicts(answer["series"])
            points = {str(point["period"]): point["figure"] for point in _dicts(series["points"])}
            if list(points) != list(map(str, years)):
                return f"{list(points)} where {years} belongs"
            return _first(wrong(points[str(year)], measure, self._world.sums(indicator, area, year)) for year in years)

        return Question(f"/monitor/v1/indicators/{self._world.code(indicator)}/areas/{area}/series", check)

    def _map(self, number: int) -> Question:
        indicator, year, _ = self._pick(number)
        path = f"/monitor/v1/indicators/{self._world.code(indicator)}/map?source=survey&period={year}"
        expected = {one.code: self._world.sums(indicator, one.code, year) for one in self._world.of_year(year)}
        return Question(path, lambda answer: self._areas(answer, indicator, expected))

    def _recalculated(self, number: int) -> Question:
        spot = _spread(number, self._world.indicators * len(self._old) * len(self._new))
        spot, indicator = divmod(spot, self._world.indicators)
        year, division = self._old[spot % len(self._old)], self._new[spot // len(self._old)]
        expected = {
            one.code: Sums.of(self._world.sums(indicator, part, year) for part in one.parts or (one.code,))
            for one in self._world.of_year(division)
        }
        path = (
            f"/monitor/v1/indicators/{self._world.code(indicator)}/map?source=survey&period={year}&indeling={division}"
        )
        return Question(path, lambda answer: self._areas(answer, indicator, expected))

    def _areas(self, answer: Json, indicator: int, expected: Mapping[str, Sums]) -> str | None:
        found = {str(area["area"]): area["figure"] for area in _dicts(answer["areas"])}
        if found.keys() != expected.keys():
            return f"other areas: {found.keys() ^ expected.keys()}"
        measure = self._world.measure(indicator)
        return _first(wrong(found[code], measure, sums) for code, sums in expected.items())

    def _why(self, number: int) -> Question:
        indicator, year, area = self._one(number)
        return self._explained(indicator, year, area, self._world.sums(indicator, area, year), 1)

    def _why_province(self, number: int) -> Question:
        indicator, year, _ = self._pick(number)
        sums = self._world.sums(indicator, PROVINCE, year)
        return self._explained(indicator, year, PROVINCE, sums, min(100, len(self._world.of_year(year))))

    def _explained(self, indicator: int, year: int, area: str, sums: Sums, lines: int) -> Question:
        def check(answer: Json) -> str | None:
            figure = msgspec.convert(answer["end"], dict[str, object])
            found: list[object] = [figure[name] for name in ("n", "sumMillionths", "numerator")]
            found += [answer["sumsExactly"], len(_dicts(answer["contributions"]))]
            belongs = [sums.n, sums.total, sums.numerator, True, lines]
            return None if found == belongs else f"{found} where {belongs} belongs"

        code = self._world.code(indicator)
        path = f"/monitor/v1/indicators/{code}/areas/{area}/explanation?source=survey&period={year}"
        return Question(path, check)


class Reader:
    """Asks both servers, in rounds."""

    def __init__(self, world: World, postgres: Postgres, api: tuple[int, int], bare: tuple[int, int]) -> None:
        """`api` and `bare` are a port and the pid of who serves there."""
        self._questions, self._postgres, self._api, self._bare = Questions(world), postgres, api, bare
        self._asked: dict[str, int] = {}
        self.measured: dict[str, Measured] = {}

    async def rounds(self, number: int, requests: int) -> Mapping[str, Measured]:
        """Every question so often in every round, with a key of its own each time; each round begins with another."""
        names = [*self._questions.all, _AGAIN, _NOT_CHANGED]
        for name in names:
            await self._ask(name, _WARM, warm=True)
        for each in range(number):
            start = each * 3 % len(names)
            for name in (*names[start:], *names[:start]):
                places = self._questions.places(name) // (number + 1)
                await self._ask(name, requests if name in (_AGAIN, _NOT_CHANGED) else min(requests, places))
        return self.measured

    async def _ask(self, name: str, count: int, *, warm: bool = False) -> None:
        port, pid = self._bare if name == _BASE else self._api
        questions, requests = await self._requests(name, count, port)
        before = usage(pid).cpu, usage(self._postgres.pid).cpu
        answers = await load(port, requests, _CONNECTIONS)
        cpu, postgres = usage(pid).cpu - before[0], usage(self._postgres.pid).cpu - before[1]
        found = self.measured.setdefault(name, Measured())
        found.wrong += _wrong(questions, answers, 304 if name == _NOT_CHANGED else 200)
        if warm:
            return
        seconds = sorted(answer.seconds for answer in answers)
        found.p50.append(1000 * seconds[len(seconds) // 2])
        found.p95.append(1000 * seconds[math.ceil(0.95 * len(seconds)) - 1])
        found.cpu.append(1000 * cpu / len(answers))
        found.postgres.append(1000 * postgres / len(answers))
        found.size = len(answers[-1].body)
        found.asked += len(answers)

    async def _requests(self, name: str, count: int, port: int) -> tuple[list[Question], list[bytes]]:
        if name not in (_AGAIN, _NOT_CHANGED):
            begun = self._asked.get(name, 0)
            self._asked[name] = begun + count
            questions = [self._questions.all[name](number) for number in range(begun, begun + count)]
            return questions, [get(question.path) for question in questions]
        one = self._questions.all["the map of a year"](0)
        [first] = await load(port, [get(one.path)], 1)
        etag = first.head.partition(b"etag: ")[2].partition(b"\r\n")[0].decode()
        headers = {"If-None-Match": etag} if name == _NOT_CHANGED else {}
        return [one] * count, [get(one.path, **headers)] * count


@asynccontextmanager
async def served(module: Sequence[str], database_url: str, core: int, logs: Path) -> AsyncIterator[tuple[int, int]]:
    """A server on a core: its port and pid."""
    port = free_port()
    log = logs / f"{module[0]}-{time.monotonic_ns()}.log"
    process: Process = await spawn(
        ["taskset", "-c", str(core), sys.executable, "-m", *module],
        log,
        cwd=_ROOT,
        env={**os.environ, "VEERKRACHT_DATABASE_URL": database_url, "VEERKRACHT_HTTP_PORT": str(port)},
    )

    async def answers() -> bool:
        return listens(f"{HOST}:{port}")

    try:
        await until(answers, process, module[0], log)
        yield port, process.pid
    finally:
        await end(process)


def section(world: World, rounds: int, measured: Mapping[str, Measured]) -> Section:
    """The questions beside the lookup."""
    base = median(measured[_BASE].p95)
    wrongs = [f"{name}: {each}" for name, found in measured.items() for each in found.wrong]
    return Section(
        "Monitor: questions beside a primary-key lookup",
        (
            *("question", "asked", "p50, ms", "p95, ms", "p95 / lookup's", "server CPU, ms", "Postgres CPU, ms"),
            "bytes",
        ),
        [
            (
                *(name, found.asked, median(found.p50), median(found.p95), median(found.p95) / base),
                *(median(found.cpu), median(found.postgres), found.size),
            )
            for name, found in measured.items()
        ],
        [
            f"{world.cells:,} published figures and the {world.observations:,} observations they are the sums of:"
            f" {world.indicators} indicators, {world.municipalities} municipalities, {world.years} years. A"
            " twenty-fifth of the municipalities came from a merger half way.",
            f"{_CONNECTIONS} connections, the next request when the one before is answered; medians of {rounds}"
            " interleaved rounds. Other keys in every request, so that no answer was kept, but for the last two.",
            "The lookup is an endpoint in the house's own app: one row of the same table by its primary key, from the"
            " same kind of pool, as JSON. Servers on one core, Postgres and the client on the other.",
            "Every answer was checked against an oracle that adds up what was drawn.",
            *(f"wrong: {each}"[:300] for each in wrongs[:5]),
        ],
        [
            *(
                Target(f"{name}: p95 / that of a primary-key lookup", median(found.p95) / base, 5.0, at_most=True)
                for name, found in measured.items()
                if name != _BASE and name not in _SHOWN_ONLY
            ),
            Target("monitor: wrong answers", len(wrongs), 0, at_most=True, required=True),
        ],
    )


def _wrong(questions: Sequence[Question], answers: Sequence[Answer], status: int) -> list[str]:
    found = [] if len(answers) == len(questions) else [f"{len(answers)} answers to {len(questions)} questions"]
    for question, answer in zip(questions, answers, strict=False):
        if answer.status != status:
            found.append(f"{question.path}: status {answer.status}: {answer.body[:200]!r}")
        elif status == 200 and (why := question.check(msgspec.json.decode(answer.body, type=dict[str, object]))):
            found.append(f"{question.path}: {why}")
    return found


def _first(some: Iterable[str | None]) -> str | None:
    return next(filter(None, some), None)


def _dicts(value: object) -> list[Json]:
    return msgspec.convert(value, list[dict[str, object]])


def _spread(number: int, size: int) -> int:
    """All places once before one comes again, neighbours far apart."""
    step = max(1, size * 5 // 8)
    while math.gcd(step, size) > 1:
        step += 1
    return number * step % size
