"""The event catalogue: of every event type what it means, whom it concerns and how it is told.

Each module has the entries of the contracts in the module of its name. Activity, newsletter triggers, feeds, AsyncAPI
document and docs are made from them.
"""

from collections.abc import Mapping
from types import MappingProxyType, ModuleType
from typing import cast

import msgspec

from ..envelope import Contract
from . import community, finance, initiatives, monitor, registers
from .entry import EXAMPLES, NOT_NEWS, Concerns, Entry, EventT, Name, Names, News, No, Sentence

__all__ = [
    "CATALOGUE",
    "EXAMPLES",
    "NOT_NEWS",
    "Concerns",
    "Entry",
    "Json",
    "Name",
    "Names",
    "News",
    "No",
    "Sentence",
    "entries",
    "entry_of",
    "example",
]

Json = dict[str, object]


def entries(*modules: ModuleType) -> dict[str, Entry[Contract]]:
    """The entries in these modules by event type."""
    found: dict[str, Entry[Contract]] = {}
    for module in modules:
        for item in vars(module).values():
            if isinstance(item, Entry):
                if item.contract.type in found:
                    raise ValueError(f"{item.contract.type} stands in the catalogue twice")
                found[item.contract.type] = item
    return found


#: The entry of every event type.
CATALOGUE: Mapping[str, Entry[Contract]] = MappingProxyType(
    entries(initiatives, monitor, registers, community, finance)
)


def entry_of(event: EventT) -> Entry[EventT]:
    """The entry of an event's type."""
    # Under each type stands the entry of its own contract: see `entries`.
    return cast(Entry[EventT], CATALOGUE[event.type])


def example(type_: str) -> Json:
    """The golden example of an event type: a whole CloudEvent."""
    return msgspec.json.decode((EXAMPLES / f"{type_}.json").read_bytes(), type=Json)
