"""Whether an event costs the same, in CPU and memory, however many went before: ours on a short and on a long log."""

from collections.abc import Callable
from statistics import median

from . import log
from .contest import Drain, Log, drain
from .contestant import Bench
from .results import OURS
from .section import Section, Target

SHORT, LONG = 1_000_000, 20_000_000
_ROUNDS = 3


async def flatness(bench: Bench, scale: float, say: Callable[[str], None] = print) -> Section:
    """Three runs over each log, the short one first. `scale` is the share of the full size."""
    servers = bench.servers.broker.servers
    runs: dict[int, list[Drain]] = {}
    single = Log("flat-single", 1, log.write(servers, "flat-single", 1, say=say))
    for size in (max(int(SHORT * scale), 1_000), max(int(LONG * scale), 20_000)):
        topic = f"flat-{size}"
        answer = log.write(servers, topic, size, seed=3, say=say)
        for number in range(_ROUNDS):
            seen = await drain(bench, OURS, Log(topic, size, answer), single, f"flat-{size}-{number}")
            say(f"flatness: {size:,} records, {seen.cpu:.1f} CPU-s per million, {seen.taken.memory:.0f} MB")
            runs.setdefault(size, []).append(seen)
        log.drop_topic(servers, topic)
    return section(runs)


def section(runs: dict[int, list[Drain]]) -> Section:
    """The short and the long log side by side, medians."""
    cost = {size: median(run.cpu for run in some) for size, some in runs.items()}
    postgres = {
        size: median(run.per_million(run.taken.servers.postgres) for run in some) for size, some in runs.items()
    }
    memory = {size: median(run.taken.memory for run in some) for size, some in runs.items()}
    wrong = sum(not run.difference.right for some in runs.values() for run in some)
    short, long = sorted(runs)
    return Section(
        "Flat: the same cost however long the log",
        ("records", "CPU-s per million", "Postgres CPU-s per million", "peak memory, MB"),
        [(size, cost[size], postgres[size], memory[size]) for size in (short, long)],
        ("Medians of three runs each, measured as the stream benchmark does.",),
        (
            Target(f"ours: CPU per event at {long:,} / at {short:,}", cost[long] / cost[short], 1.1, at_most=True),
            Target(f"ours: memory at {long:,} / at {short:,}", memory[long] / memory[short], 1.1, at_most=True),
            Target("ours: runs with a wrong answer", wrong, 0, at_most=True, required=True),
        ),
    )
