"""Ours on a small log of the stream benchmark: right, whatever it takes."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.bench import log
from deploy.bench.contest import Log, fold
from deploy.bench.contestant import Bench
from deploy.bench.machine import Cores, Servers
from deploy.bench.results import OURS
from deploy.local.broker import Broker
from deploy.local.ports import free_port
from deploy.local.postgres import start_postgres

SIZE = 20_000


@pytest.fixture
async def bench(broker: Broker, tmp_path: Path) -> AsyncIterator[Bench]:
    if not broker.real:
        pytest.skip(f"needs the real Kafka broker: {broker.why}")
    port = free_port()
    postgres = await start_postgres(tmp_path, durable=False, port=port)
    core = max(os.sched_getaffinity(0))
    yield Bench(Servers(broker, postgres, port), Cores(core, core), tmp_path)
    await postgres.stop()


async def test_ours_folds_each_event_once_and_buries_exactly_the_poison(bench: Bench) -> None:
    answer = log.write(bench.servers.broker.servers, "uc4-small", SIZE)
    _, difference = await fold(bench, OURS, Log("uc4-small", SIZE, answer), "small")
    assert difference.right, difference
    assert answer.dead
