"""One command, one transaction: load, decide, save, append to the outbox."""

from shared import outbox
from shared.database import Connection
from shared.outbox import Draft
from shared.outbox.cause import Cause

from ..register import handlers as register
from . import domain, store
from .domain import DrawLesson


async def draw_lesson(connection: Connection, initiative: str, command: DrawLesson, cause: Cause) -> bool:
    """Write down a lesson; False when exactly this one was written down before."""
    state = await register.lock_initiative(connection, initiative)
    event = domain.draw_lesson(state, command, cause.today)
    if not await store.insert_lesson(connection, event):
        row = await store.get_lesson(connection, event.lesson)
        if row is None or tuple(row) != (initiative, event.title, event.worked, event.transferable, event.on):
            raise outbox.id_in_use(event.lesson)
        return False
    await outbox.append(connection, [Draft(event, cause)])
    return True
