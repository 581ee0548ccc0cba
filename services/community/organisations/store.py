"""The organisations in Postgres: the only caller of organisations.sql."""

from collections.abc import Sequence
from pathlib import Path

from shared import outbox
from shared.contracts.community import OrganisationRegistered
from shared.database import Connection, Record, queries
from shared.outbox.cause import Cause
from shared.refusals import NotFound

_Q = queries(Path(__file__).with_name("organisations.sql"))


async def insert_organisation(connection: Connection, event: OrganisationRegistered, cause: Cause) -> bool:
    """Store a new organisation with its event; False when it was there."""
    appended = await outbox.insert_with_event(
        connection,
        event,
        cause,
        _Q.insert_organisation,
        event.organisation,
        event.name,
        event.organisation_kind,
        cause.now,
    )
    return appended is not None


async def require_organisation(connection: Connection, organisation: str) -> Record:
    """One organisation. Raises NotFound."""
    row = await connection.fetchrow(_Q.get_organisation, organisation)
    if row is None:
        raise NotFound("organisation-not-found", f"Er is geen organisatie {organisation}.")
    return row


async def list_organisations(
    connection: Connection, kind: str | None, after: str | None, limit: int
) -> Sequence[Record]:
    """Organisations by id, past `after`."""
    return await connection.fetch(_Q.list_organisations, kind, after, limit)
