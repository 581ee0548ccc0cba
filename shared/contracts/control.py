"""Records that say something of the log itself: a CloudEvent each, but without `sequence` and in no catalogue.

They are for whoever keeps offsets: every reader passes over them. A key lets a compacted topic keep the newest of each.
"""

from datetime import datetime
from typing import Literal

import msgspec

#: What their types begin with.
LOG_TYPES = "nl.veerkracht.log."
#: The first record of each partition: its id is the identity of that log.
OPENED = f"{LOG_TYPES}opened.v1"
#: A relay that leads says every few seconds that it does, in a topic of its own.
HEARTBEAT = f"{LOG_TYPES}heartbeat.v1"
HEARTBEATS = "veerkracht.heartbeats"
#: The topic has more partitions from here on.
GROWN = f"{LOG_TYPES}grown.v1"
#: A number in a slot that no event has any more.
VOIDED = f"{LOG_TYPES}voided.v1"
#: The event that would stand here cannot be sent.
SET_ASIDE = f"{LOG_TYPES}set-aside.v1"


class ControlRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The envelope as written. `source` is the partition it tells of."""

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    partitionkey: str
    data: msgspec.Raw = msgspec.Raw(b"{}")
    specversion: Literal["1.0"] = "1.0"
    datacontenttype: Literal["application/json"] = "application/json"


def opened(topic: str, partition: int, id_: str, now: datetime) -> tuple[bytes, bytes]:
    """Key and value of the record that gives a partition its identity."""
    return _of_log(topic, f"/{partition}", OPENED, OPENED, id_, now)


def heartbeat(service: str, id_: str, now: datetime) -> tuple[bytes, bytes]:
    """Key and value of the record by which the relay of a service says that it leads and sends."""
    record = ControlRecord(
        id=id_, source=f"/relay/{service}", type=HEARTBEAT, subject=f"relay/{service}", time=now, partitionkey=service
    )
    return _written(record)


def heard(value: bytes | None) -> tuple[str, datetime] | None:
    """Whose heartbeat this is, and when it was sent; None when it is none."""
    try:
        record = msgspec.json.decode(value or b"", type=ControlRecord)
    except msgspec.MsgspecError:
        return None
    return (record.partitionkey, record.time) if record.type == HEARTBEAT else None


class Growth(msgspec.Struct, frozen=True):
    """How many partitions a topic has, and where each older one ended when keys were first spread over all of them."""

    partitions: int
    ends: list[int]


class _Grown(msgspec.Struct, frozen=True, tag_field="type", tag=GROWN):
    data: Growth


_grown = msgspec.json.Decoder(_Grown)


def grown(topic: str, partition: int, id_: str, now: datetime, partitions: int, ends: list[int]) -> tuple[bytes, bytes]:
    """Key and value of the record before the first event of a new partition. Another key for each growth: compaction
    keeps them all."""
    return _of_log(topic, f"/{partition}", GROWN, f"{GROWN}.{partitions}", id_, now, Growth(partitions, ends))


class _SetAside(msgspec.Struct, frozen=True):
    """Which event. Its `sequence` is not used again; it may come under another."""

    event: str
    sequence: str


def set_aside(topic: str, event: str, time: datetime, sequence: int) -> tuple[bytes, bytes]:
    """Key and value of the record that stands for an event, with its number in the slot, so that what comes after it
    follows on. The key is of no aggregate: compaction takes nothing away for it."""
    key = f"{SET_ASIDE}.{event}.{sequence}"
    return _of_log(topic, "", SET_ASIDE, key, key, time, _SetAside(event, str(sequence)))


def growth_in(value: bytes | None) -> Growth | None:
    """What such a record says; None when it is another record."""
    try:
        return _grown.decode(value or b"").data
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def voided(topic: str, slot: int, number: int, id_: str, now: datetime) -> tuple[bytes, bytes]:
    """Key and value of the record that stands for a number in a slot; each has a key of its own."""
    return _of_log(topic, "", VOIDED, f"{VOIDED}.{slot}.{number}", id_, now)


def _of_log(
    topic: str, place: str, type_: str, key: str, id_: str, now: datetime, data: msgspec.Struct | None = None
) -> tuple[bytes, bytes]:
    """A record that tells of a topic, or of one partition of it: then `place` is `/<partition>`."""
    record = ControlRecord(
        id=id_,
        source=f"/log/{topic}{place}",
        type=type_,
        subject=f"log/{topic}",
        time=now,
        partitionkey=key,
        data=msgspec.Raw(b"{}" if data is None else msgspec.json.encode(data)),
    )
    return _written(record)


def _written(record: ControlRecord) -> tuple[bytes, bytes]:
    return record.partitionkey.encode(), msgspec.json.encode(record)
