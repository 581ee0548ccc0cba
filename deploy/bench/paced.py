"""python -m deploy.bench.paced: a steady load, with a probe every 50 ms. Prints when each probe went out, as JSON.

A process of its own, so that the one that watches the tables is never late. Both read the machine's monotonic clock.
"""

import argparse
import gc
import sys
import time
import uuid

import msgspec

from shared.contracts.slots import SLOTS

from . import workload
from .log import producer, send
from .workload import Fact, Record, event

PROBE_SECONDS = 0.05
#: Probes have a month of their own, so that `n` of their cell says how many have arrived.
PROBE = Fact("GM0007", "t01", "2030-01-15T12:00:00Z", 1, 1)
_PARTITION = workload.PARTITION_OF[PROBE.area]
#: Of their own: the load is numbered before.
_SLOT = next(slot for slot in range(_PARTITION, SLOTS, workload.PARTITIONS) if slot not in workload.SLOT_OF.values())
_TICK_SECONDS = 0.005
_LINGER_MS = 5


class Paced(msgspec.Struct, frozen=True):
    """When each probe was sent, by the monotonic clock, and the records per second that were reached."""

    probes: list[float]
    rate: float


def probe(number: int) -> Record:
    """The probe with this number, from 1."""
    sequence_of = workload.SOURCE + "-probe"
    value = event(str(uuid.uuid4()), number, PROBE.at, PROBE, source=sequence_of)
    return Record(_PARTITION, PROBE.area, value, PROBE, number, slot=_SLOT)


def pace(servers: str, topic: str, rate: int, seconds: float, first_probe: int) -> Paced:
    """Send `rate` records per second for so long; all are made before the first is sent."""
    gc.disable()  # nothing here goes round in a circle, and a long collection would show as a late record
    records = [record._replace(fact=None) for record in workload.records(int(rate * seconds), seed=2)]
    probes = [probe(first_probe + number) for number in range(int(seconds / PROBE_SECONDS))]
    to = producer(servers, _LINGER_MS)
    to.list_topics(topic, timeout=10.0)
    sent, probed, began = 0, list[float](), time.monotonic()
    while sent < len(records):
        elapsed = time.monotonic() - began
        while len(probed) < len(probes) and elapsed >= len(probed) * PROBE_SECONDS:
            probed.append(time.monotonic())
            send(to, topic, probes[len(probed) - 1])
        due = min(int(elapsed * rate), len(records))
        for record in records[sent:due]:
            send(to, topic, record)
        sent = due
        to.poll(0)
        time.sleep(_TICK_SECONDS)
    reached = sent / (time.monotonic() - began)
    to.flush(30.0)
    return Paced(probed, reached)


def main() -> None:
    """Send what the command line says."""
    options = argparse.ArgumentParser(description=__doc__)
    for name in ("servers", "topic"):
        options.add_argument(f"--{name}", required=True)
    options.add_argument("--rate", type=int, required=True, help="records per second")
    options.add_argument("--seconds", type=float, required=True)
    options.add_argument("--first-probe", type=int, default=1)
    given = options.parse_args()
    paced = pace(given.servers, given.topic, given.rate, given.seconds, given.first_probe)
    sys.stdout.write(msgspec.json.encode(paced).decode())


if __name__ == "__main__":
    main()
