"""Postgres of the community service: the only caller of queries.sql."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import msgspec
from asyncpg import ForeignKeyViolationError

from shared import outbox
from shared.contracts import CONTRACTS, Contract
from shared.contracts.community import (
    DialoguePlanned,
    DialogueWithdrawn,
    Finding,
    NewsletterTriggerRaised,
    OrganisationRegistered,
)
from shared.contracts.vocabulary import Theme, TriggerReason
from shared.database import Connection, Record, queries
from shared.outbox.cause import Cause
from shared.projections.decoding import Delivered
from shared.refusals import Invalid

from .activities import Activity, Name, Selection
from .domain import Dialogue, Hold, Status, WithdrawalReason

#: What `wake_readers` notifies.
CHANNEL = "activity"

_Q = queries(Path(__file__).with_name("queries.sql"))
_END = 2**63 - 1
_Findings = tuple[Finding, ...]


async def insert_organisation(connection: Connection, event: OrganisationRegistered, cause: Cause) -> bool:
    """Store a new organisation and say so; False when it was there."""
    said = await outbox.insert_with_event(
        connection,
        event,
        cause,
        _Q.insert_organisation,
        event.organisation,
        event.name,
        event.organisation_kind,
        cause.now,
    )
    return said is not None


async def get_organisation(connection: Connection, organisation: str) -> Record | None:
    """One organisation."""
    return await connection.fetchrow(_Q.get_organisation, organisation)


async def list_organisations(
    connection: Connection, kind: str | None, after: str | None, limit: int
) -> Sequence[Record]:
    """Organisations by id, past `after`."""
    return await connection.fetch(_Q.list_organisations, kind, after, limit)


async def insert_dialogue(connection: Connection, event: DialoguePlanned, cause: Cause) -> bool:
    """Store a new dialogue and say so; False when it was there.

    Raises Invalid when the organiser does not.
    """
    try:
        said = await outbox.insert_with_event(
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
    except ForeignKeyViolationError as error:
        raise Invalid("unknown-organisation", f"organisatie {event.organiser} bestaat niet.", "#/organiser") from error
    return said is not None


async def lock_dialogue(connection: Connection, dialogue: str) -> Dialogue | None:
    """Load a dialogue for a decision; others wait until this transaction ends."""
    row = await connection.fetchrow(_Q.lock_dialogue, dialogue)
    if row is None:
        return None
    return Dialogue(
        id=row["id"],
        municipality=row["municipality"],
        neighbourhood=row["neighbourhood"],
        organiser=row["organiser"],
        initiative=row["initiative"],
        themes=tuple(map(Theme, row["themes"])),
        planned_on=row["planned_on"],
        status=Status(row["status"]),
        held=None if row["groups"] is None else _hold_of(row),
    )


def _hold_of(row: Record) -> Hold:
    return Hold(
        held_on=row["held_on"],
        groups=msgspec.json.decode(row["groups"], type=dict[str, int]),
        findings=msgspec.json.decode(row["findings"], type=_Findings),
        actions=tuple(row["actions"]),
    )


async def save_held(connection: Connection, dialogue: str, held: Hold) -> None:
    """Store how a dialogue was held."""
    await connection.execute(
        _Q.hold_dialogue,
        dialogue,
        Status.HELD,
        held.held_on,
        held.participants,
        msgspec.json.encode(held.groups).decode(),
        msgspec.json.encode(held.findings).decode(),
        [finding.topic for finding in held.findings],
        held.actions,
    )


async def save_withdrawn(connection: Connection, dialogue: str, reason: WithdrawalReason, now: datetime) -> None:
    """Store that a dialogue no longer counts; at the request of who took part, what they said is erased."""
    await connection.execute(_Q.withdraw_dialogue, dialogue, Status.WITHDRAWN, now, reason)
    if reason is WithdrawalReason.REQUEST_OF_PARTICIPANTS:
        await connection.execute(_Q.erase_outcome, dialogue)


async def get_dialogue(connection: Connection, dialogue: str) -> Record | None:
    """One dialogue, without scores and groups."""
    return await connection.fetchrow(_Q.get_dialogue, dialogue)


async def list_dialogues(
    connection: Connection,
    municipality: str | None,
    initiative: str | None,
    status: str | None,
    after: str | None,
    limit: int,
) -> Sequence[Record]:
    """Dialogues by id, past `after`, without scores and groups."""
    return await connection.fetch(_Q.list_dialogues, municipality, initiative, status, after, limit)


async def newest_dialogues(connection: Connection, status: Status, limit: int) -> Sequence[Record]:
    """Dialogues by the day they were held or planned for, newest first."""
    return await connection.fetch(_Q.newest_dialogues, status, limit)


async def count_dialogues(connection: Connection) -> dict[Status, int]:
    """How many dialogues there are of each status."""
    found = {Status(row["status"]): row["total"] for row in await connection.fetch(_Q.count_dialogues)}
    return {status: found.get(status, 0) for status in Status}


async def put_names(connection: Connection, names: Iterable[Name]) -> None:
    """Remember names; the last word on an id wins, and one statement may not touch a row twice."""
    rows = {name[:2]: name for name in names}
    if rows:
        await connection.execute(_Q.put_names, *map(list, zip(*rows.values(), strict=True)))


async def names(connection: Connection, ids: Iterable[str]) -> dict[tuple[str, str], str]:
    """What these ids are called, by kind and id."""
    return {(row["kind"], row["id"]): row["name"] for row in await connection.fetch(_Q.names, list(ids))}


async def append_activities(connection: Connection, news: Sequence[tuple[Delivered, Activity]]) -> range:
    """Store activities at the end, in order; others wait until this transaction ends. Returns their positions."""
    last: int = await connection.fetchval(_Q.advance_head, len(news))
    first = last - len(news)
    await connection.execute(
        _Q.insert_activities,
        first,
        [event.id for event, _ in news],
        [event.type for event, _ in news],
        [event.time for event, _ in news],
        [event.data.subject for event, _ in news],
        [activity.initiative for _, activity in news],
        [_json(activity.areas) for _, activity in news],
        [_json(activity.themes) for _, activity in news],
        [_json(activity.organisations) for _, activity in news],
        [msgspec.json.encode(event.data) for event, _ in news],
    )
    return range(first + 1, last + 1)


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
        [_json(trigger.themes) for _, trigger in raised],
        now,
    )


async def withdraw_triggers(connection: Connection, subjects: Iterable[str]) -> None:
    """Mark what was raised by the holding of these dialogues, of those that are withdrawn by now."""
    await connection.execute(_Q.withdraw_triggers, list(subjects), TriggerReason.DIALOGUE_HELD, DialogueWithdrawn.type)


async def wake_readers(connection: Connection) -> None:
    """Tell those who follow the activity, when this transaction commits."""
    await connection.execute(_Q.wake_readers)


async def head(connection: Connection) -> int:
    """The position of the newest activity; 0 when there is none."""
    position: int = await connection.fetchval(_Q.head)
    return position


async def activities_before(
    connection: Connection, selection: Selection, before: int | None, limit: int
) -> Sequence[Record]:
    """Selected activities, newest first, older than `before`."""
    return await connection.fetch(_Q.activities_before, _END if before is None else before, limit, *_parts(selection))


async def activities_after(connection: Connection, selection: Selection, after: int, limit: int) -> Sequence[Record]:
    """Selected activities, oldest first, past `after`."""
    return await connection.fetch(_Q.activities_after, after, limit, *_parts(selection))


async def triggers_before(
    connection: Connection, reason: str | None, before: int | None, limit: int
) -> Sequence[Record]:
    """Newsletter triggers, newest first, older than `before`, each with its activity."""
    return await connection.fetch(_Q.triggers_before, _END if before is None else before, limit, reason)


async def triggers_after(connection: Connection, reason: str | None, after: int, limit: int) -> Sequence[Record]:
    """Newsletter triggers, oldest first, past `after`, each with its activity."""
    return await connection.fetch(_Q.triggers_after, after, limit, reason)


def event_of(row: Record) -> Contract:
    """The event in an activity's row."""
    return msgspec.json.decode(row["data"], type=CONTRACTS[row["type"]])


def _parts(selection: Selection) -> tuple[str | None, ...]:
    return (
        selection.initiative,
        selection.municipality,
        selection.theme,
        selection.organisation,
        selection.type,
    )


def _json(values: Sequence[str]) -> str:
    return msgspec.json.encode(values).decode()
