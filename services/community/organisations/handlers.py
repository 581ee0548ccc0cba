"""One command, one transaction. False: exactly this was there already."""

from datetime import date

from shared import outbox
from shared.contracts.community import OrganisationRegistered
from shared.database import Connection
from shared.outbox import Draft
from shared.outbox.cause import Cause
from shared.refusals import Conflict
from shared.revisions import Grounds, Said

from . import domain, store
from .domain import Revised


async def register_organisation(connection: Connection, event: OrganisationRegistered, cause: Cause) -> bool:
    """Register an organisation. What is withdrawn stays so."""
    if await store.is_withdrawn(connection, event.organisation):
        raise Conflict("withdrawn", f"Organisatie {event.organisation} is ingetrokken: kies een ander kenmerk.", "#/id")
    return await store.insert_organisation(connection, event, cause)


async def correct_organisation(
    connection: Connection, state: OrganisationRegistered, grounds: Grounds, cause: Cause
) -> bool:
    """Say what an organisation was from the start."""
    said = await _locked(connection, state.organisation)
    return await _save(connection, domain.correct(said, state, grounds), cause)


async def change_organisation(
    connection: Connection, state: OrganisationRegistered, since: date, grounds: Grounds, cause: Cause
) -> bool:
    """Say what an organisation is from a day on."""
    said = await _locked(connection, state.organisation)
    return await _save(connection, domain.change(said, state, since, grounds, cause.today), cause)


async def withdraw_organisation(connection: Connection, organisation: str, grounds: Grounds, cause: Cause) -> bool:
    """Withdraw an organisation that organises no dialogue any more.

    What other services have of it is theirs: there it stays a name, and may not be named in what is new.
    """
    said = await _locked(connection, organisation)
    dialogue = await store.dialogue_of(connection, organisation)
    return await _save(connection, domain.withdraw(said, grounds, dialogue), cause)


async def _locked(connection: Connection, organisation: str) -> list[Said]:
    return await outbox.history(connection, await store.lock_organisation(connection, organisation))


async def _save(connection: Connection, revision: Revised | None, cause: Cause) -> bool:
    if revision is None:
        return False
    await store.save_organisation(connection, revision, cause.now)
    await outbox.append(connection, [Draft(revision, cause)])
    return True
