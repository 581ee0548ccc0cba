"""UC4-NL on Quix Streams 3.28: one StreamingDataFrame, tuned for one core.

Values arrive as bytes; msgspec decodes and checks them in one step. Duplicates are dropped by the highest sequence per
municipality and source, in Quix's state (RocksDB with a changelog topic): a relay sends a key's events in order, so
whatever does not exceed it was seen. Results and dead letters leave by a sink, which Quix flushes at each checkpoint; a
sink is given partition and offset.

BENCH_MODE is Quix's `processing_guarantee`, and each guarantee has its cheapest form:

- `at-least-once` (default): a stateless fold in the sink, which adds what came in since the last checkpoint to the
  rows. Exact while nothing crashes. Killed between the sink's commit and the offsets', it adds a checkpoint twice.
- `exactly-once`: the cells of a municipality live in Quix's state, which commits with the offsets in one transaction of
  Kafka; the sink writes whole rows, so writing again does no harm. Higher levels are summed from them in Postgres:
  Quix's own way up, `group_by`, sends each event through Kafka twice more.

The checkpoint is at 0.7 s, so that rows are there within 1 s. Membership is static: a restart need not wait for the
session of the killed process.
"""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from msgspec import DecodeError, Meta, Struct
from msgspec.json import Decoder
from quixstreams import Application, State
from sinks import Cell, Deltas, Totals

_CHECKPOINT_SECONDS = 0.7


class Data(Struct, gc=False):
    """What an event counts: `amount` in cents, `at` in UTC."""

    area: str
    theme: str
    at: Annotated[datetime, Meta(tz=True)]
    amount: int
    sign: Literal[1, -1]


class Event(Struct, gc=False):
    """The part of the envelope that is used."""

    source: str
    sequence: str
    data: Data


#: (source, sequence, what it counts).
Fact = tuple[str, int, Data]


_hierarchy = json.loads(Path(os.environ["BENCH_HIERARCHY"]).read_text(encoding="utf-8"))
_regions: dict[str, str] = _hierarchy["municipalities"]
_province: str = _hierarchy["province"]
_decode = Decoder(Event).decode


def decode(value: bytes | None) -> Fact | None:
    """The fact of an event, or None for a record that breaks the contract."""
    try:
        event = _decode(value)
        sequence = int(event.sequence)
    except (DecodeError, ValueError, TypeError):  # TypeError: a record without a value
        return None
    return (event.source, sequence, event.data) if event.data.area in _regions else None


def is_new(fact: Fact | None, state: State) -> bool:
    """Whether this is no duplicate. A dead letter always is: it has no sequence to trust."""
    if fact is None:
        return True
    source, sequence, _ = fact
    if sequence <= state.get(source, 0):
        return False
    state.set(source, sequence)
    return True


def to_data(fact: Fact | None) -> Data | None:
    """What the sink of deltas folds."""
    return fact[2] if fact else None


def fold(fact: Fact | None, state: State) -> tuple[Cell, list[int]] | None:
    """The cell that it counts in and all that it now holds: n, sum, last as seconds since 1970."""
    if fact is None:
        return None
    data = fact[2]
    month = f"{data.at.year}-{data.at.month:02}"
    key = f"{data.theme}/{month}"
    sign, amount, at = data.sign, data.sign * data.amount, int(data.at.timestamp())
    row: list[int] | None = state.get(key)
    row = [row[0] + sign, row[1] + amount, max(row[2], at)] if row else [sign, amount, at]
    state.set(key, row)
    return (data.area, data.theme, month), row


def main() -> None:
    """Run until killed."""
    guarantee = os.environ.get("BENCH_MODE") or "at-least-once"
    group, url = os.environ["BENCH_GROUP"], os.environ["BENCH_DATABASE_URL"]
    member = f"{group}-0"
    app = Application(
        os.environ["BENCH_SERVERS"],
        consumer_group=group,
        auto_offset_reset="earliest",
        commit_interval=_CHECKPOINT_SECONDS,
        # The checkpoint waits for the poll: a long one makes rows late when little comes in.
        consumer_poll_timeout=0.05,
        consumer_extra_config={"group.instance.id": member},
        # Quix would draw one: the killed process's transaction would hold up its successor.
        producer_extra_config={"transactional.id": member} if guarantee == "exactly-once" else {},
        state_dir=os.environ["BENCH_STATE"],
        processing_guarantee=guarantee,
        # Looked at for every message; what it guards against is not part of this.
        broker_availability_timeout=0,
        loglevel="WARNING",
    )
    topic = app.topic(os.environ["BENCH_TOPIC"], key_deserializer="bytes", value_deserializer="bytes")
    facts = app.dataframe(topic).apply(decode).filter(is_new, stateful=True)
    if guarantee == "exactly-once":
        facts.apply(fold, stateful=True).sink(Totals(url, _regions, _province))
    else:
        facts.apply(to_data).sink(Deltas(url, _regions, _province))
    app.run()


if __name__ == "__main__":
    main()
