"""Postgres of learning keys. Offered to neighbours: which versions there are."""

from datetime import date
from pathlib import Path

from shared import outbox
from shared.contracts.monitor import (
    LearningKeyPublished,
)
from shared.contracts.vocabulary import DialogueTopic, Theme
from shared.database import Connection, queries
from shared.outbox import Draft
from shared.outbox.cause import Cause

from .domain import LearningKey

_Q = queries(Path(__file__).with_name("learning_key.sql"))


async def latest_learning_key(connection: Connection) -> int:
    """The newest version, 0 when none."""
    version: int = await connection.fetchval(_Q.latest_learning_key)
    return version


async def shut_out_folding(connection: Connection) -> None:
    """Until this transaction ends no finding is folded."""
    await connection.execute(_Q.shut_out_folding)


async def insert_learning_key(connection: Connection, key: LearningKeyPublished, cause: Cause) -> str:
    """Store a new version and say so; answers the id of the event."""
    await connection.execute(_Q.insert_learning_key, key.version, key.valid_from)
    await connection.execute(
        _Q.insert_mappings,
        key.version,
        [mapping.topic for mapping in key.mappings],
        [mapping.indicator for mapping in key.mappings],
    )
    await outbox.append(connection, [Draft(key, cause)])
    event: str = await connection.fetchval(_Q.event_of, key.key, key.type)
    return event


async def learning_keys(connection: Connection) -> list[LearningKey]:
    """Every version, oldest first."""
    found: dict[int, tuple[date, dict[DialogueTopic, tuple[str, Theme]]]] = {}
    for row in await connection.fetch(_Q.learning_keys):
        _, mapping = found.setdefault(row["version"], (row["valid_from"], {}))
        mapping[DialogueTopic(row["topic"])] = (row["indicator"], Theme(row["theme"]))
    return [LearningKey(version, valid_from, mapping) for version, (valid_from, mapping) in found.items()]


async def present_keys(connection: Connection) -> list[LearningKey]:
    """The learning keys, held still until this transaction ends."""
    await connection.execute(_Q.fold_with_present_keys)
    return await learning_keys(connection)
