"""Questions to the monitor beside a primary-key lookup in the same HTTP stack. Every answer is checked."""

import math
import os
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping, Sequence
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
from .monitor_questions import BASE, MAP, Question, Questions
from .monitor_world import World
from .section import Section, Target
from .unlimited import UNLIMITED

_ROOT = Path(__file__).parents[2]
_CONNECTIONS = 4
_WARM = 20
_COLD = "the first time: "
_AGAIN = "the map of a year, again"
_NOT_CHANGED = "the map of a year, not changed (304)"
#: Of what is not a query over cells we promise nothing.
_WHY_PROVINCE = "why a province's figure moved (100 of its lines)"


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


class Reader:
    """Asks both servers, in rounds."""

    def __init__(self, world: World, postgres: Postgres, api: tuple[int, int], bare: tuple[int, int]) -> None:
        """`api` and `bare` are a port and the pid of who serves there."""
        self._questions, self._postgres, self._api, self._bare = Questions(world), postgres, api, bare
        self._asked: dict[str, int] = {}
        self.measured: dict[str, Measured] = {}

    async def first_time(self, requests: int) -> None:
        """Maps of which Postgres has to fetch every page: shown beside the others."""
        for name in (BASE, *(name for name in self._questions.all if name.startswith(MAP))):
            await self._ask(name, _WARM, warm=True)
            await self._ask(name, min(requests, self._questions.places(name) // 10), called=_COLD + name)

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

    async def _ask(self, name: str, count: int, *, warm: bool = False, called: str = "") -> None:
        port, pid = self._bare if name == BASE else self._api
        questions, requests = await self._requests(name, count, port)
        before = usage(pid).cpu, usage(self._postgres.pid).cpu
        answers = await load(port, requests, _CONNECTIONS)
        cpu, postgres = usage(pid).cpu - before[0], usage(self._postgres.pid).cpu - before[1]
        found = self.measured.setdefault(called or name, Measured())
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
        one = self._questions.all[MAP](0)
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
        env={**os.environ, **UNLIMITED, "VEERKRACHT_DATABASE_URL": database_url, "VEERKRACHT_HTTP_PORT": str(port)},
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
    base = median(measured[BASE].p95)
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
            for name, found in sorted(measured.items(), key=lambda item: item[0].startswith(_COLD))
        ],
        [
            f"{world.cells:,} published figures and the {world.observations:,} observations they are the sums of:"
            f" {world.indicators} indicators, {world.municipalities} municipalities, {world.years} years. A"
            " twenty-fifth of the municipalities came from a merger half way.",
            f"{_CONNECTIONS} connections, the next request when the one before is answered; medians of {rounds}"
            " interleaved rounds. Other keys in every request, so that no answer was kept, but for the last two.",
            "Postgres has memory for all of it, and had read it once; `the first time` is from before, in one round.",
            "The lookup is an endpoint in the house's own app: one row of the same table by its primary key, from the"
            " same kind of pool, as JSON. Servers on one core, Postgres and the client on the other.",
            "Every answer was checked against an oracle that adds up what was drawn.",
            *(f"wrong: {each}"[:300] for each in wrongs[:5]),
        ],
        [
            *(
                Target(f"{name}: p95 / that of a primary-key lookup", median(found.p95) / base, 5.0, at_most=True)
                for name, found in measured.items()
                if name not in (BASE, _WHY_PROVINCE) and not name.startswith(_COLD)
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
