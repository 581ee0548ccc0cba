"""What figures are about, offered to neighbours too: areas and indicators, and up to where a reader sees."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.contracts.vocabulary import AggregateKind, Measure
from shared.database import Connection

from ..areas.geography import Geography
from ..areas.register import geography
from ..figure.cells import PublicCell
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

    def measure(self, cell: PublicCell) -> Measure:
        """What kind of figure a cell is. Of a theme there are means of dialogues only."""
        known = self.indicators.get(cell.code) if cell.kind is AggregateKind.INDICATOR else None
        return known.measure if known else Measure.MEAN


async def state(connection: Connection) -> State:
    """What there is to see now. Read it before the figures: what they say is then at least as new."""
    row = await store.state(connection)
    return State(row["publication"], row["registers"])


async def read_register(connection: Connection, seen: State) -> Register:
    """The registers as they are, at least as far as `seen`."""
    return Register(seen.registers, await geography(connection), await indicators(connection))
