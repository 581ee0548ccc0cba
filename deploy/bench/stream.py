"""The stream benchmark: every contestant on UC4-NL, in interleaved rounds. Prints as it goes."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import asyncpg
from confluent_kafka import KafkaException

from deploy.local.processes import ProcessError

from . import log
from .contest import Drain, Log, ceiling, drain, restore
from .contestant import Bench, Contestant, build
from .freshness import freshness
from .results import CEILINGS, FOLDING, LOADS, Results, sections
from .section import Missing, Section
from .sink import open_sink

#: The shorter logs, as parts of the full one, and the records per second that take a contestant to the next longer.
_SHARES, _ENOUGH = (25, 5), (5_000, 25_000)
_FEWEST = 20_000
#: How often each is killed, and kept fresh under each load, at most.
_RESTORES = 3
_LOADINGS = 3


@dataclass(frozen=True)
class Options:
    """How much of it: `only` names folders, and empty means all; `paced_seconds` is each steady load's length."""

    events: int = 5_000_000
    rounds: int = 5
    only: frozenset[str] = frozenset()
    paced_seconds: float = 13.0

    def wants(self, contestant: Contestant) -> bool:
        """Whether this one takes part."""
        return not self.only or contestant.folder in self.only


class Stream:
    """Runs them all and keeps what was seen."""

    def __init__(self, bench: Bench, options: Options, say: Callable[[str], None] = print) -> None:
        self._bench = bench
        self._options = options
        self._say = say
        self._runs = 0
        self._logs: dict[int, Log] = {}
        self._sizes: dict[Contestant, int] = {}
        self.results = Results()

    async def run(self) -> list[Section]:
        """Everything, as sections of the report."""
        for contestant in self._wanted(FOLDING):
            await self._try(contestant, self._first)
        for number in range(self._options.rounds):
            order = self._wanted((*FOLDING, *CEILINGS))
            # Each round begins with another one, so that none always has the same neighbour.
            turn = number % len(order) if order else 0
            for contestant in order[turn:] + order[:turn]:
                await self._try(contestant, self._drain)
        for _ in range(min(self._options.rounds, _RESTORES)):
            for contestant in self._wanted(FOLDING):
                await self._try(contestant, self._restore)
        for _ in range(min(self._options.rounds, _LOADINGS)):
            for contestant in self._wanted(FOLDING):
                await self._try(contestant, self._freshness)
        return sections(self.results)

    def _wanted(self, contestants: Sequence[Contestant]) -> list[Contestant]:
        return [c for c in contestants if self._options.wants(c) and c not in self.results.out]

    async def _try(self, contestant: Contestant, part: Callable[[Contestant], Awaitable[None]]) -> None:
        """One that fails is out: the report says why, and the others go on."""
        try:
            await part(contestant)
        except (ProcessError, Missing, asyncpg.PostgresError, KafkaException, OSError) as error:
            self.results.out[contestant] = str(error)
            self._say(f"{contestant.name} is out: {error}")

    async def _first(self, contestant: Contestant) -> None:
        """Build it and see, unmeasured, what it can do: that decides how long its logs are."""
        await build(contestant, self._bench.state)
        full = self._options.events
        for share, enough in zip(_SHARES, _ENOUGH, strict=True):
            self._sizes[contestant] = size = max(full // share, min(full, _FEWEST))
            if (await self._one(contestant, size)).rate < enough:
                return
        self._sizes[contestant] = full

    async def _drain(self, contestant: Contestant) -> None:
        seen = await self._one(contestant, self._sizes.get(contestant, self._options.events))
        self.results.drains.setdefault(contestant, []).append(seen)

    async def _one(self, contestant: Contestant, size: int) -> Drain:
        group, log_ = self._group(contestant), self._log(size)
        if contestant in CEILINGS:
            seen = await ceiling(self._bench, contestant, log_, group)
        else:
            seen = await drain(self._bench, contestant, log_, self._log(1), group)
        right = "right" if seen.difference.right else f"WRONG {seen.difference}"
        self._say(
            f"{contestant.name}: {size:,} records, {seen.rate:,.0f}/s, "
            f"{seen.cpu:.1f} CPU-s per million, {seen.taken.memory:.0f} MB, {right}"
        )
        return seen

    async def _restore(self, contestant: Contestant) -> None:
        size = min(self._sizes[contestant], max(self._options.events // _SHARES[-1], _FEWEST))
        seen = await restore(self._bench, contestant, self._log(size), self._group(contestant))
        self.results.restores.setdefault(contestant, []).append(seen)
        self._say(f"{contestant.name}: killed, moved on after {seen.seconds} s, {seen.difference}")

    async def _freshness(self, contestant: Contestant) -> None:
        rate = self.results.rate(contestant) or 0.0
        for load in LOADS:
            group = self._group(contestant)
            async with open_sink(self._bench.servers, group) as sink:
                seen = await freshness(
                    self._bench, contestant, max(int(rate * load), 1), self._options.paced_seconds, group, sink
                )
            self.results.fresh.setdefault(contestant, {}).setdefault(load, []).append(seen)
            self._say(f"{contestant.name}: at {load:.0%}, {seen.rate:,.0f}/s, p99 {seen.quantile(0.99)} s")

    def _group(self, contestant: Contestant) -> str:
        self._runs += 1
        return f"bench-{self._runs}-{contestant.folder}"

    def _log(self, size: int) -> Log:
        if size not in self._logs:
            topic = f"uc4-{size}"
            answer = log.write(self._bench.servers.broker.servers, topic, size, say=self._say)
            self._logs[size] = Log(topic, size, answer)
        return self._logs[size]
