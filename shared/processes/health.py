"""Whether a service keeps up: what its processes said of themselves, held against what there should be of them."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import structlog

from ..database import TRANSIENT, Connection, Pool
from ..observability import metrics
from ..observability.heartbeat import STOPPED
from ..outbox import set_aside
from ..outbox.log_tail import RELAY
from ..outbox.waiting import WAITS

#: Each service has these. Of any there may be several: one that is gone does not count, one that lives must be well.
PROCESSES = ("api", "relay", "stream")
#: After so long without a beat it is gone, or hangs.
SILENT_SECONDS = 10.0
#: Who ended by itself this often within this time, and has not lived longer since than before, keeps ending.
_OFTEN, _LATELY_SECONDS = 3, 600.0
_STEADY_SECONDS = (10.0, 60.0)

_READ = """
SELECT process, problems, ended, extract(epoch FROM clock_timestamp() - beat_at)::float8 AS silent,
       extract(epoch FROM beat_at - started_at)::float8 AS lived
FROM process_health ORDER BY process, silent
"""
_HALTS = "SELECT projection, reason FROM halt ORDER BY found_at, projection, topic, partition"
#: How often it is measured for Prometheus.
_MEASURE_SECONDS = 5.0
#: To be asked takes no longer: what has no answer by then is trouble itself.
_PATIENCE_SECONDS = 5.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LastBeat:
    """What one instance of a process said last: how many seconds ago, how long it had lived, and how it ended."""

    process: str
    silent: float
    lived: float
    problems: Sequence[str] = ()
    ended: str | None = None

    @property
    def lives(self) -> bool:
        """Whether it runs, as far as is known."""
        return self.ended is None and self.silent <= SILENT_SECONDS

    @property
    def crashed(self) -> bool:
        """Whether it ended lately without being told to."""
        return not self.lives and self.ended != STOPPED and self.silent <= _LATELY_SECONDS


def problems_of(service: str, beats: Iterable[LastBeat], more: Sequence[str] = ()) -> list[str]:
    """What is wrong with the processes of a service, each by its name; nothing when all is well. `more` are those that
    this service has beside the others'."""
    by_process: dict[str, list[LastBeat]] = {process: [] for process in (*PROCESSES, *more)}
    for beat in beats:
        # One that this service had once, and has no more by its settings, does not count.
        if beat.process in by_process:
            by_process[beat.process].append(beat)
    return [
        f"{service}-{process}: {problem}" for process, found in by_process.items() for problem in _problems_of(found)
    ]


def _problems_of(found: Sequence[LastBeat]) -> list[str]:
    alive = [beat for beat in found if beat.lives]
    crashed = [beat for beat in found if beat.crashed]
    often = f", {len(crashed)} times in {_LATELY_SECONDS / 60:.0f} minutes" if len(crashed) >= _OFTEN else ""
    if not alive:
        if not found:
            return ["it has not started"]
        last = min(found, key=lambda beat: beat.silent)
        how = (
            "no sign of life"
            if last.ended is None
            else "stopped"
            if last.ended == STOPPED
            else f"ended by {last.ended}"
        )
        return [f"{how} since {last.silent:.0f} s{often}"]
    problems = [problem for beat in alive for problem in beat.problems]
    if often:
        longest = max(beat.lived for beat in crashed)
        least, most = _STEADY_SECONDS
        lives = max(beat.lived for beat in alive)
        if lives < min(max(least, 2 * longest), most):
            last = min(crashed, key=lambda beat: beat.silent)
            problems.append(f"it keeps ending, last by {last.ended or 'a kill'}{often}; it runs since {lives:.0f} s")
    return problems


async def problems(pool: Pool, service: str, stuck_after_seconds: int, more: Sequence[str] = ()) -> list[str]:
    """What is wrong with a service: who is down, who keeps ending, what is late, or that Postgres does not say."""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS), pool.acquire() as connection:
            return await _known(connection, service, stuck_after_seconds, more)
    except TRANSIENT as error:
        return [f"Postgres: {error!r}"]


async def measure(pool: Pool, service: str, stuck_after_seconds: int, more: Sequence[str] = ()) -> None:
    """Show it to Prometheus, and log when it changes, until cancelled."""
    before: list[str] = []
    while True:
        found = await problems(pool, service, stuck_after_seconds, more)
        metrics.SERVICE_HEALTHY.labels(service).set(not found)
        if bool(found) is not bool(before):
            _log.warning("not healthy" if found else "healthy", service=service, problems=found)
        before = found
        await asyncio.sleep(_MEASURE_SECONDS)


async def _known(connection: Connection, service: str, stuck_after_seconds: int, more: Sequence[str]) -> list[str]:
    found = problems_of(service, [LastBeat(**row) for row in await connection.fetch(_READ)], more)
    # Asked of the outbox itself: a relay that hangs says nothing, and another that stands by sees nothing wrong.
    waits: float | None = await connection.fetchval(WAITS)
    if waits is not None and waits > stuck_after_seconds:
        found.append(f"{service}-relay: the oldest event waits {waits:.0f} s to be sent")
    events, problem = await set_aside.problem(connection)
    metrics.SET_ASIDE.labels(service).set(events)
    if problem:
        found.append(f"{service}-relay: {problem}")
    # They stand whether or not a worker runs that says so.
    halts = [_halted(service, row["projection"], row["reason"]) for row in await connection.fetch(_HALTS)]
    return found + [halt for halt in dict.fromkeys(halts) if halt not in found]


def _halted(service: str, projection: str, reason: str) -> str:
    return f"{service}-{'relay' if projection == RELAY else 'stream'}: {projection} is halted: {reason}"
