"""One command, one transaction: load, decide, save, append to the outbox."""

from shared import directory, outbox
from shared.contracts.initiatives import InitiativeRegistered
from shared.database import Connection
from shared.directory import Reference
from shared.outbox import Draft
from shared.outbox.cause import Cause

from . import domain, store
from .domain import ChangePhase, Initiative
from .reader import initiative_not_found


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
    state = await lock_initiative(connection, initiative)
    if (state.phase, state.phase_on) == (command.phase, command.on):
        return False
    event = domain.change_phase(state, command, cause.today)
    await store.save_phase(connection, event)
    await outbox.append(connection, [Draft(event, cause)])
    return True


async def lock_initiative(connection: Connection, initiative: str) -> Initiative:
    """Load an initiative for a decision; others wait until this transaction ends. Raises NotFound."""
    state = await store.lock_initiative(connection, initiative)
    if state is None:
        raise initiative_not_found(initiative)
    return state
