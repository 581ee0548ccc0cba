"""Hand-made records and events for tests."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import count
from uuid import uuid4

import msgspec

from shared import contracts
from shared.contracts import TOPICS, CloudEvent, Contract
from shared.contracts.community import DialogueFindingsRecorded, DialogueFindingsWithdrawn, Finding
from shared.contracts.slots import SLOTS, Headers, headers_of
from shared.contracts.vocabulary import DialogueTopic
from shared.database import Connection
from shared.kafka.reader import Incoming
from shared.outbox.partitioner import slot_of
from shared.projections.projector import Applied, Projection, apply_batch
from shared.projections.runs import Run
from shared.projections.watermarks import Partition

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
Scores = tuple[int, int, int, int, int]


@dataclass(frozen=True)
class Record:
    """What the projector needs of a Kafka record."""

    offset: int
    value: bytes | None
    key: bytes | None = None
    headers: Headers = ()


#: A number of its own for each event, from whichever source.
_sequences = count(1)


def cloud_event(data: Contract, event_id: str | None = None, sequence: int | None = None) -> bytes:
    """A contract as its publisher's relay would send it."""
    return msgspec.json.encode(
        CloudEvent(
            id=event_id or str(uuid4()),
            source=contracts.source("00000099000000001000", contracts.stream_of(data.topic)),
            type=data.type,
            subject=data.subject,
            time=NOW,
            dataschema="http://127.0.0.1" + contracts.schema_path(data.type),
            partitionkey=data.key,
            sequence=str(sequence or next(_sequences)),
            correlationid="test",
            traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            data=msgspec.Raw(msgspec.json.encode(data)),
        )
    )


def run(*values: bytes | None, start: int = 0) -> list[Record]:
    """Consecutive records from an offset."""
    return [Record(offset, value) for offset, value in enumerate(values, start)]


async def apply_run(
    connection: Connection, projection: Projection, partition: Partition, records: Sequence[Incoming], now: datetime
) -> Applied:
    """Fold one run of one partition."""
    return await apply_batch(connection, projection, [read_run(projection, partition, records)], now)


def read_run(projection: Projection, partition: Partition, records: Sequence[Incoming]) -> Run:
    """Consecutive records, decoded, and numbered where they were not."""
    run = Run(partition, records[0].offset)
    run.read(projection, numbered(projection, partition, records))
    return run


class _Key(msgspec.Struct):
    partitionkey: str


#: Of this test: how many numbers each slot gave, and what has which headers.
_given: Counter[tuple[str, str, int]] = Counter()
_headers: dict[tuple[str, Partition, bytes], Headers] = {}


def count_anew() -> None:
    """Another test has another database: what it reads is numbered from 1."""
    _given.clear()
    _headers.clear()


def numbered(projection: Projection, partition: Partition, records: Sequence[Incoming]) -> list[Incoming]:
    """Records, of which those without a number get the next one of their slot, as by a relay that sends to this
    projection only: the same bytes have the same number."""
    return [_numbered(projection, partition, record) for record in records]


def _numbered(projection: Projection, partition: Partition, record: Incoming) -> Incoming:
    try:
        key = msgspec.json.decode(record.value or b"", type=_Key).partitionkey
    except (msgspec.MsgspecError, ValueError):
        return record
    if not isinstance(record, Record) or record.headers or record.value is None:
        return record
    what = (projection.name, partition, record.value)
    if what not in _headers:
        # A slot that lies in this partition: tests take any. A topic of their own has two at most.
        topic = TOPICS.get(partition.topic)
        count = topic.partitions if topic else 2
        slot = (slot_of(key.encode()) // count * count + partition.number) % SLOTS
        _given[projection.name, partition.topic, slot] += 1
        _headers[what] = headers_of(slot, _given[projection.name, partition.topic, slot])
    return replace(record, headers=_headers[what])


def findings(
    dialogue: str,
    scores: Scores = (0, 2, 5, 8, 5),
    municipality: str = "GM0794",
    held_on: date = date(2026, 11, 23),
    topic: DialogueTopic = DialogueTopic.MEETING,
) -> DialogueFindingsRecorded:
    """The findings of a dialogue on one topic."""
    return DialogueFindingsRecorded(
        dialogue=dialogue,
        municipality=municipality,
        held_on=held_on,
        findings=(Finding(topic=topic, scores=scores),),
    )


def withdrawal(dialogue: str) -> DialogueFindingsWithdrawn:
    """The same dialogue taken back."""
    return DialogueFindingsWithdrawn(dialogue=dialogue)
