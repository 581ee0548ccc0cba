"""Names of areas, organisations and initiatives, folded from the events of other services."""

from datetime import date, datetime

from ..contracts import Contract
from ..contracts.community import (
    OrganisationChanged,
    OrganisationCorrected,
    OrganisationRegistered,
    OrganisationWithdrawn,
)
from ..contracts.initiatives import InitiativeRegistered
from ..contracts.monitor import AreaChanged, AreaCorrected, AreaRegistered, AreaWithdrawn
from ..contracts.revision import Withdrawn, state_of
from ..database import Connection
from ..projections.decoding import Batch
from ..projections.projector import Projection
from ..projections.rebuild import Rebuild

_PUT = """
INSERT INTO directory (kind, id, name, parent, valid_from, valid_until, withdrawn)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::date[], $6::date[], $7::boolean[])
ON CONFLICT (kind, id) DO UPDATE
SET name = excluded.name, parent = excluded.parent, valid_from = excluded.valid_from,
    valid_until = excluded.valid_until, withdrawn = excluded.withdrawn
"""
_READS: tuple[type[Contract], ...] = (
    AreaRegistered,
    AreaCorrected,
    AreaChanged,
    AreaWithdrawn,
    OrganisationRegistered,
    OrganisationCorrected,
    OrganisationChanged,
    OrganisationWithdrawn,
    InitiativeRegistered,
)
_Row = tuple[str, str, str, str | None, date | None, date | None]


def _row(state: Contract) -> _Row | None:
    match state:
        case AreaRegistered():
            return (
                state.level.value,
                state.code,
                state.name,
                state.parent,
                state.valid_from,
                state.valid_until,
            )
        case OrganisationRegistered():
            return ("organisation", state.organisation, state.name, None, None, None)
        case InitiativeRegistered():
            return ("initiative", state.initiative, state.title, None, None, None)
        case _:
            return None


async def _apply(connection: Connection, events: Batch, _: datetime) -> None:
    # The last word on an id wins; one statement may not touch a row twice.
    rows = {
        row[:2]: (*row, isinstance(event.data, Withdrawn))
        for event in events
        if (row := _row(state_of(event.data))) is not None
    }
    if rows:
        await connection.execute(_PUT, *map(list, zip(*rows.values(), strict=True)))


def projection(*topics: str) -> Projection:
    """The directory fed from these topics."""
    return Projection("directory", topics, _apply, reads=_READS)


def rebuild_directory(kept: Projection) -> Rebuild:
    """The directory, learnt again from the whole log."""
    return Rebuild(kept, tables=("directory",))
