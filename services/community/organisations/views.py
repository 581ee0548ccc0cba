"""Answers about organisations, and how they are read."""

from functools import partial

from shared.contracts.vocabulary import OrganisationKind
from shared.database import Connection
from shared.http.bodies import View
from shared.http.paging import read_page

from . import store


class OrganisationView(View):
    """An organisation."""

    id: str
    name: str
    kind: OrganisationKind


class Organisations(View):
    """A page of organisations; `next` is the cursor for the following page, null on the last."""

    items: list[OrganisationView]
    next: str | None


async def read_organisation(connection: Connection, organisation: str) -> OrganisationView:
    """One organisation. Raises NotFound."""
    return OrganisationView(**await store.require_organisation(connection, organisation))


async def read_organisations(
    connection: Connection, kind: OrganisationKind | None, after: str | None, limit: int
) -> Organisations:
    """Organisations by id, past `after`."""
    page = await read_page(partial(store.list_organisations, connection, kind, after), limit)
    return Organisations(items=[OrganisationView(**row) for row in page.rows], next=page.next(lambda row: row["id"]))
