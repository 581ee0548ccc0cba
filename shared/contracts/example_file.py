"""Writes the golden example of a new event type: `python -m shared.contracts.example_file TYPE 'DATA as JSON'`.

The data is checked by the contract. Everything else of the CloudEvent follows on the examples of the same source.
"""

import sys
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import msgspec

from . import CONTRACTS, CloudEvent, schema_path, source, stream_of
from .catalogue import EXAMPLES

_OIN = "00000099000000001000"
_ORIGIN = "https://veerkracht.example"
#: The day of the first examples.
_FIRST = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


def example_of(type_: str, data: bytes) -> CloudEvent:
    """A CloudEvent with this data, the next of its source. Raises ValidationError when the contract is broken."""
    event = msgspec.json.decode(data, type=CONTRACTS[type_])
    publisher = source(_OIN, stream_of(event.topic))
    examples = [msgspec.json.decode(path.read_bytes(), type=CloudEvent) for path in EXAMPLES.glob("*.json")]
    before = [example for example in examples if example.source == publisher]
    time = max((example.time for example in before), default=_FIRST) + timedelta(minutes=1)
    # The same type always gives the same ids.
    digest = sha256(type_.encode()).hexdigest()
    return CloudEvent(
        id=str(UUID(f"{int(time.timestamp() * 1000):012x}7{digest[:3]}8{digest[3:18]}")),
        source=publisher,
        type=type_,
        subject=event.subject,
        time=time,
        dataschema=_ORIGIN + schema_path(type_),
        partitionkey=event.key,
        sequence=str(max((int(example.sequence) for example in before), default=0) + 1),
        correlationid=digest[:32],
        traceparent=f"00-{digest[:32]}-{digest[32:48]}-01",
        data=msgspec.Raw(msgspec.json.encode(event)),
    )


def _in_order(example: CloudEvent) -> dict[str, object]:
    """The attributes in the order of the other examples; one that they do not have comes last."""
    written = msgspec.json.decode(msgspec.json.encode(example), type=dict[str, object])
    order = list(msgspec.json.decode(next(iter(sorted(EXAMPLES.glob("*.json")))).read_bytes(), type=dict[str, object]))
    return dict(sorted(written.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order)))


def main() -> None:
    """Write the file; an example is never written over."""
    type_, data = sys.argv[1:]
    example = example_of(type_, data.encode())
    with (EXAMPLES / f"{type_}.json").open("xb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(_in_order(example)), indent=2) + b"\n")


if __name__ == "__main__":
    main()
