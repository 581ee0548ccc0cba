"""What changed between two editions, and the lines that did it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from shared.database import Connection
from shared.refusals import Invalid

from ..editions import series
from ..editions.edition import Edition
from ..figure.tally import NOTHING, Tally
from ..history import log
from ..history.domain import CellKey, LineMove, LogPlace, Selection, after
from ..history.explanation import same
from ..history.frame import Frame, scope_of

_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class CellChange:
    """A figure that is not the same in both. `exact`: before and its lines are after, each found by itself."""

    cell: CellKey
    before: Tally
    after: Tally
    exact: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """Two editions, the older first, and what figures are added up in: as the newer one has it."""

    older: Edition
    newer: Edition
    frame: Frame

    @property
    def span(self) -> tuple[int, int]:
        """The publications of both."""
        return self.older.head.publication, self.newer.head.publication


async def pair(connection: Connection, older: str, newer: str) -> Pair:
    """Two editions by id. Raises NotFound; Invalid when the first was cut after the second."""
    first, second = await series.get(connection, older), await series.get(connection, newer)
    if first.head.publication > second.head.publication:
        raise Invalid("reversed", f"Editie {older} staat na editie {newer}: wissel ze om.")
    frozen = await series.frozen_with(connection, second)
    return Pair(first, second, Frame(frozen.areas, frozen.indicators))


async def page(
    connection: Connection, between: Pair, selection: Selection, past: CellKey | None, limit: int
) -> list[CellChange]:
    """Figures that changed, in order, each looked up in both editions by itself. In a transaction."""
    changed = [
        one
        async for some in log.changes(connection, *between.span, between.frame, selection, past, limit)
        for one in some
    ]
    found = []
    for cell, change in changed:
        scope = scope_of(cell, between.frame)
        before, then = [await log.figure_at(connection, scope, publication) for publication in between.span]
        found.append(CellChange(cell, before, then, same(before + change, then)))
    return found


async def every(connection: Connection, between: Pair) -> AsyncIterator[list[CellChange]]:
    """All figures that changed, in order, some at a time. In a transaction."""
    since, until = between.span
    before = _one_by_one(log.state_at(connection, since, between.frame))
    present = await anext(before, None)
    async for some in log.changes(connection, since, until, between.frame):
        found = []
        for cell, change in some:
            while present is not None and present[0] < cell:
                present = await anext(before, None)
            was = present[1] if present is not None and present[0] == cell else NOTHING
            found.append(CellChange(cell, was, was + change, True))
        yield found


async def lines(connection: Connection, between: Pair) -> AsyncIterator[list[LineMove]]:
    """All lines that came or went, in order, some at a time."""
    since, until = between.span
    place: LogPlace = after(since)
    while some := await log.moves(connection, place, until, _CHUNK):
        yield some
        place = some[-1].place


async def _one_by_one(
    pages: AsyncIterator[list[tuple[CellKey, Tally]]],
) -> AsyncIterator[tuple[CellKey, Tally]]:
    async for some in pages:
        for one in some:
            yield one
