"""Answers about organisations, and how they are read."""

from functools import partial

from shared import outbox
from shared.contracts.community import OrganisationRegistered
from shared.contracts.vocabulary import OrganisationKind
from shared.database import Connection
from shared.http.bodies import VersionsView, View
from shared.http.paging import read_page

from . import store


class OrganisationView(View):
    """An organisation. One that is withdrawn may not be named any more; it is in no list."""

    id: str
    name: str
    kind: OrganisationKind
    version: int
    withdrawn: bool


class Organisations(View):
    """A page of organisations; `next` is the cursor for the following page, null on the last."""

    items: list[OrganisationView]
    next: str | None


async def read_organisation(connection: Connection, organisation: str) -> OrganisationView:
    """One organisation. Raises NotFound."""
    return OrganisationView(**await store.require_organisation(connection, organisation))


async def read_versions(connection: Connection, organisation: str) -> VersionsView:
    """Every version of an organisation. Raises NotFound."""
    row = await store.require_organisation(connection, organisation)
    registered = OrganisationRegistered(
        organisation=organisation, name=row["name"], organisation_kind=OrganisationKind(row["kind"])
    )
    return VersionsView.of(await outbox.history(connection, registered))


async def read_names(connection: Connection) -> dict[str, str]:
    """What every organisation is called, also one that is withdrawn."""
    return await store.names_of_organisations(connection)


async def read_organisations(
    connection: Connection, kind: OrganisationKind | None, after: str | None, limit: int
) -> Organisations:
    """Organisations that take part by id, past `after`."""
    page = await read_page(partial(store.list_organisations, connection, kind, after), limit)
    return Organisations(items=[OrganisationView(**row) for row in page.rows], next=page.next(lambda row: row["id"]))
