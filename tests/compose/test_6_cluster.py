"""Three brokers, one of them killed under load: nothing lost, nothing doubled, commands go on."""

import json
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from ..load import Load
from .conftest import tell
from .engine import PROCESSES, Compose, until
from .recompute import verdict, verdict_of_kafka

pytestmark = pytest.mark.timeout(1800)

_DESCRIBE = """
import asyncio, json, os, sys
from aiokafka.admin import AIOKafkaAdminClient
async def main():
    admin = AIOKafkaAdminClient(bootstrap_servers=os.environ["VEERKRACHT_KAFKA_SERVERS"])
    await admin.start()
    topics = await admin.describe_topics()
    print(json.dumps({t["topic"]: [[len(p["replicas"]), len(p["isr"]), p["leader"]] for p in t["partitions"]]
                      for t in topics}))
    await admin.close()
asyncio.run(main())
"""


@pytest.fixture(scope="module")
def cluster(built: Path) -> Iterator[Compose]:
    """The demo on three brokers."""
    compose = Compose("veerkracht-test-cluster", overlays=("deploy/compose.cluster.yml",), root=built)
    compose.remove()
    try:
        compose.up()
        yield compose
    finally:
        compose.remove()


def copies(cluster: Compose) -> dict[str, list[tuple[int, int, int]]]:
    """Of each partition of our topics: copies, copies in sync, leader."""
    out = cluster("run", "--rm", "-T", "--no-deps", "--entrypoint", "python", "topics", "-c", _DESCRIBE)
    found = json.loads(out.strip().splitlines()[-1])
    return {name: partitions for name, partitions in found.items() if not name.startswith("__")}


def test_every_partition_has_three_copies(cluster: Compose) -> None:
    assert {(p[0], p[1]) for partitions in copies(cluster).values() for p in partitions} == {(3, 3)}


@pytest.mark.parametrize("broker", ["kafka-2", "kafka"])
def test_a_broker_is_killed_under_load(cluster: Compose, broker: str) -> None:
    load = Load(cluster.url, cluster.tokens(), patience=60)
    before = cluster.container(broker)
    with load.running():
        load.wait_for(20)
        load.longest_wait = 0.0
        began = monotonic()
        cluster("kill", "-s", "KILL", broker)  # by the operator's command: it stays away until it is started
        load.wait_for(60, seconds=120)
        without = (
            f"60 commands accepted in {monotonic() - began:.0f} s without it, longest wait {load.longest_wait:.1f} s"
        )
        assert not cluster.container(broker).running
        cluster("start", broker)
        load.wait_for(20)
    cluster.wait_well(broker, *PROCESSES)
    assert cluster.container(broker).started != before.started
    tell("recomputation", f"cluster: KILL {broker}", without, verdict(cluster, load.accepted))
    in_sync = until(
        lambda: copies(cluster), lambda all_: {p[1] for ps in all_.values() for p in ps} == {3}, 90, every=2
    )
    tell("recomputation", f"cluster: {broker} is back", f"{len(in_sync)} topics in sync", verdict_of_kafka(cluster))
