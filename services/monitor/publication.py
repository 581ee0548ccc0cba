"""The only door through which a figure leaves the monitor: small cells are suppressed here."""

import math
from dataclasses import dataclass

from shared.contracts.monitor import AggregateMoved

from .domain import Cell, Figure
from .figures import Moved


@dataclass(frozen=True, slots=True)
class Published:
    """A figure as anyone may see it; all None while suppressed. `mean` and `standard_deviation` have 3 decimals."""

    suppressed: bool
    n: int | None
    mean: float | None
    standard_deviation: float | None


def publish(figure: Figure, threshold: int) -> Published:
    """Suppress a cell with fewer respondents than the threshold. An empty cell tells nothing about anyone."""
    if 0 < figure.respondents < threshold:
        return Published(True, None, None, None)
    return Published(False, figure.n, figure.mean(), _standard_deviation(figure))


def aggregate_id(cell: Cell) -> str:
    """`<kind>.<code>.<area>.<period>`: key of the event and cursor of the API."""
    return f"{cell.kind}.{cell.code}.{cell.area}.{cell.period}"


def moved_event(moved: Moved, threshold: int) -> AggregateMoved | None:
    """What to tell of a move: nothing when what anyone may see stays the same."""
    before, after = publish(moved.before, threshold), publish(moved.after, threshold)
    if before == after:
        return None
    cell = moved.cell
    return AggregateMoved(
        aggregate=aggregate_id(cell),
        of=cell.kind,
        code=cell.code,
        theme=cell.theme,
        level=cell.level,
        area=cell.area,
        period=cell.period,
        suppressed=after.suppressed,
        n=after.n,
        mean=after.mean,
        previous_n=before.n,
        previous_mean=before.mean,
        version=moved.version,
    )


def _standard_deviation(figure: Figure) -> float | None:
    """Of the population, from whole numbers until the last step."""
    if not figure.n:
        return None
    return round(math.sqrt(figure.n * figure.sum_squares - figure.sum * figure.sum) / figure.n, 3)
