"""Hand-made records and events for tests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from uuid import uuid4

import msgspec

from shared import contracts
from shared.contracts import CloudEvent, Contract
from shared.contracts.community import DialogueFindingsRecorded, DialogueFindingsWithdrawn, Finding
from shared.contracts.vocabulary import DialogueTopic
from shared.database import Connection
from shared.projections.decoding import Incoming
from shared.projections.projector import Applied, Projection, Run, apply_batch
from shared.projections.watermarks import Partition

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
Scores = tuple[int, int, int, int, int]


@dataclass(frozen=True)
class Record:
    """What the projector needs of a Kafka record."""

    offset: int
    value: bytes | None
    key: bytes | None = None


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
    """Consecutive records, decoded."""
    run = Run(partition, records[0].offset)
    run.read(projection, records)
    return run


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
