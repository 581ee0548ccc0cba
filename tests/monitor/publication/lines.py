"""Lines that are public as they are, put straight into the live figures."""

from collections.abc import Iterable

from services.monitor.areas.register import ancestry
from services.monitor.figure.cells import PublicLine, roll_up
from services.monitor.figure.periods import year_of
from services.monitor.indicators.register import themes
from services.monitor.publication.handlers import move_cells
from shared.database import Connection


async def add_lines(connection: Connection, number: int, lines: Iterable[PublicLine]) -> None:
    """Count lines in a publication of this transaction."""
    come = list(lines)
    theme_of = await themes(connection, {line.indicator for line in come})
    chains = await ancestry(connection, {(line.area, year_of(line.period)) for line in come})
    await move_cells(connection, number, roll_up(come, theme_of, chains))
