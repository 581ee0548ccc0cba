"""Answers about dialogues, and how they are read. What points at few people is left out here."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from shared.contracts.community import DialoguePlanned
from shared.contracts.vocabulary import DialogueTopic, Theme
from shared.database import Connection, Record
from shared.http.bodies import View
from shared.http.paging import read_page

from . import store
from .domain import DialogueFilter, Status, WithdrawalReason


class DialogueView(View):
    """A dialogue as anyone may see it.

    Of fewer participants than the publication threshold of dialogues `participants` is null and no `actions` are
    shown: that it was held, where, when, by whom and about what. Of a withdrawn dialogue `participants`, `topics` and
    `actions` are not shown any more. Scores and counts per group are never shown.
    """

    id: str
    municipality: str
    neighbourhood: str | None
    organiser: str
    initiative: str | None
    themes: list[Theme]
    planned_on: date
    status: Status
    held_on: date | None
    participants: int | None
    topics: list[DialogueTopic]
    actions: list[str]
    withdrawn_at: datetime | None
    withdrawal_reason: WithdrawalReason | None


class Dialogues(View):
    """A page of dialogues; `next` is the cursor for the following page, null on the last."""

    items: list[DialogueView]
    next: str | None


def of_event(event: DialoguePlanned) -> DialogueView:
    """A dialogue that was planned just now."""
    return DialogueView(
        id=event.dialogue,
        municipality=event.municipality,
        neighbourhood=event.neighbourhood,
        organiser=event.organiser,
        initiative=event.initiative,
        themes=list(event.themes),
        planned_on=event.planned_on,
        status=Status.PLANNED,
        held_on=None,
        participants=None,
        topics=[],
        actions=[],
        withdrawn_at=None,
        withdrawal_reason=None,
    )


def of_row(row: Record, threshold: int) -> DialogueView:
    """A dialogue without what must not be seen."""
    fields: dict[str, object] = {**row}
    if row["status"] == Status.WITHDRAWN:
        fields |= {"participants": None, "topics": [], "actions": []}
    elif row["participants"] is None or row["participants"] < threshold:
        fields |= {"participants": None, "actions": []}
    return DialogueView.model_validate(fields)


async def read_dialogue(connection: Connection, dialogue: str, threshold: int) -> DialogueView:
    """One dialogue. Raises NotFound."""
    return of_row(await store.require_dialogue(connection, dialogue), threshold)


async def read_dialogues(
    connection: Connection, wanted: DialogueFilter, after: str | None, limit: int, threshold: int
) -> Dialogues:
    """The dialogues asked for by id, past `after`."""
    page = await read_page(partial(store.list_dialogues, connection, wanted, after), limit)
    return Dialogues(items=[of_row(row, threshold) for row in page.rows], next=page.next(lambda row: row["id"]))


async def read_newest(connection: Connection, status: Status, limit: int) -> Sequence[Record]:
    """`id`, `municipality`, `neighbourhood`, `organiser` and `day` of dialogues, by the day held or planned for."""
    return await store.newest_dialogues(connection, status, limit)


async def count_dialogues(connection: Connection) -> dict[Status, int]:
    """How many dialogues there are of each status."""
    return await store.count_dialogues(connection)
