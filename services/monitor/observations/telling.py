"""Tells of the figures that imports moved: after the import, in bounded steps, each exactly once.

A step is one transaction: what is to be told goes, and the events come, or neither. So a process that is killed tells
the rest when it runs again, and two processes share the work. Values are absolute, as they are when told.
"""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from shared import outbox
from shared.contracts.vocabulary import AggregateKind, AreaLevel, Measure, SourceKind, Theme
from shared.database import Connection, Record, queries
from shared.outbox import Draft
from shared.trace import Cause, continue_trace

from ..cells import Areas, Line, PublicCell, roll_up
from ..publication import moved_event
from ..publishing import Move, tally_of
from ..tally import NOTHING, Tally

Q = queries(Path(__file__).parents[1] / "sql" / "observations.sql")


async def tell_all(connection: Connection) -> int:
    """Tell until there is nothing left to tell; returns of how many figures."""
    told = 0
    while (step := await tell_next(connection, datetime.now(UTC))) is not None:
        told += step
        await asyncio.sleep(0)
    return told


async def tell_next(connection: Connection, now: datetime) -> int | None:
    """Tell of one indicator, source and year in a publication; returns of how many figures, None when all is told."""
    async with connection.transaction():
        untold = await connection.fetchrow(Q.take_untold)
        if untold is None:
            return None
        await connection.execute(Q.still)
        trace = continue_trace(None)
        cause = Cause(now, trace.split("-")[1], trace, untold["event"])
        moves, measure = await _moves(connection, untold)
        await outbox.append(
            connection, [Draft(moved_event(move, untold["publication"], measure), cause) for move in moves]
        )
        return len(moves)


async def _moves(connection: Connection, untold: Record) -> tuple[list[Move], Measure]:
    year = untold["year"]
    which = (untold["indicator"], untold["source"], year, str(int(year) + 1), untold["publication"])
    lines = [
        Line(row["indicator"], SourceKind(row["source"]), row["area"], row["period"], _signed(row))
        for row in await connection.fetch(Q.lines_to_tell, *which)
    ]
    indicator = await connection.fetchrow(Q.measure, untold["indicator"])
    if indicator is None:
        raise LookupError(f"there is no indicator {untold['indicator']}")
    themes = {untold["indicator"]: Theme(indicator["theme"])}
    deltas = roll_up(lines, themes, await _areas_around(connection, {line.area for line in lines}))
    moves = []
    for row in await connection.fetch(Q.cells_to_tell, *which):
        cell = PublicCell(
            AggregateKind.INDICATOR,
            row["code"],
            SourceKind(row["source"]),
            row["area"],
            row["period"],
            Theme(row["theme"]),
            AreaLevel(row["level"]),
        )
        after = tally_of(row)
        moves.append(Move(cell, after + -deltas.get(cell, NOTHING), after, row["version"]))
    return moves, Measure(indicator["measure"])


def _signed(row: Record) -> Tally:
    return tally_of(row) if row["sign"] > 0 else -tally_of(row)


async def _areas_around(connection: Connection, areas: set[str]) -> Mapping[str, Areas]:
    found: dict[str, Areas] = {}
    for row in await connection.fetch(Q.areas_around, list(areas)):
        found[row["area"]] = (*found.get(row["area"], ()), (AreaLevel(row["level"]), row["code"]))
    return found
