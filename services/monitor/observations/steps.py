"""Publishes what imports stored: after the import, in bounded steps, each exactly once.

A step is the rows of an import on one indicator, source and year, in one transaction: the rows become public, the
figures around them move, the events tell so, and the step is no longer to be done; or none of it. So a process that is
killed goes on where it was, processes take turns, and no publication keeps the others waiting for long.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from shared.contracts.vocabulary import SourceKind
from shared.database import Connection, Record
from shared.outbox.cause import Cause

from ..figure.record import tally_of
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
        lines = await store.waiting_lines(connection, step, thresholds.of(SourceKind(step.source)))
        # Units first: publish() takes its locks before that of the head.
        moved = await _gather(connection, step, [line for line in lines if not line["large"]], thresholds, cause)
        large = [line["line"] for line in lines if line["large"]]
        if large:
            number = await next_publication(connection, REASON, now)
            await store.publish_lines(connection, number, step, large)
            moved += await move(connection, number, step, cause)
        await store.keep_as_units(connection, step)
        return moved


async def move(connection: Connection, number: int, step: PublicationStep, cause: Cause) -> int:
    """Move the figures by what a publication published and dissolved of a series, and tell; returns how many moved."""
    caused = replace(cause, causation_id=step.event)
    deltas = await store.published_deltas(connection, number, step)
    publication = await publish_moves(connection, number, deltas, lambda _: caused)
    await store.note_publication(connection, step, number)
    return len(publication.moved)


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
    caused = replace(cause, causation_id=step.event)
    publication = await publish(connection, units, ended, REASON, cause.now, thresholds, lambda _: caused)
    if publication is None:
        return 0
    await store.note_publication(connection, step, publication.number)
    return len(publication.moved)
