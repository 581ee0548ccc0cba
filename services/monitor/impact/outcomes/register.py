"""What neighbours may ask of outcomes: what initiatives spent and brought, each and together."""

from collections.abc import Sequence

from shared.database import Connection, Record
from shared.refusals import NotFound

from . import store


async def initiatives(connection: Connection, limit: int) -> Sequence[Record]:
    """Initiatives by id with their money and outcomes."""
    return await store.initiatives(connection, limit=limit)


async def require_choice(connection: Connection, initiative: str | None) -> None:
    """Raise NotFound for a filter on an initiative that is not there: it would be an empty list for ever."""
    if initiative is not None and not await store.initiatives(connection, initiative):
        raise NotFound("initiative-not-found", f"Er is geen initiatief {initiative}.")


async def programme_costs(connection: Connection) -> Record:
    """All money and outcomes together."""
    return await store.programme_costs(connection)
