"""UC4-NL on Faust 0.15: an agent over the topic, a table of cells, a timer that writes what changed.

- The table is keyed by municipality, theme and month, so a cell lies in the partition of its events. BENCH_MODE is its
  store, `rocksdb` (default) or `memory`; both have a changelog topic, which memory reads whole at every start.
- A row holds what the cell does and the highest sequence in it. A relay sends a key's events in order, so whatever does
  not exceed that was seen: a duplicate in the log as much as a replay after a crash. It costs no second write per
  event, as a table of seen ids would, and it moves with the sum.
- The timer upserts whole rows, so writing again does no harm. Higher levels are summed from them in Postgres: Faust's
  own way up, `group_by`, sends each event through Kafka twice more. After a recovery every row is written once.
- A dead letter is written before its event is acknowledged.

Event after event, as Faust's tables ask for: they cannot be changed inside `take()`. Tuned for one core: uvloop,
Faust's compiled stream iterator, orjson, msgspec to decode and check in one step, larger buffers and batches.
Membership is static: a restart need not wait for the session of the killed process.
"""

import json
import logging
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import asyncpg
import faust
from asyncpg.pool import PoolConnectionProxy
from msgspec import DecodeError, Meta, Struct
from msgspec.json import Decoder

_FLUSH_SECONDS = 0.8
_UPSERT = """
    INSERT INTO cell
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::timestamptz[])
    ON CONFLICT (area, theme, month) DO UPDATE SET n = excluded.n, sum = excluded.sum, last = excluded.last
"""
#: $1, $2: a municipality and an area above it; $3, $4, $5: the cells above that changed.
_SUM_UP = """
    INSERT INTO cell
    SELECT above.area, theme, month, sum(cell.n), sum(cell.sum), max(cell.last)
    FROM unnest($3::text[], $4::text[], $5::text[]) AS above (area, theme, month)
    JOIN unnest($1::text[], $2::text[]) AS part (municipality, area) ON part.area = above.area
    JOIN cell USING (theme, month)
    WHERE cell.area = part.municipality
    GROUP BY 1, 2, 3
    ON CONFLICT (area, theme, month) DO UPDATE SET n = excluded.n, sum = excluded.sum, last = excluded.last
"""
_BURY = 'INSERT INTO dead (partition, "offset") VALUES ($1, $2) ON CONFLICT DO NOTHING'

#: n, sum in cents, latest event time in seconds since 1970, highest sequence.
Row = tuple[int, int, int, int]


class Data(Struct, gc=False):
    """What an event counts: `amount` in cents, `at` in UTC."""

    area: str
    theme: str
    at: Annotated[datetime, Meta(tz=True)]
    amount: int
    sign: Literal[1, -1]


class Event(Struct, gc=False):
    """The part of the envelope that is used."""

    sequence: Annotated[str, Meta(pattern="^[0-9]{1,18}$")]
    data: Data


class App(faust.App):
    """With a pool of connections to Postgres."""

    pool: "asyncpg.Pool[asyncpg.Record]"

    async def on_start(self) -> None:
        """Open the pool before any agent runs."""
        self.pool = await asyncpg.create_pool(os.environ["BENCH_DATABASE_URL"], min_size=1, max_size=2)
        await super().on_start()


_hierarchy = json.loads(Path(os.environ["BENCH_HIERARCHY"]).read_text(encoding="utf-8"))
_regions: dict[str, str] = _hierarchy["municipalities"]
_province: str = _hierarchy["province"]
_parts = [(area, above) for area, region in _regions.items() for above in (region, _province)]
_decode = Decoder(Event).decode

# Faust's worker filters in its handler: a log record for each message sent would be made all the same, 13% of all time.
for _name in ("faust", "mode", "aiokafka"):
    logging.getLogger(_name).setLevel(logging.WARNING)

app = App(
    os.environ["BENCH_GROUP"],
    broker=[f"aiokafka://{server}" for server in os.environ["BENCH_SERVERS"].split(",")],
    store=f"{os.environ.get('BENCH_MODE') or 'rocksdb'}://",
    datadir=os.environ["BENCH_STATE"],
    topic_partitions=int(os.environ["BENCH_PARTITIONS"]),
    topic_disable_leader=True,
    web_enabled=False,
    consumer_group_instance_id=os.environ["BENCH_GROUP"],
    broker_max_poll_records=10_000,
    stream_buffer_maxsize=16_384,
    producer_linger=0.05,
    producer_max_batch_size=262_144,
)
topic = app.topic(os.environ["BENCH_TOPIC"], key_type=bytes, value_type=bytes, value_serializer="raw")
cells = app.Table("cells")
changed: dict[str, Row] = {}


def decode(value: bytes | None) -> Event | None:
    """The event, or None for one that breaks the contract."""
    if value is None:
        return None
    try:
        event = _decode(value)
    except DecodeError:
        return None
    return event if event.data.area in _regions else None


@app.agent(topic)
async def fold(stream: faust.StreamT[bytes | None]) -> None:
    """Fold one event after the other."""
    async for value in stream:
        event = decode(value)
        if event is None:
            await bury()
            continue
        data, sequence = event.data, int(event.sequence)
        key = f"{data.area}|{data.theme}|{data.at.year}-{data.at.month:02}"
        sign, amount, at = data.sign, data.sign * data.amount, int(data.at.timestamp())
        row = cells.get(key)
        if row is None:
            row = (sign, amount, at, sequence)
        elif sequence > row[3]:
            row = (row[0] + sign, row[1] + amount, max(row[2], at), sequence)
        else:
            continue
        cells[key] = changed[key] = row


async def bury() -> None:
    """Write down where the current event lies."""
    event = faust.current_event()
    assert event is not None  # noqa: S101 - called while an event is handled
    await app.pool.execute(_BURY, event.message.partition, event.message.offset)


@cells.on_recover
async def after_recovery() -> None:
    """A crash may have come between a commit of offsets and the timer."""
    changed.update(cells.items())


@app.timer(interval=_FLUSH_SECONDS)  # type: ignore[untyped-decorator]
async def flush() -> None:
    """Write the rows that changed."""
    global changed
    rows, changed = changed, {}
    if rows:
        async with app.pool.acquire() as connection, connection.transaction():
            await write(connection, rows.items())


async def write(connection: "PoolConnectionProxy[asyncpg.Record]", rows: Iterable[tuple[str, Row]]) -> None:
    """Write rows, and the rows above them."""
    flat = [(*key.split("|"), n, total, datetime.fromtimestamp(last, UTC)) for key, (n, total, last, _) in rows]
    above = {(upper, theme, month) for area, theme, month, *_ in flat for upper in (_regions[str(area)], _province)}
    await connection.execute(_UPSERT, *map(list, zip(*flat, strict=True)))
    await connection.execute(_SUM_UP, *(list(column) for each in (_parts, above) for column in zip(*each, strict=True)))
