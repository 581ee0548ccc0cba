"""The organisations in Postgres: the only caller of organisations.sql."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from shared import outbox
from shared.contracts.community import OrganisationRegistered
from shared.contracts.revision import Withdrawn
from shared.contracts.vocabulary import OrganisationKind
from shared.database import Connection, Record, queries
from shared.outbox.cause import Cause
from shared.refusals import NotFound

from .domain import Revised

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
    return _found(await connection.fetchrow(_Q.get_organisation, organisation), organisation)


async def lock_organisation(connection: Connection, organisation: str) -> OrganisationRegistered:
    """An organisation for a decision; others wait until this transaction ends. Raises NotFound."""
    row = _found(await connection.fetchrow(_Q.lock_organisation, organisation), organisation)
    return OrganisationRegistered(
        organisation=row["id"], name=row["name"], organisation_kind=OrganisationKind(row["kind"])
    )


def _found(row: Record | None, organisation: str) -> Record:
    if row is None:
        raise NotFound("organisation-not-found", f"Er is geen organisatie {organisation}.")
    return row


async def save_organisation(connection: Connection, revision: Revised, now: datetime) -> None:
    """Store how an organisation is now."""
    await connection.execute(
        _Q.save_organisation,
        revision.organisation,
        revision.name,
        revision.organisation_kind,
        revision.version,
        now if isinstance(revision, Withdrawn) else None,
    )


async def dialogue_of(connection: Connection, organisation: str) -> str | None:
    """A dialogue that an organisation organises, if any."""
    dialogue: str | None = await connection.fetchval(_Q.dialogue_of, organisation)
    return dialogue


async def names_of_organisations(connection: Connection) -> dict[str, str]:
    """What every organisation is called, also one that is withdrawn."""
    return {row["id"]: row["name"] for row in await connection.fetch(_Q.names_of_organisations)}


async def list_organisations(
    connection: Connection, kind: str | None, after: str | None, limit: int
) -> Sequence[Record]:
    """Organisations that take part by id, past `after`."""
    return await connection.fetch(_Q.list_organisations, kind, after, limit)
