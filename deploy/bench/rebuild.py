"""The production rebuild on UC4-NL, beside a drain of the same log; both must end with the right rows."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import asyncpg

from . import log
from .contest import Log
from .contestant import Bench, Contestant, Running, running
from .oracle import compare
from .ours import AGAIN
from .results import OURS
from .section import Section, Target
from .sink import Sink, open_sink

_EVENTS, _FEWEST = 10_000_000, 20_000
_ROUNDS = 3
_REBUILD = Contestant("ours: rebuild", "ours", "rebuild")
_POLL_SECONDS = 0.02
_STALL_SECONDS = 120.0


@dataclass(frozen=True)
class _Round:
    """Records per second of a drain and of the rebuild after it, and how many rows or letters were wrong in the end."""

    drained: float
    rebuilt: float
    wrong: int


async def rebuild(bench: Bench, scale: float, say: Callable[[str], None] = print) -> Section:
    """Three rounds of draining a log and rebuilding from it. `scale` is the share of ten million records."""
    servers = bench.servers.broker.servers
    size = max(int(_EVENTS * scale), _FEWEST)
    topic = f"rebuild-{size}"
    whole = Log(topic, size, log.write(servers, topic, size, seed=4, say=say))
    rounds = []
    for number in range(_ROUNDS):
        rounds.append(seen := await _round(bench, whole, f"rebuild-{number}"))
        say(
            f"rebuild: {size:,} records, {seen.drained:,.0f}/s drained, {seen.rebuilt:,.0f}/s rebuilt, {seen.wrong} wrong"
        )
    log.drop_topic(servers, topic)
    return _section(size, rounds)


async def _round(bench: Bench, whole: Log, group: str) -> _Round:
    size = whole.size
    async with open_sink(bench.servers, group) as sink:
        async with running(bench, OURS, whole.topic, group, sink) as process:
            drained = await _rate(process, sink, "bench", size)
        async with running(bench, _REBUILD, whole.topic, f"{group}{AGAIN}", sink) as process:
            rebuilt = await _rate(process, sink, "bench_rebuild", size)
            await process.wait(_STALL_SECONDS)
        wrong = compare(whole.answer, await sink.cells(), await sink.dead())
    return _Round(drained, rebuilt, wrong.wrong_cells + wrong.dead_missing + wrong.dead_extra)


async def _rate(process: Running, sink: Sink, schema: str, size: int) -> float:
    """Records per second between the first batch and the last, by the watermarks in a schema."""
    watermarks = f"SELECT coalesce(sum(next_offset), 0)::bigint FROM {schema}.watermark"  # noqa: S608 - ours
    first: tuple[int, float] | None = None
    seen, moved = 0, time.monotonic()
    while True:
        process.check()
        try:
            at: int = await sink.connection.fetchval(watermarks)
        except asyncpg.UndefinedTableError:
            # Not made yet, or gone with the swap: what was last seen was then the end.
            at = size if seen else 0
        now = time.monotonic()
        if at > seen:
            seen, moved = at, now
            first = first or (at, now)
        if first and seen >= size:
            return (size - first[0]) / max(moved - first[1], 0.001)
        if now - moved > _STALL_SECONDS:
            raise TimeoutError(f"{schema} stands still at {seen} of {size}")
        await asyncio.sleep(_POLL_SECONDS)


def _section(size: int, rounds: list[_Round]) -> Section:
    drained, rebuilt = median(r.drained for r in rounds), median(r.rebuilt for r in rounds)
    return Section(
        "Rebuild: the whole log into a shadow, swapped in",
        ("what", "records", "records/s"),
        [("drain by the live worker", size, drained), ("rebuild", size, rebuilt)],
        (
            "Medians of three rounds, each a drain and then a rebuild of the same log, on the contestants' core.",
            "From the first batch to the last, by the watermarks. Rows after the swap are compared with the oracle's.",
        ),
        (
            Target("rebuild: records/s / those of a drain", rebuilt / drained, 0.8),
            Target(
                "rebuild: wrong rows and dead letters", sum(r.wrong for r in rounds), 0, at_most=True, required=True
            ),
        ),
    )
