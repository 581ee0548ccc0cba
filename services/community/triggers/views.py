"""Answers about newsletter triggers, and how they are read."""

from datetime import datetime
from functools import partial

from shared.contracts.vocabulary import Theme, TriggerReason
from shared.database import Connection
from shared.http.bodies import View
from shared.http.paging import read_page

from ..names import views as names
from . import store


class TriggerView(View):
    """Something the newsletter may want to tell, unless it has `withdrawnAt`. `position` is the cursor."""

    id: str
    position: int
    reason: TriggerReason
    text: str
    href: str
    cause: str
    about: str
    initiative: str | None
    municipality: str | None
    themes: list[Theme]
    raised_at: datetime
    withdrawn_at: datetime | None


class Triggers(View):
    """A page of triggers; `next` is the cursor for the following page in the same direction, null on the last."""

    items: list[TriggerView]
    next: int | None


async def read_triggers(
    connection: Connection, reason: str | None, before: int | None, after: int | None, limit: int
) -> Triggers:
    """Newsletter triggers: past `after`, oldest first, when given; else older than `before`, newest first."""
    if after is None:
        read = partial(store.triggers_before, connection, reason, before)
    else:
        read = partial(store.triggers_after, connection, reason, after)
    page = await read_page(read, limit)
    sentences = await names.read_sentences(connection, page.rows)
    items = [
        TriggerView.model_validate({**row, "text": sentence.text, "href": sentence.href})
        for row, sentence in zip(page.rows, sentences, strict=True)
    ]
    return Triggers(items=items, next=page.next(lambda row: row["position"]))


async def activity_head(connection: Connection) -> int:
    """The position of the newest activity: whatever is raised from now on comes past it."""
    return await store.activity_head(connection)
