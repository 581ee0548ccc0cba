"""One command, one transaction. Each answers False when exactly this was there already."""

from shared import outbox
from shared.contracts.finance import BudgetLineAdopted, CapacityShareStated
from shared.contracts.vocabulary import BudgetPeriod
from shared.database import Connection
from shared.outbox.cause import Cause

from . import domain, reader, store
from .domain import BudgetLine


async def adopt_line(connection: Connection, line: BudgetLineAdopted, cause: Cause) -> bool:
    """Adopt a line as stated in the document."""
    domain.check_line(line)
    return await store.insert_line(connection, line, cause)


async def state_share(connection: Connection, share: CapacityShareStated, cause: Cause) -> bool:
    """State which part of a performance's amount is capacity of a party."""
    budget = await store.lock_performance(connection, share.performance, share.period)
    if await outbox.is_repeat(connection, share):
        return False
    domain.check_share(budget, share)
    return await store.insert_share(connection, share, cause)


async def lock_line(connection: Connection, line: str) -> BudgetLine:
    """Load a line for a decision; others wait until this transaction ends. Raises NotFound."""
    await store.lock_line(connection, line)
    return await reader.require_line(connection, line)


async def count_commitment(connection: Connection, line: str, period: BudgetPeriod, cents: int) -> None:
    """Count what was promised in the balance of a line that this transaction locked."""
    await store.add_committed(connection, line, period, cents)


async def count_disbursement(connection: Connection, line: str, period: BudgetPeriod, cents: int) -> None:
    """Count what was paid in the balance of a line that this transaction locked."""
    await store.add_disbursed(connection, line, period, cents)
