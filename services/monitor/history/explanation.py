"""Why a public figure is what it is: the lines that moved it, in order, with what it was after each."""

from dataclasses import dataclass

from shared.database import Connection

from ..figure.tally import NOTHING, Tally
from . import log
from .domain import BEGINNING, CellKey, LineMove, LogPlace, after
from .frame import Frame, scope_of


@dataclass(frozen=True, slots=True)
class ExplanationStep:
    """A move of a figure, and what the figure was after it."""

    move: LineMove
    running: Tally


@dataclass(frozen=True, slots=True)
class Explanation:
    """What moved a figure between two publications: a page of its steps. `next` is the place to go on after.

    `sums_exactly` is found by adding up: the steps by us, the same lines by Postgres, and the live figure.
    """

    start: Tally
    end: Tally
    steps: list[ExplanationStep]
    next: LogPlace | None
    sums_exactly: bool


async def explain(
    connection: Connection, cell: CellKey, frame: Frame, since: int, until: int, past: LogPlace | None, limit: int
) -> Explanation:
    """A page of what moved a figure. In a transaction of one snapshot, or what is live may differ."""
    scope = scope_of(cell, frame)
    end = await log.figure_at(connection, scope, until)
    start, moved = NOTHING, end
    if since:
        start = await log.figure_at(connection, scope, since)
        moved = await log.figure_between(connection, scope, after(since), after(until))
    found = await log.figure_moves(connection, scope, past or after(since), until, limit + 1)
    page = found[:limit]
    steps = []
    running = start if past is None else await log.figure_between(connection, scope, BEGINNING, past)
    for move in page:
        running += move.change
        steps.append(ExplanationStep(move, running))
    more = page[-1].place if len(found) > limit else None
    reached = end if more is None else await log.figure_between(connection, scope, BEGINNING, more)
    exact = same(start + moved, end) and same(running, reached) and await _as_live(connection, cell, until, end)
    return Explanation(start, end, steps, more, exact)


def same(one: Tally, other: Tally) -> bool:
    """Whether two sums are the same; a class with nobody in it is none."""
    return not one + -other


async def _as_live(connection: Connection, cell: CellKey, until: int, end: Tally) -> bool:
    """Whether the live figure agrees, when nothing moved it since."""
    found = await log.live(connection, cell)
    if found is None:
        return not end
    live, publication = found
    return publication > until or same(live, end)
