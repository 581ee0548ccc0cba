"""Records that say something of the log itself: a CloudEvent each, but without a number and in no catalogue of events.

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
    record = ControlRecord(
        id=id_, source=f"/log/{topic}/{partition}", type=OPENED, subject=f"log/{topic}", time=now, partitionkey=OPENED
    )
    return OPENED.encode(), msgspec.json.encode(record)


def heartbeat(service: str, id_: str, now: datetime) -> tuple[bytes, bytes]:
    """Key and value of the record by which the relay of a service says that it leads and sends."""
    record = ControlRecord(
        id=id_, source=f"/relay/{service}", type=HEARTBEAT, subject=f"relay/{service}", time=now, partitionkey=service
    )
    return service.encode(), msgspec.json.encode(record)


def heard(value: bytes | None) -> tuple[str, datetime] | None:
    """Whose heartbeat this is, and when it was sent; None when it is none."""
    try:
        record = msgspec.json.decode(value or b"", type=ControlRecord)
    except msgspec.MsgspecError:
        return None
    return (record.partitionkey, record.time) if record.type == HEARTBEAT else None
