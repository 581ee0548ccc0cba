"""What there is to read of the register: for decisions, answers and pages."""

from shared.contracts.vocabulary import Phase, Theme
from shared.database import Connection
from shared.refusals import NotFound

from . import store
from .views import InitiativeView, PhaseView, initiative_view


async def require_initiative(connection: Connection, initiative: str) -> InitiativeView:
    """One initiative. Raises NotFound."""
    row = await store.get_initiative(connection, initiative)
    if row is None:
        raise initiative_not_found(initiative)
    return initiative_view(row)


async def initiatives_by_id(
    connection: Connection, phase: Phase | None, theme: Theme | None, after: str | None, limit: int
) -> list[InitiativeView]:
    """Initiatives by id, past `after`: those in a phase or with a theme, when one is given."""
    return [initiative_view(row) for row in await store.list_initiatives(connection, phase, theme, after, limit)]


async def phases_of(connection: Connection, initiative: str) -> list[PhaseView]:
    """The phases of an initiative, oldest first."""
    return [PhaseView(**row) for row in await store.phases_of(connection, initiative)]


def initiative_not_found(initiative: str) -> NotFound:
    """No initiative has this id."""
    return NotFound("initiative-not-found", f"Er is geen initiatief {initiative}.")
