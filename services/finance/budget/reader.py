"""What there is to read of the budget: for decisions, answers and pages."""

from shared.database import Connection
from shared.refusals import NotFound

from . import store
from .domain import BudgetLine, CapacityShare


async def require_line(connection: Connection, line: str) -> BudgetLine:
    """One line. Raises NotFound."""
    found = await store.get_line(connection, line)
    if found is None:
        raise NotFound("budget-line-not-found", f"Er is geen begrotingsregel {line}.")
    return found


async def all_lines(connection: Connection) -> list[BudgetLine]:
    """All lines, in the order of the budget."""
    return await store.list_lines(connection)


async def all_shares(connection: Connection) -> list[CapacityShare]:
    """The parts of the performances' amounts that are capacity: inside the lines, never to be added."""
    return await store.list_shares(connection)
