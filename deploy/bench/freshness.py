"""How old a figure is under a steady load: from handing a probe to the producer until the province's row shows it."""

import asyncio
import bisect
import contextlib
import sys
import time
from asyncio.subprocess import PIPE
from dataclasses import dataclass

import msgspec

from deploy.local import ROOT
from deploy.local.processes import ProcessError

from . import workload
from .contest import first_row
from .contestant import Bench, Contestant, running
from .log import drop_topic, make_topic, producer, send
from .paced import PROBE, Paced, probe
from .sink import Sink

_SAMPLE_SECONDS = 0.01
#: Probes of the first seconds warm it up and do not count.
_WARM_SECONDS = 3.0
#: How long after the last probe one may still arrive.
_PATIENCE_SECONDS = 15.0


@dataclass(frozen=True)
class Freshness:
    """Latencies in seconds, sorted; `unseen` probes never arrived in time. `rate` is what was really sent."""

    rate: float
    latencies: tuple[float, ...]
    unseen: int

    def quantile(self, q: float) -> float | None:
        """The latency that a share `q` of all probes kept; None when it was too late to see."""
        rank = int(q * (len(self.latencies) + self.unseen))
        return self.latencies[rank] if rank < len(self.latencies) else None


async def freshness(
    bench: Bench, contestant: Contestant, rate: int, seconds: float, group: str, sink: Sink
) -> Freshness:
    """Run a contestant on a topic of its own, filled while it reads."""
    broker = bench.servers.broker.servers
    topic = f"paced-{group}"
    make_topic(broker, topic)
    try:
        async with running(bench, contestant, topic, group, sink) as process:
            first = producer(broker)
            send(first, topic, probe(1))
            first.flush(10.0)
            await first_row(bench, process, sink)
            samples: list[tuple[int, float]] = []
            watching = asyncio.create_task(_watch(sink, samples))
            try:
                paced = await _paced(broker, topic, rate, seconds)
                deadline = time.monotonic() + _PATIENCE_SECONDS
                while samples[-1][0] <= len(paced.probes) and time.monotonic() < deadline:
                    process.check()
                    await asyncio.sleep(_SAMPLE_SECONDS)
            finally:
                watching.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await watching
    finally:
        drop_topic(broker, topic)
    return latencies(paced, samples)


def latencies(paced: Paced, samples: list[tuple[int, float]]) -> Freshness:
    """When each probe was first seen. `samples` are (probes seen, when), growing; one probe went before the paced."""
    counts = [count for count, _ in samples]
    found: list[float] = []
    unseen = 0
    for number, sent in enumerate(paced.probes, start=2):
        if sent - paced.probes[0] < _WARM_SECONDS:
            continue
        index = bisect.bisect_left(counts, number)
        if index < len(samples):
            found.append(samples[index][1] - sent)
        else:
            unseen += 1
    return Freshness(paced.rate, tuple(sorted(found)), unseen)


async def _watch(sink: Sink, samples: list[tuple[int, float]]) -> None:
    """Note when more probes are there."""
    most = 0
    while True:
        seen = await sink.folded(workload.PROVINCE, PROBE.theme, PROBE.at[:7])
        if seen > most:
            most = seen
            samples.append((seen, time.monotonic()))
        await asyncio.sleep(_SAMPLE_SECONDS)


async def _paced(servers: str, topic: str, rate: int, seconds: float) -> Paced:
    command = ["--servers", servers, "--topic", topic, "--rate", str(rate), "--seconds", str(seconds)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "deploy.bench.paced", *command, "--first-probe", "2", stdout=PIPE, cwd=ROOT
    )
    output, _ = await process.communicate()
    if process.returncode:
        raise ProcessError(f"the steady load ended with status {process.returncode}")
    return msgspec.json.decode(output, type=Paced)
