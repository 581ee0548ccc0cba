"""Names of areas, organisations and initiatives, folded from the events of other services."""

from datetime import date, datetime

from ..contracts.community import OrganisationRegistered
from ..contracts.initiatives import InitiativeRegistered
from ..contracts.monitor import AreaRegistered
from ..database import Connection
from ..projections.decoding import Batch
from ..projections.projector import Projection

_PUT = """
INSERT INTO directory (kind, id, name, parent, valid_from, valid_until)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::date[], $6::date[])
ON CONFLICT (kind, id) DO UPDATE
SET name = excluded.name, parent = excluded.parent, valid_from = excluded.valid_from, valid_until = excluded.valid_until
"""
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
