"""Fast path, for the benchmark row `ours`: a record from the log becomes the event it carries in one pass over its
bytes, envelope and data together. The plain way is a pass for the envelope, then one for the data by its type."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Annotated, ClassVar, Union

import msgspec

from ..contracts import CONTRACTS, TOPICS, Contract, stream_of
from ..contracts.control import LOG_TYPES
from ..outbox.cause import Cause


class Poison(Exception):
    """A record or event that can never be folded as it is. The message says why.

    Seen by: the operator, as a dead letter with this reason. Ends: nothing; its neighbours are folded.
    """


class Awaits(Poison):
    """An event that cannot be folded before something else is there, which it names; then it can be replayed.

    Seen by: the operator, as a dead letter with this reason. Ends: nothing, and any number of them halts nothing.
    """


class UnknownType(Exception):
    """An event of a type this version does not know.

    Seen by: nobody, where it may be passed over; else the operator, as a dead letter to replay after the upgrade. Ends:
    nothing.
    """


#: What msgspec raises for what it cannot read; RecursionError for brackets in brackets, thousands deep.
_UNREADABLE = (msgspec.MsgspecError, ValueError, RecursionError)
_SOURCE = re.compile(r"urn:nld:oin:\d{20}:systeem:([a-z-]{1,60})")
#: Longer than any id of ours; Postgres cannot look up what is longer than a page.
_ID_LENGTH = 200
#: Outside these years, times cannot be reckoned with in every zone.
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


class _PassedOver(msgspec.Struct, gc=False):
    """An event that the reader does not read: nothing of it is decoded."""

    #: No number: what is read has one, so this is asked for nothing else.
    number: ClassVar[str] = ""


class Delivered(msgspec.Struct, kw_only=True, gc=False):
    """One event as it arrived, decoded. `sequence` counts in its source from 1; `raw` is the CloudEvent itself."""

    id: Annotated[str, msgspec.Meta(max_length=_ID_LENGTH)]
    source: str
    time: Annotated[datetime, msgspec.Meta(tz=True)]
    number: str = msgspec.field(name="sequence")
    data: Contract
    # Set by the decoder. No attribute of a CloudEvent can have such a name.
    sequence: int = msgspec.field(default=0, name="-sequence")
    raw: bytes = msgspec.field(default=b"", name="-raw")

    @property
    def type(self) -> str:
        """The event type."""
        return self.data.type

    @property
    def told_as(self) -> str:
        """The id of the event by which anyone may know of this: an internal one follows from a public one, but for
        those from before they did."""
        origin = None if TOPICS[self.data.topic].public else identify(self.raw).causationid
        return origin or self.id

    def cause(self, now: datetime) -> Cause:
        """The cause of an event that follows from this one."""
        # Few events have one that follows: these attributes are read when it does.
        origin = identify(self.raw)
        return Cause(
            now=now,
            correlation_id=origin.correlationid or "",
            traceparent=origin.traceparent or "",
            causation_id=self.told_as,
        )


Batch = Sequence[Delivered]


class _Envelope(msgspec.Struct):
    id: str
    type: str


_envelope = msgspec.json.Decoder(_Envelope)


class Decoder:
    """Reads events of some contracts, passes over those of the others, and refuses what is no event of ours."""

    def __init__(self, reads: Iterable[type[Contract]]) -> None:
        readable = {contract.type: contract for contract in reads}
        passed_over = CONTRACTS.keys() - readable.keys()
        self._known = readable.keys() | passed_over
        # The type of the event chooses the struct, as a tag, so that nothing is looked at twice.
        shapes = [
            msgspec.defstruct(
                "Event", [("data", contract)], bases=(Delivered,), tag_field="type", tag=name, kw_only=True, gc=False
            )
            for name, contract in readable.items()
        ]
        # Asked by class: isinstance() is slow for these.
        self._streams = dict(zip(shapes, (_stream_of(each.topic) for each in readable.values()), strict=True))
        #: The stream of each source that was found to be one.
        self._sources: dict[str, str] = {}
        shapes += [msgspec.defstruct("Other", [], bases=(_PassedOver,), tag_field="type", tag=n) for n in passed_over]
        self._decoder: msgspec.json.Decoder[Delivered] = msgspec.json.Decoder(Union[tuple(shapes)])  # noqa: UP007

    def decode(self, value: bytes | None) -> Delivered | None:
        """Read one record's value; None is passed over, as is what says something of the log itself.

        Raises Poison when it is not a CloudEvent of ours or breaks its contract, UnknownType when it may be one of a
        later version's.
        """
        if value is None:
            raise Poison("the record has no value")
        try:
            event = self._decoder.decode(value)
        except _UNREADABLE as error:
            if (refusal := self._refusal(value, error)) is None:
                return None
            raise refusal from error
        number = event.number
        if not (number.isdecimal() and len(number) < 19 and (sequence := int(number))):
            if event.__class__ not in self._streams:
                return None
            raise Poison(f"the sequence {number[:40]!r} is not a whole number from 1")
        if self._sources.get(event.source) != self._streams[event.__class__]:
            self._believe(event.source, self._streams[event.__class__])
        if not _FIRST_YEAR <= event.time.year <= _LAST_YEAR:
            raise Poison(f"the time {event.time} is not one at which anything was recorded")
        event.sequence = sequence
        event.raw = value
        return event

    def _believe(self, source: str, stream: str) -> None:
        """Raise Poison for a source that does not say this kind of thing: it would count in another's numbers."""
        named = _SOURCE.fullmatch(source)
        if named is None or named[1] != stream:
            raise Poison(f"the source {source[:_ID_LENGTH]!r} is not the one of {stream}")
        self._sources[source] = stream

    def _refusal(self, value: bytes, error: Exception) -> Exception | None:
        try:
            envelope = _envelope.decode(value)
        except _UNREADABLE:
            envelope = None
        if envelope is not None and envelope.type.startswith(LOG_TYPES):
            return None
        if envelope is None or envelope.type in self._known:
            return Poison(f"not a readable event: {error}")
        return UnknownType(f"{envelope.type[:_ID_LENGTH]!r}")


#: One decoder per set of contracts, made when it is first needed.
decoder_of = cache(Decoder)


class Identity(msgspec.Struct, frozen=True):
    """Which event, what it is about, and the request or trace it came from."""

    id: str | None = None
    subject: str | None = None
    correlationid: str | None = None
    causationid: str | None = None
    traceparent: str | None = None


_identity = msgspec.json.Decoder(Identity)


def identify(value: bytes | None) -> Identity:
    """What can be said of an event that may be poison otherwise: nothing when it cannot be read."""
    try:
        return _identity.decode(value or b"")
    except _UNREADABLE:
        return Identity()


def _stream_of(topic: str) -> str:
    # A topic of a benchmark is in no list, and is its own stream.
    return stream_of(topic) if topic in TOPICS else topic
