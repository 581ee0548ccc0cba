"""Publishes what imports stored: after the import, in bounded steps, each exactly once.

A step is the rows of an import on one indicator, source and year, in one transaction: the rows become public, the
figures around them move, the events tell so, and the step is no longer to be done; or none of it. So a process that is
killed goes on where it was, processes take turns, and no publication keeps the others waiting for long.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from shared import outbox
from shared.contracts.vocabulary import SourceKind
from shared.database import Connection, Record, queries
from shared.observability.tracing import continue_trace
from shared.outbox.cause import Cause

from ..impact.judging import judge_figures
from ..periods import around
from ..publishing import Publication, cell_of, move_cells, next_publication, publish, tally_of
from ..release import Thresholds, Unit
from ..telling import moved_drafts

Q = queries(Path(__file__).parents[1] / "sql" / "observations.sql")
REASON = "observations"


@dataclass(frozen=True, slots=True)
class PublicationStep:
    """The rows of an import on an indicator and source in a year, and the event that brought them."""

    upload: str
    indicator: str
    source: str
    year: str
    event: str

    @property
    def series(self) -> tuple[str, str, str, str]:
        """Indicator, source, and the bounds of the periods."""
        return self.indicator, self.source, self.year, str(int(self.year) + 1)


async def release_all(connection: Connection, thresholds: Thresholds) -> int:
    """Publish until nothing is to be; returns how many figures moved."""
    moved = 0
    while (step := await release_next(connection, thresholds, datetime.now(UTC))) is not None:
        moved += step
        await asyncio.sleep(0)
    return moved


async def release_next(connection: Connection, thresholds: Thresholds, now: datetime) -> int | None:
    """Do one step; returns how many figures moved, None when there is nothing to do."""
    async with connection.transaction():
        await connection.execute(Q.hold_steps)
        row = await connection.fetchrow(Q.take_pending)
        if row is None:
            return None
        step = PublicationStep(row["import"], row["indicator"], row["source"], row["year"], row["event"])
        trace = continue_trace(None)
        cause = Cause(now, trace.split("-")[1], trace)
        threshold = thresholds.of(SourceKind(step.source))
        lines = await connection.fetch(Q.waiting_lines, step.upload, *step.series, threshold)
        # Units first: publish() takes its locks before that of the head.
        moved = await _gather(connection, step, [line for line in lines if not line["large"]], thresholds, cause)
        large = [line["line"] for line in lines if line["large"]]
        if large:
            number = await next_publication(connection, REASON, now)
            await connection.execute(Q.publish_lines, number, step.upload, *step.series, large)
            moved += await move(connection, number, step, cause)
        await connection.execute(Q.keep_as_units, step.upload, *step.series)
        return moved


async def move(connection: Connection, number: int, step: PublicationStep, cause: Cause) -> int:
    """Move the figures by what a publication published and dissolved of a series, and tell; returns how many moved."""
    periods = [row["period"] for row in await connection.fetch(Q.periods_of, *step.series)]
    wide = [(period, wider) for period in periods for wider in around(period)]
    rows = await connection.fetch(Q.published_deltas, number, *step.series, *map(list, zip(*wide, strict=True)))
    moves = await move_cells(connection, number, {cell_of(row): tally_of(row) for row in rows})
    await _tell(connection, Publication(number, moves), step, cause)
    return len(moves)


async def _gather(
    connection: Connection, step: PublicationStep, lines: Iterable[Record], thresholds: Thresholds, cause: Cause
) -> int:
    """Rows with too few respondents wait with others; so do those in the place of one that waited."""
    units, ended = [], []
    for row in lines:
        # The same for a row that corrects it.
        ref = "/".join(("observation", row["indicator"], row["source"], row["area"], row["period"], row["method"]))
        units.append(
            Unit(
                ref,
                0,
                row["indicator"],
                SourceKind(row["source"]),
                row["area"],
                row["period"],
                tally_of(row),
                step.event,
            )
        )
        if row["replaces"]:
            ended.append((ref, step.event))
    if not units:
        return 0
    published = await publish(connection, units, ended, REASON, cause.now, thresholds)
    if published is None:
        return 0
    await _tell(connection, published, step, cause)
    return len(published.moved)


async def _tell(connection: Connection, published: Publication, step: PublicationStep, cause: Cause) -> None:
    caused = replace(cause, causation_id=step.event)
    await outbox.append(connection, moved_drafts(published, lambda _: caused))
    await connection.execute(Q.note_publication, step.upload, published.number)
    await judge_figures(connection, [move.cell for move in published.moved], cause.now, caused)
