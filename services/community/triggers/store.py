"""The newsletter triggers in Postgres: the only caller of triggers.sql."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from shared.contracts.community import DialogueWithdrawn, NewsletterTriggerRaised
from shared.contracts.vocabulary import TriggerReason
from shared.database import Connection, Record, queries

_Q = queries(Path(__file__).with_name("triggers.sql"))
_END = 2**63 - 1


async def insert_triggers(
    connection: Connection, raised: Sequence[tuple[int, NewsletterTriggerRaised]], now: datetime
) -> None:
    """Store newsletter triggers, each at the position of the activity behind it."""
    await connection.execute(
        _Q.insert_triggers,
        [position for position, _ in raised],
        [trigger.trigger for _, trigger in raised],
        [trigger.reason for _, trigger in raised],
        [trigger.cause for _, trigger in raised],
        [trigger.about for _, trigger in raised],
        [trigger.initiative for _, trigger in raised],
        [trigger.municipality for _, trigger in raised],
        [msgspec.json.encode(trigger.themes).decode() for _, trigger in raised],
        now,
    )


async def withdraw_triggers(connection: Connection, subjects: Iterable[str]) -> None:
    """Mark what was raised by the holding of these dialogues, of those that are withdrawn by now."""
    await connection.execute(_Q.withdraw_triggers, list(subjects), TriggerReason.DIALOGUE_HELD, DialogueWithdrawn.type)


async def keep_times(connection: Connection) -> None:
    """At the end of a rebuild, before the swap: each trigger there was is raised when it was."""
    await connection.execute(_Q.keep_times)


async def untold(connection: Connection) -> list[NewsletterTriggerRaised]:
    """At the end of a rebuild, before the swap: the triggers that there were not."""
    rows = await connection.fetch(_Q.untold)
    return [msgspec.convert(dict(row), NewsletterTriggerRaised) for row in rows]


async def triggers_before(
    connection: Connection, reason: str | None, before: int | None, limit: int
) -> Sequence[Record]:
    """Newsletter triggers, newest first, older than `before`, each with its activity."""
    return await connection.fetch(_Q.triggers_before, _END if before is None else before, limit, reason)


async def triggers_after(connection: Connection, reason: str | None, after: int, limit: int) -> Sequence[Record]:
    """Newsletter triggers, oldest first, past `after`, each with its activity."""
    return await connection.fetch(_Q.triggers_after, after, limit, reason)


async def activity_head(connection: Connection) -> int:
    """The position of the newest activity; 0 when there is none."""
    position: int = await connection.fetchval(_Q.activity_head)
    return position
