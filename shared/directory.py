"""Names learnt from other services: areas, organisations and initiatives, as a projection in this service's schema."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fastapi import APIRouter, Request

from .contracts.community import OrganisationRegistered
from .contracts.initiatives import InitiativeRegistered
from .contracts.monitor import AreaRegistered
from .contracts.refusals import Invalid
from .database import Connection, Record
from .delivery import Batch
from .http import Id, View, pool_of
from .projector import Projection

_PUT = """
INSERT INTO directory (kind, id, name, parent, valid_from, valid_until)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::date[], $6::date[])
ON CONFLICT (kind, id) DO UPDATE
SET name = excluded.name, parent = excluded.parent, valid_from = excluded.valid_from, valid_until = excluded.valid_until
"""
_LIST = "SELECT id, name, parent, valid_from, valid_until FROM directory WHERE kind = $1 ORDER BY name, id"
_UNKNOWN = """
SELECT asked.n FROM unnest($1::text[], $2::text[], $3::date[]) WITH ORDINALITY AS asked (kind, id, day, n)
WHERE NOT EXISTS (
    SELECT FROM directory WHERE kind = asked.kind AND id = asked.id
    AND (asked.day IS NULL OR (valid_from <= asked.day AND (valid_until IS NULL OR asked.day < valid_until)))
) ORDER BY asked.n LIMIT 1
"""

_DUTCH = {
    "municipality": "gemeente",
    "region": "regio",
    "province": "provincie",
    "organisation": "organisatie",
    "initiative": "initiatief",
}

_Row = tuple[str, str, str, str | None, date | None, date | None]


def _row(event: object) -> _Row | None:
    match event:
        case AreaRegistered():
            return (
                event.level.value,
                event.code,
                event.name,
                event.parent,
                event.valid_from,
                event.valid_until,
            )
        case OrganisationRegistered():
            return ("organisation", event.organisation, event.name, None, None, None)
        case InitiativeRegistered():
            return ("initiative", event.initiative, event.title, None, None, None)
        case _:
            return None


async def _apply(connection: Connection, events: Batch, _: datetime) -> None:
    # The last word on an id wins; one statement may not touch a row twice.
    rows = {row[:2]: row for event in events if (row := _row(event.data)) is not None}
    if rows:
        await connection.execute(_PUT, *map(list, zip(*rows.values(), strict=True)))


def projection(*topics: str) -> Projection:
    """The directory fed from these topics."""
    return Projection("directory", topics, _apply, reads=(AreaRegistered, OrganisationRegistered, InitiativeRegistered))


@dataclass(frozen=True, slots=True)
class Reference:
    """A field of a command that points at ids of a kind, which must be valid on `on` when it is given.

    `pointer` is the JSON pointer to the field; `{}` in it becomes the index of the id.
    """

    kind: str
    ids: Sequence[str]
    pointer: str
    on: date | None = None


async def require(connection: Connection, *references: Reference) -> None:
    """Raise Invalid for the first id that this service does not know as its kind, or that is not valid on its date."""
    asked = [(reference, index) for reference in references for index in range(len(reference.ids))]
    if not asked:
        return
    kinds, ids = [one.kind for one, _ in asked], [one.ids[index] for one, index in asked]
    number: int | None = await connection.fetchval(_UNKNOWN, kinds, ids, [one.on for one, _ in asked])
    if number is not None:
        unknown, index = asked[number - 1]
        when = f" op {unknown.on.isoformat()}" if unknown.on else ""
        raise Invalid(
            f"unknown-{unknown.kind}",
            f"{_DUTCH[unknown.kind]} {unknown.ids[index]} bestaat niet{when}.",
            unknown.pointer.format(index),
        )


async def names(connection: Connection, kind: str) -> dict[str, str]:
    """Every known id of a kind with its name."""
    return {row["id"]: row["name"] for row in await connection.fetch(_LIST, kind)}


class Entry(View):
    """A name this service knows; `validUntil` is the first day it no longer existed."""

    id: str
    name: str
    parent: str | None
    valid_from: date | None
    valid_until: date | None


class Listing(View):
    """All names of a kind."""

    kind: str
    total: int
    items: list[Entry]


def router(service: str) -> APIRouter:
    """`GET /<service>/v1/directory/{kind}`: what this service has learnt so far."""
    routes = APIRouter(prefix=f"/{service}/v1", tags=["directory"])

    @routes.get("/directory/{kind}")
    async def list_directory(request: Request, kind: Id) -> Listing:
        """Names of one kind: municipality, region, province, organisation or initiative."""
        async with pool_of(request).acquire() as connection:
            rows: list[Record] = await connection.fetch(_LIST, kind)
        return Listing(kind=kind, total=len(rows), items=[Entry(**row) for row in rows])

    return routes
