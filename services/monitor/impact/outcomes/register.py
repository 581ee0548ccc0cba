"""What neighbours may ask of outcomes: what initiatives spent and brought, each and together."""

from collections.abc import Sequence

from shared.database import Connection, Record

from . import store


async def initiatives(connection: Connection, limit: int) -> Sequence[Record]:
    """Initiatives by id with their money and outcomes."""
    return await store.initiatives(connection, limit=limit)


async def programme_costs(connection: Connection) -> Record:
    """All money and outcomes together."""
    return await store.programme_costs(connection)
