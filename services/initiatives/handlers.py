"""One command, one transaction: load, decide, save, append to the outbox."""

from shared import directory, outbox
from shared.contracts.initiatives import InitiativeRegistered
from shared.database import Connection
from shared.directory import Reference
from shared.outbox import Draft
from shared.outbox.cause import Cause
from shared.refusals import NotFound

from . import domain, store
from .domain import ChangePhase, DrawLesson, Initiative


async def register(connection: Connection, event: InitiativeRegistered, cause: Cause) -> bool:
    """Register an initiative; False when exactly this one was registered before."""
    await directory.require(
        connection,
        Reference("municipality", event.municipalities, "#/municipalities/{}"),
        Reference("region", event.regions, "#/regions/{}"),
        Reference("organisation", event.partners, "#/partners/{}"),
    )
    return await store.insert_initiative(connection, event, cause)


async def change_phase(connection: Connection, initiative: str, command: ChangePhase, cause: Cause) -> bool:
    """Move an initiative to another phase; False when it is there already since that date."""
    state = await _load(connection, initiative)
    if (state.phase, state.phase_on) == (command.phase, command.on):
        return False
    event = domain.change_phase(state, command, cause.today)
    await store.save_phase(connection, event)
    await outbox.append(connection, [Draft(event, cause)])
    return True


async def draw_lesson(connection: Connection, initiative: str, command: DrawLesson, cause: Cause) -> bool:
    """Write down a lesson; False when exactly this one was written down before."""
    state = await _load(connection, initiative)
    event = domain.draw_lesson(state, command, cause.today)
    if not await store.insert_lesson(connection, event):
        row = await store.get_lesson(connection, event.lesson)
        if row is None or tuple(row) != (initiative, event.title, event.worked, event.transferable, event.on):
            raise outbox.id_in_use(event.lesson)
        return False
    await outbox.append(connection, [Draft(event, cause)])
    return True


async def _load(connection: Connection, initiative: str) -> Initiative:
    state = await store.lock_initiative(connection, initiative)
    if state is None:
        raise NotFound("initiative-not-found", f"Er is geen initiatief {initiative}.")
    return state
