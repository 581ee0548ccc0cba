"""UC4-NL on Pathway 0.33, one worker. It runs without a licence key; with neither a key nor a monitoring server set it
opened no connection but to Kafka and Postgres.

Chosen, each the cheapest that is right, in CPU per event measured here:

- The connector's `json` format drops what it cannot parse without saying where it was, so records come in `raw`, with
  their place as metadata (1.3 µs), and one batched UDF decodes and checks them with msgspec. Dead letters are complete.
- Duplicates: a native `groupby(sequence)` keeps every event for ever (5 µs, and 1 kB each). Here a stateful
  reducer per (area, theme, month) keeps the highest sequence: both copies land in the same cell, and a relay sends a
  cell's events in order. Pathway gives no order within a minibatch, so the reducer sorts. This takes one source per
  log; it also costs less than the native sums and a native maximum. The higher levels are native sums of the cells.
- Output is the native Postgres writer in snapshot mode: a deletion and an upsert for each changed row.

A minibatch closes after 0.5 s, or when the backlog is full, so that rows are there within 1 s and memory is bounded.

BENCH_MODE is empty or `persistent`. By default nothing is kept: offsets are never committed, so after a kill -9 it
folds the log again from the beginning, and the rows are behind until it is through. `persistent` writes all input to
BENCH_STATE and restarts from there.
"""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import pathway as pw
from msgspec import DecodeError, Meta, Struct
from msgspec.json import Decoder

_MINIBATCH_MS = 500
_BACKLOG = 50_000

#: (area, theme, month as YYYY-MM).
Cell = tuple[str, str, str]
#: (sequence, sign, sign * amount in cents, event time in seconds since 1970): sorts by sequence.
Fact = tuple[int, int, int, int]
#: (highest sequence, n, sum in cents, latest event time in seconds since 1970).
State = tuple[int, int, int, int]


class Data(Struct, gc=False):
    """What an event counts: `amount` in cents, `at` in UTC."""

    area: str
    theme: str
    at: Annotated[datetime, Meta(tz=True)]
    amount: int
    sign: Literal[1, -1]


class Event(Struct, gc=False):
    """The part of the envelope that is used."""

    sequence: str
    data: Data


_hierarchy = json.loads(Path(os.environ["BENCH_HIERARCHY"]).read_text(encoding="utf-8"))
_regions: dict[str, str] = _hierarchy["municipalities"]
_province: str = _hierarchy["province"]
_decode = Decoder(Event).decode


@pw.udf(max_batch_size=1024, deterministic=True)
def decode(values: list[bytes | None]) -> list[tuple[Cell, Fact] | None]:
    """Where each event counts and what, or None for one that breaks the contract."""
    decoded: list[tuple[Cell, Fact] | None] = []
    for value in values:
        try:
            event = _decode(value)
            sequence = int(event.sequence)
        except (DecodeError, ValueError, TypeError):  # TypeError: a record without a value
            decoded.append(None)
            continue
        data = event.data
        if data.area not in _regions:
            decoded.append(None)
            continue
        at, sign = data.at, data.sign
        cell = data.area, data.theme, f"{at.year}-{at.month:02}"
        decoded.append((cell, (sequence, sign, sign * data.amount, int(at.timestamp()))))
    return decoded


@pw.reducers.stateful_many
def fold(state: State | None, rows: list[tuple[list[Fact], int]]) -> State:
    """A cell after a minibatch. What does not exceed its highest sequence is a duplicate."""
    highest, n, total, last = state or (0, 0, 0, 0)
    for sequence, sign, amount, at in sorted(row for (row,), _ in rows):
        if sequence > highest:
            highest = sequence
            n += sign
            total += amount
            last = max(last, at)
    return highest, n, total, last


@pw.udf(deterministic=True)
def above(area: str) -> tuple[str, str]:
    """The areas that this one lies in."""
    return _regions[area], _province


def read() -> pw.Table:
    """The log from its beginning."""
    settings = {
        "bootstrap.servers": os.environ["BENCH_SERVERS"],
        "group.id": os.environ["BENCH_GROUP"],
        # Static membership: a restart need not wait for the session of the killed process.
        "group.instance.id": f"{os.environ['BENCH_GROUP']}-0",
        "auto.offset.reset": "earliest",
        # A process that kept nothing must not go on where another was.
        "enable.auto.commit": "false",
    }
    return pw.io.kafka.read(
        settings,
        topic=os.environ["BENCH_TOPIC"],
        format="raw",
        # By the record's key, each event of a municipality would replace the one before.
        autogenerate_key=True,
        with_metadata=True,
        autocommit_duration_ms=_MINIBATCH_MS,
        max_backlog_size=_BACKLOG,
        name="log",
    )


def dead_letters(decoded: pw.Table) -> pw.Table:
    """Where the records lie that could not be decoded."""
    return decoded.filter(pw.this.fact.is_none()).select(
        partition=pw.this._metadata["partition"].as_int(unwrap=True),
        offset=pw.this._metadata["offset"].as_int(unwrap=True),
    )


def rows(decoded: pw.Table) -> pw.Table:
    """The rows of every level."""
    facts = decoded.filter(pw.this.fact.is_not_none()).select(
        cell=pw.unwrap(pw.this.fact)[0], fact=pw.unwrap(pw.this.fact)[1]
    )
    folded = facts.groupby(pw.this.cell).reduce(pw.this.cell, state=pw.declare_type(State, fold(pw.this.fact)))
    cells = folded.select(
        area=pw.this.cell[0],
        theme=pw.this.cell[1],
        month=pw.this.cell[2],
        n=pw.this.state[1],
        sum=pw.this.state[2],
        at=pw.this.state[3],
    )
    higher = (
        cells.with_columns(area=above(pw.this.area))
        .flatten(pw.this.area)
        .groupby(pw.this.area, pw.this.theme, pw.this.month)
        .reduce(
            pw.this.area,
            pw.this.theme,
            pw.this.month,
            n=pw.reducers.sum(pw.this.n),
            sum=pw.reducers.sum(pw.this.sum),
            at=pw.reducers.max(pw.this.at),
        )
    )
    everything = cells.concat_reindex(higher)
    return everything.without(pw.this.at).with_columns(last=everything.at.dt.utc_from_timestamp(unit="s"))


def write(table: pw.Table, name: str, key: list[str]) -> None:
    """Keep a table of Postgres the same as this one."""
    url = urlsplit(os.environ["BENCH_DATABASE_URL"])
    settings = {"host": url.hostname, "port": url.port, "dbname": url.path[1:], "user": url.username}
    pw.io.postgres.write(
        table, settings, name, output_table_type="snapshot", primary_key=[table[column] for column in key], name=name
    )


def main() -> None:
    """Run until killed."""
    decoded = read().select(pw.this._metadata, fact=decode(pw.this.data))
    write(rows(decoded), "cell", ["area", "theme", "month"])
    write(dead_letters(decoded), "dead", ["partition", "offset"])
    persistence = None
    if os.environ.get("BENCH_MODE") == "persistent":
        backend = pw.persistence.Backend.filesystem(os.environ["BENCH_STATE"])
        persistence = pw.persistence.Config(backend, snapshot_interval_ms=_MINIBATCH_MS)
    pw.run(monitoring_level=pw.MonitoringLevel.NONE, persistence_config=persistence)


if __name__ == "__main__":
    main()
