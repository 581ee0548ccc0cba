"""The dialogues in Postgres: the only caller of dialogues.sql."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from shared import outbox
from shared.contracts.community import DialoguePlanned
from shared.contracts.vocabulary import Theme
from shared.database import Connection, Record, queries
from shared.outbox.cause import Cause
from shared.refusals import Conflict, Invalid, NotFound

from .domain import Dialogue, DialogueFilter, Hold, Status, WithdrawalReason

_Q = queries(Path(__file__).with_name("dialogues.sql"))


async def insert_dialogue(connection: Connection, event: DialoguePlanned, cause: Cause) -> bool:
    """Store a new dialogue with its event; False when it was there.

    Raises Invalid when there is no such organiser.
    """
    try:
        appended = await outbox.insert_with_event(
            connection,
            event,
            cause,
            _Q.insert_dialogue,
            event.dialogue,
            event.municipality,
            event.neighbourhood,
            event.organiser,
            event.initiative,
            event.themes,
            event.planned_on,
            Status.PLANNED,
        )
    except Conflict as error:
        # Nothing was stored: the id is in use, or there is no such organiser.
        if await connection.fetchval(_Q.takes_part, event.organiser):
            raise
        raise Invalid("unknown-organisation", f"organisatie {event.organiser} bestaat niet.", "#/organiser") from error
    return appended is not None


async def require_dialogue(connection: Connection, dialogue: str) -> Record:
    """One dialogue. Raises NotFound."""
    return _found(await connection.fetchrow(_Q.get_dialogue, dialogue), dialogue)


async def lock_dialogue(connection: Connection, dialogue: str) -> Dialogue:
    """A dialogue for a decision; others wait until this transaction ends. Raises NotFound."""
    row = _found(await connection.fetchrow(_Q.lock_dialogue, dialogue), dialogue)
    return Dialogue(
        id=row["id"],
        municipality=row["municipality"],
        neighbourhood=row["neighbourhood"],
        organiser=row["organiser"],
        initiative=row["initiative"],
        themes=tuple(map(Theme, row["themes"])),
        planned_on=row["planned_on"],
        status=Status(row["status"]),
    )


def _found(row: Record | None, dialogue: str) -> Record:
    if row is None:
        raise NotFound("dialogue-not-found", f"Er is geen dialoog {dialogue}.")
    return row


async def save_held(connection: Connection, dialogue: str, held: Hold) -> None:
    """Store how a dialogue was held. Scores and counts per group are not kept here: only the monitor needs scores."""
    await connection.execute(
        _Q.hold_dialogue,
        dialogue,
        Status.HELD,
        held.held_on,
        held.participants,
        [finding.topic for finding in held.findings],
        held.actions,
    )


async def save_withdrawn(connection: Connection, dialogue: str, reason: WithdrawalReason, now: datetime) -> None:
    """Store that a dialogue no longer counts; at the request of who took part, what they said is erased."""
    await connection.execute(_Q.withdraw_dialogue, dialogue, Status.WITHDRAWN, now, reason)
    if reason is WithdrawalReason.REQUEST_OF_PARTICIPANTS:
        await connection.execute(_Q.erase_outcome, dialogue)


async def name_of_organiser(connection: Connection, organiser: str) -> str | None:
    """What the organiser of a dialogue is called."""
    name: str | None = await connection.fetchval(_Q.name_of_organiser, organiser)
    return name


async def list_dialogues(
    connection: Connection, wanted: DialogueFilter, after: str | None, limit: int
) -> Sequence[Record]:
    """The dialogues asked for by id, past `after`."""
    return await connection.fetch(
        _Q.list_dialogues, wanted.municipality, wanted.initiative, wanted.status, after, limit
    )


async def newest_dialogues(connection: Connection, status: Status, limit: int) -> Sequence[Record]:
    """Dialogues by the day they were held or planned for, newest first."""
    return await connection.fetch(_Q.newest_dialogues, status, limit)


async def count_dialogues(connection: Connection) -> dict[Status, int]:
    """How many dialogues there are of each status."""
    found = {Status(row["status"]): row["total"] for row in await connection.fetch(_Q.count_dialogues)}
    return {status: found.get(status, 0) for status in Status}
