"""Publishes what imports stored: after the import, in bounded steps, each exactly once.

A step is the rows of an import on one indicator, source and year, in one transaction: the rows become public, the
figures around them move, the events tell so, and the step is no longer to be done; or none of it. So a process that is
killed goes on where it was, processes take turns, and no publication keeps the others waiting for long.
"""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

from shared.contracts.vocabulary import Measure, SourceKind
from shared.database import Connection, Record
from shared.outbox.cause import Cause

from ..areas.register import keep
from ..figure.record import tally_of
from ..indicators.register import quantities
from ..publication.domain import Thresholds, Unit
from ..publication.handlers import next_publication, publish, publish_moves
from . import store
from .domain import PublicationStep

REASON = "observations"


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
        step = await store.take_step(connection)
        if step is None:
            return None
        cause = Cause.of_job("", now)
        # Units first: publish() takes its locks before that of the head.
        moved = await _gather(connection, step, thresholds, cause)
        if await store.has_pending(connection, step):
            number = await next_publication(connection, REASON, now)
            await store.publish_lines(connection, number, step)
            moved += await move(connection, number, step, cause)
        return moved


async def move(connection: Connection, number: int, step: PublicationStep, cause: Cause) -> int:
    """Move the figures by what a publication published and dissolved of a series, and tell; returns how many moved."""
    caused = replace(cause, causation_id=step.event)
    await keep(connection)
    deltas = await store.published_deltas(connection, number, step)
    publication = await publish_moves(connection, number, deltas, lambda _: caused)
    await store.note_publication(connection, step, number)
    return len(publication.moved)


async def _gather(connection: Connection, step: PublicationStep, thresholds: Thresholds, cause: Cause) -> int:
    """Rows that may not be public as they are wait with others; so do those in the place of one that waited."""
    lines = await store.unit_lines(connection, step)
    if not lines:
        return 0
    await store.keep_as_units(connection, step, [row["line"] for row in lines])
    if (await quantities(connection, [step.indicator]))[step.indicator].measure is Measure.COUNT:
        # A small count never joins others: its size is what it says.
        return 0
    units = [_unit(row, step) for row in lines]
    ended = [(unit.ref, step.event) for unit, row in zip(units, lines, strict=True) if row["replaces"]]
    caused = replace(cause, causation_id=step.event)
    publication = await publish(connection, units, ended, REASON, cause.now, thresholds, lambda _: caused)
    if publication is None:
        return 0
    await store.note_publication(connection, step, publication.number)
    return len(publication.moved)


def _unit(row: Record, step: PublicationStep) -> Unit:
    """The same one for a row that corrects it."""
    ref = "/".join(("observation", row["indicator"], row["source"], row["area"], row["period"]))
    source = SourceKind(row["source"])
    return Unit(ref, 0, row["indicator"], source, row["area"], row["period"], tally_of(row), step.event)
