"""The published language: what services say to each other and to partners. Additive changes only; else `.v2`."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

import msgspec

from . import community, finance, initiatives, monitor, registers
from .envelope import CONTENT_TYPE, HEADERS, CloudEvent, Contract, source

__all__ = [
    "CONTENT_TYPE",
    "CONTRACTS",
    "EVENT_TOPICS",
    "HEADERS",
    "PUBLIC_TOPICS",
    "TOPICS",
    "CloudEvent",
    "Contract",
    "Topic",
    "schema_path",
    "source",
    "stream_of",
]


class Topic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a topic is made, and whose it is. A topic that is not public is for our own services only.

    `retention` is all, the newest of each key, or so many hours. `writers` are services, `readers` consumer groups.
    """

    partitions: int
    public: bool
    retention: Literal["all", "newest"] | Annotated[int, msgspec.Meta(ge=1)]
    writers: tuple[str, ...]
    readers: tuple[str, ...]

    @property
    def compacted(self) -> bool:
        """Whether older events of a key may be gone from the middle of its log."""
        return self.retention == "newest"


def _contracts() -> dict[str, type[Contract]]:
    found: dict[str, type[Contract]] = {}
    for module in (initiatives, monitor, registers, community, finance):
        for item in vars(module).values():
            if isinstance(item, type) and issubclass(item, Contract) and hasattr(item, "type"):
                found[item.type] = item
    return found


#: Every contract by its event type.
CONTRACTS: Mapping[str, type[Contract]] = MappingProxyType(_contracts())

#: Every topic by its name.
TOPICS: Mapping[str, Topic] = MappingProxyType(
    msgspec.convert(
        tomllib.loads(Path(__file__).with_name("topics.toml").read_text(encoding="utf-8"))["topics"],
        dict[str, Topic],
    )
)

#: The names of those that carry events: through an outbox, and in the catalogue.
EVENT_TOPICS = tuple(name for name in TOPICS if any(contract.topic == name for contract in CONTRACTS.values()))

#: The names partners may read.
PUBLIC_TOPICS = tuple(name for name, topic in TOPICS.items() if topic.public)


def stream_of(topic: str) -> str:
    """The name in `source` of what a topic carries. Internal events count apart, so a partner sees no gap."""
    publisher = topic.partition(".")[0]
    return publisher if TOPICS[topic].public else f"{publisher}-internal"


def schema_path(type_: str) -> str:
    """Where the schema of an event type is published, relative to the public address."""
    return f"/feeds/v1/schemas/{type_}.json"
