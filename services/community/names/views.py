"""What ids are called by now, and events told with those names."""

from collections.abc import Iterable, Sequence

import msgspec

from shared.contracts import CONTRACTS, Contract
from shared.contracts.catalogue import Names, Sentence, entry_of
from shared.database import Connection, Record

from . import store


async def read_names(connection: Connection, ids: Iterable[str]) -> Names:
    """What these ids are called."""
    return Names(await store.names(connection, ids))


async def known_of(connection: Connection, things: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which of these things, by kind and id, have a name."""
    asked = set(things)
    return asked & (await store.names(connection, (id_ for _, id_ in asked))).keys()


async def read_sentences(connection: Connection, rows: Sequence[Record]) -> list[Sentence]:
    """The sentences of events that are news, each from a row with its `type` and `data`."""
    events: list[Contract] = [msgspec.json.decode(row["data"], type=CONTRACTS[row["type"]]) for row in rows]
    mentioned = frozenset[str]().union(*(entry_of(event).mentions(event) for event in events))
    names = await read_names(connection, mentioned)
    return [entry_of(event).sentence(event, names) for event in events]
