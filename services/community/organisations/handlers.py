"""One command, one transaction. False: exactly this was there already."""

from shared.contracts.community import OrganisationRegistered
from shared.database import Connection
from shared.outbox.cause import Cause

from . import store


async def register_organisation(connection: Connection, event: OrganisationRegistered, cause: Cause) -> bool:
    """Register an organisation."""
    return await store.insert_organisation(connection, event, cause)
