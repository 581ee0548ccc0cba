"""What there is to read of the findings: for answers and pages."""

from shared.database import Connection

from . import store
from .views import BudgetFindingView


async def all_findings(connection: Connection) -> list[BudgetFindingView]:
    """What in the budget does not tie, those with amounts first."""
    return [BudgetFindingView(**row) for row in await store.list_findings(connection)]
