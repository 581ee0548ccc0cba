"""A record from the log, decoded into the event it carries."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from .contracts import CONTRACTS, Contract
from .trace import Cause


class Incoming(Protocol):
    """What a Kafka record must offer."""

    @property
    def offset(self) -> int:
        """Its place in the partition."""

    @property
    def key(self) -> bytes | None:
        """The aggregate's id."""

    @property
    def value(self) -> bytes | None:
        """The CloudEvent."""


class Poison(Exception):
    """A record or event that can never be folded as it is. The message says why."""


class Unread(msgspec.Struct, frozen=True):
    """An event of a type this version does not know: readers pass over it."""

    id: str
    type: str


class Delivered(msgspec.Struct, frozen=True, kw_only=True):
    """One event as it arrived. `raw` is the whole CloudEvent as published."""

    id: str
    source: str
    type: str
    subject: str
    sequence: int
    time: datetime
    correlation_id: str
    traceparent: str
    data: Contract
    raw: bytes

    def cause(self, now: datetime) -> Cause:
        """The cause of an event that follows from this one."""
        return Cause(now=now, correlation_id=self.correlation_id, traceparent=self.traceparent, causation_id=self.id)


class _Envelope(msgspec.Struct, frozen=True):
    id: str
    source: str
    type: str
    data: msgspec.Raw
    subject: str = ""
    time: datetime | None = None
    sequence: str = "0"
    correlationid: str = ""
    traceparent: str = ""


_envelope = msgspec.json.Decoder(_Envelope)
_data: dict[str, msgspec.json.Decoder[Contract]] = {
    name: msgspec.json.Decoder(contract) for name, contract in CONTRACTS.items()
}


def decode(value: bytes | None) -> Delivered | Unread:
    """Read one record's value. Raises Poison when it is not a CloudEvent of ours or its data breaks the contract."""
    if value is None:
        raise Poison("the record has no value")
    try:
        envelope = _envelope.decode(value)
        decoder = _data.get(envelope.type)
        if decoder is None:
            return Unread(envelope.id, envelope.type)
        if envelope.time is None or envelope.time.tzinfo is None:
            raise Poison("the event has no time with an offset")
        return Delivered(
            id=envelope.id,
            source=envelope.source,
            type=envelope.type,
            subject=envelope.subject,
            sequence=int(envelope.sequence),
            time=envelope.time,
            correlation_id=envelope.correlationid,
            traceparent=envelope.traceparent,
            data=decoder.decode(envelope.data),
            raw=value,
        )
    except (msgspec.MsgspecError, ValueError) as error:
        raise Poison(f"not a readable event: {error}") from error


class Identity(msgspec.Struct, frozen=True):
    """Which event, and the request or trace it came from."""

    id: str | None = None
    correlationid: str | None = None
    traceparent: str | None = None


_identity = msgspec.json.Decoder(Identity)


def identify(value: bytes | None) -> Identity:
    """What can be said of an event that may be poison otherwise: nothing when it cannot be read."""
    try:
        return _identity.decode(value or b"")
    except (msgspec.MsgspecError, ValueError):
        return Identity()


Batch = Sequence[Delivered]
