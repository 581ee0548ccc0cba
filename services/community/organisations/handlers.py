"""One command, one transaction. False: exactly this was there already."""

from shared import outbox
from shared.contracts.community import OrganisationRegistered
from shared.database import Connection
from shared.outbox import Draft
from shared.outbox.cause import Cause
from shared.revisions import Asked, AskedSince, Said

from . import domain, store
from .domain import Revised


async def register_organisation(connection: Connection, event: OrganisationRegistered, cause: Cause) -> bool:
    """Register an organisation."""
    return await store.insert_organisation(connection, event, cause)


async def correct_organisation(connection: Connection, asked: Asked[OrganisationRegistered], cause: Cause) -> bool:
    """Say what an organisation was from the start."""
    said = await _locked(connection, asked.subject.organisation)
    return await _save(connection, domain.correct(said, asked), cause)


async def change_organisation(connection: Connection, asked: AskedSince[OrganisationRegistered], cause: Cause) -> bool:
    """Say what an organisation is from a day on."""
    said = await _locked(connection, asked.subject.organisation)
    return await _save(connection, domain.change(said, asked, cause.today), cause)


async def withdraw_organisation(connection: Connection, asked: Asked[str], cause: Cause) -> bool:
    """Withdraw an organisation that organises no dialogue any more.

    What other services have of it is theirs: there it stays a name, and may not be named in what is new.
    """
    said = await _locked(connection, asked.subject)
    dialogue = await store.dialogue_of(connection, asked.subject)
    return await _save(connection, domain.withdraw(said, asked, dialogue), cause)


async def _locked(connection: Connection, organisation: str) -> list[Said]:
    return await outbox.history(connection, await store.lock_organisation(connection, organisation))


async def _save(connection: Connection, revision: Revised | None, cause: Cause) -> bool:
    if revision is None:
        return False
    await store.save_organisation(connection, revision, cause.now)
    await outbox.append(connection, [Draft(revision, cause)])
    return True
