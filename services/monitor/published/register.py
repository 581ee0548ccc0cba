"""What figures are about, offered to neighbours too: areas and indicators, and up to where a reader sees."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.contracts.vocabulary import AggregateKind
from shared.database import Connection

from ..areas.geography import Geography
from ..areas.register import geography
from ..figure.cells import PublicCell
from ..figure.quantity import SCORES, Quantity
from ..indicators.domain import Indicator
from ..indicators.register import indicators
from . import store


@dataclass(frozen=True, slots=True)
class State:
    """Up to where a reader sees: the number of the last publication, and how far the registers have grown."""

    publication: int
    registers: str


@dataclass(frozen=True, slots=True)
class Register:
    """What figures are about. It holds as long as `State.registers` is the same."""

    registers: str
    geography: Geography
    indicators: Mapping[str, Indicator]

    def quantity(self, cell: PublicCell) -> Quantity:
        """What kind of number a cell is. Of a theme there are scores of dialogues only."""
        known = self.indicators.get(cell.code) if cell.kind is AggregateKind.INDICATOR else None
        return known.quantity if known else SCORES


async def state(connection: Connection) -> State:
    """What there is to see now. Read it before the figures: what they say is then at least as new."""
    row = await store.state(connection)
    return State(row["publication"], row["registers"])


async def read_register(connection: Connection, seen: State) -> Register:
    """The registers as they are, at least as far as `seen`."""
    return Register(seen.registers, await geography(connection), await indicators(connection))
