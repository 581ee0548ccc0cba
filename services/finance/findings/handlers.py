"""One command, one transaction."""

from shared.contracts.finance import BudgetFindingPublished
from shared.database import Connection
from shared.outbox.cause import Cause

from . import store


async def publish_finding(connection: Connection, finding: BudgetFindingPublished, cause: Cause) -> bool:
    """Publish what does not tie; False when exactly this was there already."""
    return await store.insert_finding(connection, finding, cause)
