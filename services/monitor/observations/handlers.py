"""Takes a file of observations in: all of it or nothing, unless its good rows alone were asked for.

One pass over the file, in pieces: the loop stays free for others, and memory does not grow with the file. Everything is
one transaction: a file that is refused, or a process that is killed, leaves nothing but its report.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TypeAlias

import asyncpg

from shared import outbox
from shared.contracts.monitor import ObservationsImported, QualityFindingPublished
from shared.contracts.vocabulary import QualityFindingKind, SourceKind
from shared.database import Connection
from shared.outbox import Draft
from shared.outbox.cause import Cause

from ..publication.domain import Thresholds
from ..publication.handlers import next_publication
from ..quality.handlers import publish_finding
from . import store
from .domain import Counts, Offer, PublicationStep
from .file.check import Checker
from .file.format import open_file
from .file.layout import Reader, Unreadable, Wrong
from .file.report import Report
from .steps import REASON, move

#: Is told bytes read, bytes to read, and rows read.
ReadProgress: TypeAlias = Callable[[int, int, int], None]


async def load(
    connection: Connection, path: Path, offer: Offer, thresholds: Thresholds, cause: Cause, progress: ReadProgress
) -> Counts:
    """Take a file in that has an upload already, and return what became of its rows."""
    with Report(offer.id) as report:
        rows = _Rows(report, progress)
        try:
            async with connection.transaction():
                counts = await _take_in(connection, path, offer, thresholds, cause, rows)
                await store.insert_errors(connection, report.lines_of_copy())
                await store.finish(connection, offer.id, "accepted", counts)
                return counts
        except Unreadable as error:
            report.add([Wrong(error.line, None, None, error.reason)])
        except Rejected:
            pass
        counts = Counts(rows.read, refused=report.lines, errors=report.errors)
        async with connection.transaction():
            await store.insert_errors(connection, report.lines_of_copy())
            await store.finish(connection, offer.id, "refused", counts)
        return counts


class _Rows:
    """The rows of a file on their way from disk to COPY."""

    def __init__(self, report: Report, progress: ReadProgress) -> None:
        self.report, self._progress = report, progress
        self.read = 0

    async def checked(self, reader: Reader, checker: Checker) -> AsyncIterator[bytes]:
        """The good ones, some at a time. What is wrong with the others goes to the report."""
        good: list[str] = []
        for line, row in reader:
            text = checker.check(line, row)
            if text is None:
                self.report.add(checker.wrong)
            else:
                good.append(text)
            self.read += 1
            if not self.read % reader.piece:
                self._progress(reader.position, reader.size, self.read)
                yield "".join(good).encode()
                good = []
                await asyncio.sleep(0)
        self._progress(reader.size, reader.size, self.read)
        yield "".join(good).encode()


async def _take_in(
    connection: Connection, path: Path, offer: Offer, thresholds: Thresholds, cause: Cause, rows: _Rows
) -> Counts:
    await store.begin(connection)
    if await store.accepted(connection, offer.sha256):
        # While this one waited for its turn.
        return Counts(0)
    known = await store.read_codebook(connection, thresholds, cause.today)
    with await asyncio.to_thread(open_file, path) as reader:
        checker = Checker(known, reader)
        rows.report.place = reader.place
        await store.stage(connection, rows.checked(reader, checker))
    if not rows.read:
        raise Unreadable(2, "Onder de kolommen staat geen enkele regel.")
    return await store_rows(connection, offer, rows.read, checker, rows.report, cause)


class Rejected(Exception):
    """Something is wrong and good rows alone were not asked for: roll back."""


async def store_rows(
    connection: Connection,
    offer: Offer,
    read: int,
    checker: Checker,
    report: Report,
    cause: Cause,
) -> Counts:
    """Store and say what is staged of `read` rows. Raises Rejected; what is wrong is in the report then.

    What is new is published in steps afterwards, see steps.py: one publication of a large file would keep all others
    waiting. What corrects a public line takes its place at once, so that it is never missing.
    """
    if report.errors and not offer.good_rows:
        await _sort_out(connection, checker, report)
        raise Rejected
    replaced = unchanged = 0
    try:
        async with connection.transaction():
            # Most files have only what is new.
            stored = await store.insert_new(connection, offer.id)
        in_place = True
    except asyncpg.UniqueViolationError:
        await store.hold_steps(connection)
        unchanged = await _sort_out(connection, checker, report)
        if report.errors and not offer.good_rows:
            raise Rejected from None
        replaced = await store.find_replaced(connection)
        stored = read - report.lines - unchanged
        in_place = False
    counts = Counts(read, stored, replaced, unchanged, report.lines, report.errors)
    if not stored:
        return counts
    event = await _say(connection, offer, counts, checker, cause)
    if not in_place:
        public = await store.public_replaced(connection)
        number = await next_publication(connection, REASON, cause.now) if public else None
        await store.insert_beside_replaced(connection, offer.id, number, event)
        if number is not None:
            for row in public:
                await move(
                    connection,
                    number,
                    PublicationStep(offer.id, row["indicator"], row["source"], row["year"], event),
                    cause,
                )
    await store.insert_series(connection, checker.begun())
    await store.insert_pending(connection, offer.id, sorted(checker.years))
    return counts


async def _sort_out(connection: Connection, checker: Checker, report: Report) -> int:
    """Take out what was told before or may not be told. Returns how many rows say nothing new."""
    for row in await store.take_out_doubles(connection):
        reason = f"regel {row['first']} gaat over hetzelfde: indicator, bron, methode, gebied en periode"
        report.add([Wrong(row["line"], None, None, reason)])
    unchanged = await store.take_out_unchanged(connection)
    for row in await store.take_out_revealing(connection, checker.thresholds):
        reason = (
            f"openbaar is een cijfer van {row['before']} mensen, dit is er een van {row['respondents']}: het verschil "
            f"zou over minder dan {row['threshold']} mensen vertellen"
            if row["respondents"] >= row["threshold"]
            else f"openbaar is een cijfer van {row['before']} mensen: een verbetering mag niet onder de "
            f"publicatiedrempel van {row['threshold']} komen"
        )
        report.add([Wrong(row["line"], None, str(row["respondents"]), reason)])
    return unchanged


async def _say(connection: Connection, offer: Offer, counts: Counts, checker: Checker, cause: Cause) -> str:
    """Append what is said of an import and store it; returns the id of its event."""
    said = ObservationsImported(
        load=offer.id,
        sha256=offer.sha256,
        rows=counts.stored,
        replaced=counts.replaced,
        refused=counts.refused,
        indicators=tuple(sorted(checker.indicators)),
        sources=tuple(sorted(map(SourceKind, checker.sources))),
    )
    await outbox.append(connection, [Draft(said, cause)])
    if counts.refused:
        finding = QualityFindingPublished(
            finding=f"{offer.id}-rejected",
            finding_kind=QualityFindingKind.ROWS_REJECTED,
            explanation=f"Van {counts.rows} aangeleverde regels zijn er {counts.refused} niet overgenomen.",
            indicator=None,
            area=None,
            period=None,
        )
        await publish_finding(connection, finding, cause)
    event = await outbox.id_of(connection, said)
    await store.insert_import(connection, said, offer.name, cause.now, event)
    return event
