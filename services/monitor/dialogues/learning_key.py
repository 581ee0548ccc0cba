"""Postgres of learning keys. Offered to neighbours: which versions there are."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from shared import outbox
from shared.contracts.monitor import LearningKeyPublished, TopicMapping
from shared.contracts.registers import LearningKeyCorrected, LearningKeyWithdrawn
from shared.contracts.vocabulary import DialogueTopic, Theme
from shared.database import Connection, queries
from shared.outbox import Draft
from shared.outbox.cause import Cause
from shared.refusals import NotFound

from .domain import LearningKey

_Q = queries(Path(__file__).with_name("learning_key.sql"))


async def latest_learning_key(connection: Connection) -> int:
    """The newest version that was published, withdrawn or not; 0 when none."""
    version: int = await connection.fetchval(_Q.latest_learning_key)
    return version


async def shut_out_folding(connection: Connection) -> None:
    """Until this transaction ends no finding is folded."""
    await connection.execute(_Q.shut_out_folding)


async def insert_learning_key(connection: Connection, key: LearningKeyPublished, cause: Cause) -> str:
    """Store a new version and say so; answers the id of the event."""
    await connection.execute(_Q.insert_learning_key, key.version, key.valid_from)
    await _insert_mappings(connection, key.version, key.mappings)
    await outbox.append(connection, [Draft(key, cause)])
    return await outbox.id_of(connection, key)


async def _insert_mappings(connection: Connection, version: int, mappings: Sequence[TopicMapping]) -> None:
    topics, indicators = [mapping.topic for mapping in mappings], [mapping.indicator for mapping in mappings]
    await connection.execute(_Q.insert_mappings, version, topics, indicators)


async def newest_standing(connection: Connection) -> int:
    """The newest version that is not withdrawn, 0 when none."""
    version: int = await connection.fetchval(_Q.newest_standing)
    return version


async def require_learning_key(connection: Connection, version: int) -> LearningKeyPublished:
    """One version, also when it is withdrawn. Raises NotFound."""
    rows = await connection.fetch(_Q.get_learning_key, version)
    if not rows:
        raise NotFound("unknown-learning-key", f"Er is geen versie {version} van de leersleutel.")
    return LearningKeyPublished(
        version=version,
        valid_from=rows[0]["valid_from"],
        mappings=tuple(
            TopicMapping(topic=DialogueTopic(row["topic"]), indicator=row["indicator"]) for row in rows if row["topic"]
        ),
    )


async def save_learning_key(
    connection: Connection, revision: LearningKeyCorrected | LearningKeyWithdrawn, cause: Cause
) -> str:
    """Store how a version is now and say so; answers the id of the event."""
    withdrawn: datetime | None = cause.now if isinstance(revision, LearningKeyWithdrawn) else None
    version = revision.learning_key
    await connection.execute(_Q.save_learning_key, version, revision.valid_from, revision.version, withdrawn)
    await connection.execute(_Q.forget_mappings, version)
    await _insert_mappings(connection, version, () if withdrawn else revision.mappings)
    await outbox.append(connection, [Draft(revision, cause)])
    return await outbox.id_of(connection, revision)


async def learning_keys(connection: Connection) -> list[LearningKey]:
    """Every version that stands, oldest first."""
    found: dict[int, tuple[date, int, dict[DialogueTopic, tuple[str, Theme]]]] = {}
    for row in await connection.fetch(_Q.learning_keys):
        *_, mapping = found.setdefault(row["version"], (row["valid_from"], row["revision"], {}))
        mapping[DialogueTopic(row["topic"])] = (row["indicator"], Theme(row["theme"]))
    return [LearningKey(version, since, mapping, revision) for version, (since, revision, mapping) in found.items()]


async def present_keys(connection: Connection) -> list[LearningKey]:
    """The learning keys, held still until this transaction ends."""
    await connection.execute(_Q.fold_with_present_keys)
    return await learning_keys(connection)
