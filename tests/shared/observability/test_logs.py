"""One JSON object a line, from the level up, with what is bound to the request or event at hand."""

import sys
from asyncio.subprocess import PIPE, create_subprocess_exec
from datetime import datetime

import msgspec
import pytest

_SAY = """
import logging, structlog
from shared.observability import logs
logs.configure("info")
log = structlog.get_logger()
with structlog.contextvars.bound_contextvars(trace_id="t"):
    log.info("request", status=201)
    log.debug("request", status=200)
    logging.getLogger("a.library").warning("trouble")
"""


@pytest.mark.real
async def test_a_line_has_what_is_bound_and_keeps_to_the_level() -> None:
    process = await create_subprocess_exec(sys.executable, "-c", _SAY, stderr=PIPE)
    _, said = await process.communicate()
    lines = [msgspec.json.decode(line, type=dict[str, object]) for line in said.splitlines()]
    for line in lines:
        assert datetime.fromisoformat(str(line.pop("timestamp"))).tzinfo is not None
    assert lines == [
        {"status": 201, "event": "request", "trace_id": "t", "level": "info"},
        {"event": "trouble", "trace_id": "t", "level": "warning"},
    ]


_OUTAGE = """
import asyncio, logging, sys
import stamina
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError
from shared.observability import logs, sparing
sparing.SECONDS = {seconds}
logs.configure("info")

class Count(logging.Handler):
    count = 0
    def emit(self, record):
        Count.count += 1
logging.getLogger("aiokafka").addHandler(Count())

async def reconnect(group):
    consumer = AIOKafkaConsumer(bootstrap_servers="127.0.0.1:1", group_id=group)
    try:
        async for attempt in stamina.retry_context(on=KafkaError, attempts=20, wait_initial=0.001, wait_max=0.001):
            with attempt:
                await consumer.start()
    except KafkaError:
        await consumer.stop()

async def main():
    await asyncio.gather(*map(reconnect, "abcde"))
asyncio.run(main())
print(Count.count)
"""


@pytest.mark.real
@pytest.mark.parametrize(("seconds", "spares"), [(3600, True), (0, False)], ids=["spared", "control"])
async def test_an_outage_of_kafka_is_a_line_now_and_then_however_many_consumers_reconnect(
    seconds: int, spares: bool
) -> None:
    process = await create_subprocess_exec(
        sys.executable, "-c", _OUTAGE.format(seconds=seconds), stdout=PIPE, stderr=PIPE
    )
    counted, said = await process.communicate()
    lines = [msgspec.json.decode(line, type=dict[str, object]) for line in said.splitlines()]
    assert int(counted) >= 100
    assert (len(lines) == 1) is spares
    assert len(lines) >= (1 if spares else int(counted))
