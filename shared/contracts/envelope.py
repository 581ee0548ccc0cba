"""CloudEvents 1.0 with the NL GOV profile, structured mode, and the base of every contract."""

from datetime import datetime
from typing import ClassVar, Literal

import msgspec

CONTENT_TYPE = "application/cloudevents+json"
#: Kafka record headers of structured mode.
HEADERS = [("content-type", CONTENT_TYPE.encode())]


class Contract(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One event's data: a fact in the past tense. Readers ignore fields they do not know.

    `key_field` names the field that holds the aggregate's id: record key, partition key and last part of the subject.
    """

    type: ClassVar[str]
    topic: ClassVar[str]
    kind: ClassVar[str]
    key_field: ClassVar[str]

    @property
    def key(self) -> str:
        """The aggregate's id."""
        return str(getattr(self, self.key_field))

    @property
    def identity(self) -> str:
        """What it is about, where several things share a key; else the key."""
        return self.key

    @property
    def subject(self) -> str:
        """`<kind>/<id>` of the aggregate."""
        return f"{self.kind}/{self.key}"


class CloudEvent(msgspec.Struct, frozen=True, kw_only=True):
    """The envelope as written. `sequence` is contiguous per `source`, from 1; `time` is when it was logged, in UTC."""

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    dataschema: str
    partitionkey: str
    sequence: str
    correlationid: str
    traceparent: str
    data: msgspec.Raw
    causationid: str | msgspec.UnsetType = msgspec.UNSET
    specversion: Literal["1.0"] = "1.0"
    datacontenttype: Literal["application/json"] = "application/json"
    sequencetype: Literal["Integer"] = "Integer"


def source(oin: str, stream: str) -> str:
    """`urn:nld:oin:<OIN>:systeem:<stream>`: who says it, and whose sequence it counts in."""
    return f"urn:nld:oin:{oin}:systeem:{stream}"
