"""What there is to read of commitments: for decisions, answers and pages."""

from shared.database import Connection
from shared.refusals import NotFound

from . import store
from .domain import Commitment, Disburse


async def require_commitment(connection: Connection, commitment: str) -> Commitment:
    """One commitment. Raises NotFound."""
    found = await store.get_commitment(connection, commitment)
    if found is None:
        raise NotFound("commitment-not-found", f"Er is geen verplichting {commitment}.")
    return found


async def disbursements_of(connection: Connection, commitment: str) -> list[Disburse]:
    """What was paid under a commitment, oldest first."""
    return await store.disbursements_of(connection, commitment)


async def commitments_of(connection: Connection, line: str, after: str | None, limit: int) -> list[Commitment]:
    """Commitments of a line by id, past `after`."""
    return await store.list_commitments(connection, line, after, limit)


async def recent_commitments(connection: Connection, limit: int) -> list[Commitment]:
    """The newest commitments of all lines."""
    return await store.recent_commitments(connection, limit)
