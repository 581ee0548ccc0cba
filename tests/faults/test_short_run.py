"""A short run of `make faults`: kill -9 everywhere and a relay that dies at the worst moment, beside their controls."""

from pathlib import Path

import pytest

from deploy.local.broker import Broker

from .runner import play, table


@pytest.mark.platform
@pytest.mark.timeout(600)
async def test_a_short_run_loses_and_doubles_nothing_and_its_controls_do(tmp_path: Path, broker: Broker) -> None:
    if not broker.real:
        pytest.skip(f"needs the real Kafka broker: {broker.why}")
    results = await play(tmp_path, seed=1, numbers=[1, 6], minutes=0, outage=4, say=print)
    assert len(results) == 2
    assert not any(result.failures for result in results), table(results)
