"""python -m deploy.bench.ceilings: reads to the end of each partition, says how long it took, and ends.

`BENCH_MODE` is `<client>-fetch` or `<client>-decode`, of aiokafka or confluent. Decoding is what any exact reader must
do: envelope and data as typed structs, in one pass. What it took goes to `BENCH_STATE/measured.json`.
"""

import asyncio
import os
import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec
import uvloop
from aiokafka import AIOKafkaConsumer, TopicPartition
from confluent_kafka import OFFSET_BEGINNING, Consumer
from confluent_kafka import TopicPartition as Place

from deploy.bench.machine import usage

from . import Measured

#: What the production projection takes at a time.
_BATCH = 10_000


class _Data(msgspec.Struct):
    area: str
    theme: str
    at: datetime
    amount: int
    sign: Literal[1, -1]


class _Event(msgspec.Struct):
    id: str
    source: str
    type: str
    time: datetime
    sequence: str
    data: _Data


_event = msgspec.json.Decoder(_Event)


class Stopwatch:
    """Started when it is made."""

    def __init__(self) -> None:
        self._began = time.monotonic(), time.process_time()

    def measured(self) -> Measured:
        """Until now."""
        seconds, cpu = self._began
        return Measured(time.monotonic() - seconds, time.process_time() - cpu, usage(os.getpid()).memory)


def decode(values: Iterable[bytes | None]) -> None:
    """Decode each record; poison is passed over."""
    for value in values:
        try:
            _event.decode(value or b"")
        except (msgspec.MsgspecError, ValueError):
            continue


def read_confluent(servers: str, topic: str, partitions: int, decoding: bool) -> Measured:
    """From the first record to the last, with librdkafka."""
    consumer = Consumer(
        {
            "bootstrap.servers": servers,
            "group.id": "ceiling",
            "enable.auto.commit": False,
            # By default it rests a second when its queue is full, and a fast reader waits.
            "fetch.queue.backoff.ms": 5,
        }
    )
    places = [Place(topic, number, OFFSET_BEGINNING) for number in range(partitions)]
    left = sum(consumer.get_watermark_offsets(place, timeout=10.0)[1] for place in places)
    consumer.assign(places)
    watch: Stopwatch | None = None
    while left:
        messages = consumer.consume(_BATCH, timeout=1.0)
        watch = watch or Stopwatch()
        left -= len(messages)
        values = [message.value() for message in messages]
        if decoding:
            decode(values)
    measured = (watch or Stopwatch()).measured()
    consumer.close()
    return measured


async def read_aiokafka(servers: str, topic: str, partitions: int, decoding: bool) -> Measured:
    """From the first record to the last, with aiokafka."""
    consumer = AIOKafkaConsumer(bootstrap_servers=servers, enable_auto_commit=False, auto_offset_reset="earliest")
    await consumer.start()
    places = [TopicPartition(topic, number) for number in range(partitions)]
    left = sum((await consumer.end_offsets(places)).values())
    consumer.assign(places)
    watch: Stopwatch | None = None
    while left:
        batches = await consumer.getmany(timeout_ms=1_000, max_records=_BATCH)
        watch = watch or Stopwatch()
        for records in batches.values():
            left -= len(records)
            if decoding:
                decode(record.value for record in records)
    measured = (watch or Stopwatch()).measured()
    await consumer.stop()
    return measured


def main() -> None:
    """Read it all once."""
    client, _, what = os.environ["BENCH_MODE"].partition("-")
    servers, topic = os.environ["BENCH_SERVERS"], os.environ["BENCH_TOPIC"]
    partitions, decoding = int(os.environ["BENCH_PARTITIONS"]), what == "decode"
    if client == "confluent":
        measured = read_confluent(servers, topic, partitions, decoding)
    else:
        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
        measured = asyncio.run(read_aiokafka(servers, topic, partitions, decoding))
    (Path(os.environ["BENCH_STATE"]) / "measured.json").write_bytes(msgspec.json.encode(measured))


if __name__ == "__main__":
    main()
