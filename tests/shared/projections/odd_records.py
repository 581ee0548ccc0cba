"""Every way a record may be odd, made from the golden examples; and what each projection must do with it."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from itertools import count
from uuid import uuid4

from shared.contracts import CONTRACTS, EVENT_TOPICS, TOPICS, Contract
from shared.contracts.catalogue import EXAMPLES
from shared.contracts.control import LOG_TYPES, OPENED
from shared.contracts.slots import headers_of
from shared.projections.projector import Projection

Attributes = dict[str, object]
Spoil = Callable[[Attributes], bytes | None]
#: As large as Kafka takes by default, nearly.
_HUGE = "x" * 900_000


class Fate(Enum):
    """What becomes of a record in a projection."""

    FOLDED = "folded"
    IGNORED = "ignored"
    SET_ASIDE = "a dead letter"


class Read(Enum):
    """How a record must be read: as its type says, as nothing that can be read, or as of a type that is not known."""

    AS_IT_IS = "as it is"
    AS_POISON = "as poison"
    AS_BROKEN = "as poison by who reads the type"
    AS_UNKNOWN = "as of an unknown type"
    AS_TOMBSTONE = "as one that takes a key out of a compacted log, and as poison in another"
    AS_CONTROL = "as what tells of the log itself"


def _said(event: Attributes, **changed: object) -> bytes:
    return json.dumps({**event, **changed}).encode()


def _without(event: Attributes, name: str) -> bytes:
    return json.dumps({key: value for key, value in event.items() if key != name}).encode()


def _data(event: Attributes, **changed: object) -> bytes:
    data = event["data"]
    assert isinstance(data, dict)
    return _said(event, data={**data, **changed})


def _of_another_stream(event: Attributes) -> bytes:
    return _said(event, source=f"{event['source']}-anders")


ODD: dict[str, tuple[Read, Spoil]] = {
    "nothing odd": (Read.AS_IT_IS, _said),
    "no key": (Read.AS_IT_IS, _said),
    "no value, a tombstone": (Read.AS_TOMBSTONE, lambda _: None),
    "empty": (Read.AS_POISON, lambda _: b""),
    "not JSON": (Read.AS_POISON, lambda _: b"\xff\xfe not JSON"),
    "JSON, but no object": (Read.AS_POISON, lambda _: b'["nl.veerkracht.area.registered.v1"]'),
    "cut off": (Read.AS_POISON, lambda event: _said(event)[:-2]),
    "no type": (Read.AS_POISON, lambda event: _without(event, "type")),
    "a type that is a number": (Read.AS_POISON, lambda event: _said(event, type=5)),
    "the identity of a log": (Read.AS_CONTROL, lambda event: _said(event, type=OPENED)),
    "a later kind of control record": (Read.AS_CONTROL, lambda event: _said(event, type=f"{LOG_TYPES}gebeurd.v7")),
    "an unknown type": (Read.AS_UNKNOWN, lambda event: _said(event, type="nl.veerkracht.iets.gebeurd.v1")),
    "an unknown major version": (Read.AS_UNKNOWN, lambda event: _said(event, type=str(event["type"])[:-1] + "9")),
    "a type of someone else": (Read.AS_UNKNOWN, lambda event: _said(event, type="com.example.thing")),
    "a type with NUL": (Read.AS_UNKNOWN, lambda event: _said(event, type="nl.veerkracht.\0.v1")),
    "a huge type": (Read.AS_UNKNOWN, lambda event: _said(event, type="x" * 500_000)),
    "unknown attributes": (Read.AS_IT_IS, lambda event: _said(event, extension={"deep": [1, {"x": None}]})),
    "unknown fields": (Read.AS_IT_IS, lambda event: _data(event, later={"more": [1, 2]}, another=None)),
    "huge": (Read.AS_IT_IS, lambda event: _data(event, later=_HUGE)),
    "brackets in brackets": (
        Read.AS_POISON,
        lambda event: _said(event, later="@").replace(b'"@"', b"[" * 100_000 + b"]" * 100_000),
    ),
    "no data": (Read.AS_BROKEN, lambda event: _without(event, "data")),
    "data of something else": (Read.AS_BROKEN, lambda event: _said(event, data={"x": 1})),
    "no id": (Read.AS_BROKEN, lambda event: _without(event, "id")),
    "a huge id": (Read.AS_BROKEN, lambda event: _said(event, id="i" * 500_000)),
    "a source that is none": (Read.AS_BROKEN, lambda event: _said(event, source="https://example.org/\0")),
    "the source of another": (Read.AS_BROKEN, _of_another_stream),
    "a huge source": (Read.AS_BROKEN, lambda event: _said(event, source=str(event["source"]) + "x" * 500_000)),
    "no number in a slot": (Read.AS_BROKEN, _said),
    "no sequence": (Read.AS_BROKEN, lambda event: _without(event, "sequence")),
    "a sequence that is no number": (Read.AS_BROKEN, lambda event: _said(event, sequence="één")),
    "a time out of reach": (Read.AS_BROKEN, lambda event: _said(event, time="0001-01-01T00:00:00+14:00")),
    "a time that is none": (Read.AS_BROKEN, lambda event: _said(event, time="gisteren")),
}


@dataclass(frozen=True)
class Sent:
    """A record of a topic, what is odd about it, and of which type it would be."""

    topic: str
    odd: str
    read: Read
    contract: type[Contract]
    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes]]

    def fate(self, projection: Projection) -> Fate:
        """What this projection must do with it."""
        readable = projection.reads or [c for c in CONTRACTS.values() if c.topic in projection.topics]
        # The feed decodes every type there is, and passes on what is public.
        reads = self.contract in readable
        match self.read:
            case Read.AS_POISON:
                return Fate.SET_ASIDE
            case Read.AS_TOMBSTONE:
                return Fate.IGNORED if TOPICS[self.topic].compacted else Fate.SET_ASIDE
            case Read.AS_UNKNOWN:
                return Fate.SET_ASIDE if projection.every_type else Fate.IGNORED
            case Read.AS_CONTROL:
                return Fate.IGNORED
            case Read.AS_BROKEN:
                return Fate.SET_ASIDE if reads else Fate.IGNORED
        if projection.every_type and not TOPICS[self.contract.topic].public:
            return Fate.SET_ASIDE
        return Fate.FOLDED if reads else Fate.IGNORED


class Maker:
    """Makes records, each with an id, a number and a key of its own, as one publisher that no other test knows."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._slots: Counter[str] = Counter()
        self._oin = f"{uuid4().int % 10**20:020}"

    def of(self, contract: type[Contract], topic: str, odd: str = "nothing odd") -> Sent:
        """One record, which says what the example of its type says."""
        read, spoil = ODD[odd]
        event: Attributes = json.loads((EXAMPLES / f"{contract.type}.json").read_text("utf-8"))
        stream = str(event["source"]).rpartition(":")[2]
        event |= {
            "id": str(uuid4()),
            "sequence": str(next(self._numbers)),
            "source": f"urn:nld:oin:{self._oin}:systeem:{stream}",
        }
        data = event["data"]
        assert isinstance(data, dict)
        head, *tail = contract.key_field.split("_")
        name = head + "".join(part.capitalize() for part in tail)
        if isinstance(data[name], str):
            data[name] = str(uuid4())
        key = str(data[name])
        event |= {"subject": f"{contract.kind}/{key}", "partitionkey": key}
        return Sent(
            topic,
            odd,
            read,
            contract,
            None if odd == "no key" else key.encode(),
            spoil(event),
            self._headers(topic, odd),
        )

    def _headers(self, topic: str, odd: str) -> list[tuple[str, bytes]]:
        """Everything lies in the first partition, so one slot will do."""
        if odd == "no number in a slot":
            return []
        self._slots[topic] += 1
        return headers_of(0, self._slots[topic])

    def everything(self) -> Iterator[Sent]:
        """After each odd record a good one: every oddity of every type; then every type on a topic of others."""
        seen: set[str] = set()
        for contract in CONTRACTS.values():
            # What is large is sent once to each topic.
            for odd in ODD if contract.topic not in seen else [odd for odd in ODD if "huge" not in odd]:
                # Kafka itself refuses what has no key where it compacts by it.
                if odd != "no key" or not TOPICS[contract.topic].compacted:
                    yield self.of(contract, contract.topic, odd)
                yield self.of(contract, contract.topic)
            seen.add(contract.topic)
        for contract in CONTRACTS.values():
            for topic in sorted({*EVENT_TOPICS} - {contract.topic}):
                yield replace(self.of(contract, topic), odd="on the topic of others")
        for topic in sorted(EVENT_TOPICS):
            own = next(contract for contract in CONTRACTS.values() if contract.topic == topic)
            yield self.of(own, topic)
