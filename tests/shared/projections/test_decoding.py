"""One pass over a record's bytes: the same event, or the same refusal, as by reading the envelope and then its data."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated

import msgspec
import pytest

from shared.contracts import CONTRACTS, Contract, stream_of
from shared.contracts.catalogue import EXAMPLES
from shared.contracts.control import LOG_TYPES, OPENED
from shared.projections.decoding import Decoder, Delivered, Poison, UnknownType


class Kind(msgspec.Struct):
    """What is read first."""

    type: str


class Named(Kind):
    """What an event has of which nothing else is known."""

    id: str


class Envelope(Named):
    """What is read of an event that is read."""

    id: Annotated[str, msgspec.Meta(max_length=200)]
    source: str
    time: Annotated[datetime, msgspec.Meta(tz=True)]
    sequence: str
    data: msgspec.Raw


def plainly(value: bytes | None, reads: Mapping[str, type[Contract]]) -> object:
    """What a record is: an event, passed over, unknown or poison; a pass for each part."""
    try:
        kind = msgspec.json.decode(value or b"", type=Kind)
        if kind.type not in CONTRACTS:
            msgspec.json.decode(value or b"", type=Named)
            return "passed over" if kind.type.startswith(LOG_TYPES) else "unknown"
        if kind.type not in reads:
            return "passed over"
        envelope = msgspec.json.decode(value or b"", type=Envelope)
        data = msgspec.json.decode(envelope.data, type=reads[kind.type])
    except (msgspec.MsgspecError, ValueError):
        return "poison"
    number = envelope.sequence
    if not 1900 <= envelope.time.year < 2200:
        return "poison"
    named = re.fullmatch(r"urn:nld:oin:[0-9]{20}:systeem:(.+)", envelope.source)
    if named is None or named[1] != stream_of(reads[kind.type].topic):
        return "poison"
    if not (number.isdecimal() and len(number) < 19 and int(number) > 0):
        return "poison"
    return envelope.id, envelope.source, envelope.time, int(number), data, value


def at_once(value: bytes | None, decoder: Decoder) -> object:
    try:
        event = decoder.decode(value)
    except Poison:
        return "poison"
    except UnknownType:
        return "unknown"
    if not isinstance(event, Delivered):
        return "passed over"
    return event.id, event.source, event.time, event.sequence, event.data, event.raw


def spoilt(event: dict[str, object]) -> Iterator[dict[str, object]]:
    """The event, and each of its attributes and fields left out or made something else."""
    others: tuple[object, ...] = (None, 5, "x", "", [], {})
    yield event
    for name in event:
        yield {other: value for other, value in event.items() if other != name}
        yield from ({**event, name: value} for value in others)
    data = event["data"]
    assert isinstance(data, dict)
    for name in data:
        yield {**event, "data": {other: value for other, value in data.items() if other != name}}
        yield from ({**event, "data": {**data, name: value}} for value in others)


def records(type_: str) -> Iterator[bytes]:
    text = (EXAMPLES / f"{type_}.json").read_bytes()
    event = json.loads(text)
    yield text
    for changed in spoilt(event):
        yield json.dumps(changed).encode()
    yield json.dumps({**event, "type": f"{type_}9"}).encode()
    yield json.dumps({**event, "type": OPENED}).encode()
    for publisher in ("monitor", "monitor-internal", "feeds", "", "x" * 3000):
        yield json.dumps({**event, "source": f"urn:nld:oin:00000099000000001000:systeem:{publisher}"}).encode()
    for time in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "1900-01-01T00:00:00Z"):
        yield json.dumps({**event, "time": time}).encode()
    yield json.dumps({**event, "id": "x" * 201}).encode()
    yield from (text.replace(b'"sequence": "', b'"sequence": "%s' % start) for start in (b"-", b"0", b"x", b"9" * 18))
    yield from (b"", b"null", b"[]", b"{}", b"\xff", text[:-2], text + text, text.replace(b'"', b"'"))


@pytest.mark.twin_of("shared.projections.decoding")
@pytest.mark.parametrize("type_", sorted(CONTRACTS))
def test_one_pass_reads_what_two_passes_read(type_: str) -> None:
    everything, nothing_of_it = Decoder(CONTRACTS.values()), dict(CONTRACTS)
    del nothing_of_it[type_]
    others = Decoder(nothing_of_it.values())
    found = set()
    for value in (None, *records(type_)):
        assert at_once(value, everything) == plainly(value, CONTRACTS), value
        assert at_once(value, others) == plainly(value, nothing_of_it), value
        found |= {kind for kind in (at_once(value, everything), at_once(value, others)) if isinstance(kind, str)}
    assert found == {"poison", "unknown", "passed over"}
