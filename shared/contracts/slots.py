"""Slots: each topic numbers its events in 64 of them, by key. The number travels in a Kafka header beside `sequence`.

A key's events share a slot, and a slot's events share a partition, whatever the partitions: so what a reader folded of
a slot is one number, and a topic that grows moves whole slots.
"""

from collections.abc import Sequence
from struct import unpack

from .envelope import HEADERS

#: A topic's partitions are a power of two, at most this: then a key's partition is what Kafka's own clients choose.
SLOTS = 64
#: Eight bytes, big-endian: 64 times the number, plus the slot. Numbers count from 1 in each slot of a topic.
SLOT_HEADER = "slot"
_LENGTH = 8

Headers = Sequence[tuple[str, bytes | None]]


def headers_of(slot: int, number: int) -> list[tuple[str, bytes]]:
    """The headers of an event's record."""
    return [(SLOT_HEADER, (number * SLOTS + slot).to_bytes(_LENGTH)), *HEADERS]


def slot_number(headers: Headers) -> int:
    """64 times the number, plus the slot; 0 for a record that has none."""
    for name, value in headers:
        if name == SLOT_HEADER:
            found = int.from_bytes(value) if value is not None and len(value) == _LENGTH else 0
            return found if found >= SLOTS else 0
    return 0


def slot_numbers(records: Sequence[Headers]) -> Sequence[int]:
    """Those of many records, in an eighth of the time where all are as a relay writes them."""
    if records and all(records):
        names, values = zip(*[headers[0] for headers in records], strict=True)
        if set(names) == {SLOT_HEADER} and None not in values and set(map(len, values)) == {_LENGTH}:
            found = unpack(f">{len(values)}Q", b"".join(values))
            if min(found) >= SLOTS:
                return found
    return [slot_number(headers) for headers in records]
