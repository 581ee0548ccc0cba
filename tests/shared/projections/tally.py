"""A read table that shows each fold, with no protection of its own."""

from datetime import datetime

from shared.contracts.community import DialogueFindingsRecorded
from shared.database import Connection
from shared.projections.decoding import Batch, Poison
from shared.projections.projector import Projection
from shared.projections.watermarks import Partition

HERE = Partition("community.dialogue-findings", 0)


async def tally(connection: Connection, events: Batch, _: datetime) -> None:
    """One row per folded event."""
    for event in events:
        if isinstance(event.data, DialogueFindingsRecorded) and event.data.dialogue.startswith("poison"):
            raise Poison("a dialogue of this name cannot be folded")
        await connection.execute("INSERT INTO tally VALUES ($1)", event.id)


async def keep_all(connection: Connection, events: Batch, _: datetime) -> None:
    """The same, with no event it cannot fold."""
    await connection.executemany("INSERT INTO tally VALUES ($1)", [(event.id,) for event in events])


TALLY = Projection("tally", (HERE.topic,), tally)


async def tallied(connection: Connection) -> list[str]:
    return [row["id"] for row in await connection.fetch("SELECT id FROM tally ORDER BY ctid")]


async def dead(connection: Connection) -> list[tuple[int, str]]:
    rows = await connection.fetch('SELECT "offset", reason FROM dead_letter ORDER BY "offset"')
    return [(row["offset"], row["reason"]) for row in rows]
