"""Takes a file of observations in: all of it or nothing, unless its good rows alone were asked for.

One pass over the file, in pieces: the loop stays free for others, and memory does not grow with the file. Everything is
one transaction: a file that is refused, or a process that is killed, leaves nothing but its report.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from typing import TypeAlias

import asyncpg

from shared import outbox
from shared.contracts.monitor import ObservationsImported, QualityFindingPublished
from shared.contracts.vocabulary import Measure, QualityFindingKind, SourceKind
from shared.database import Connection
from shared.outbox import Draft
from shared.outbox.cause import Cause

from ..areas.register import still_so
from ..publication.domain import Thresholds
from ..publication.handlers import next_publication
from ..quality.handlers import publish_finding
from . import store
from .corrections import judge_corrections
from .domain import Counts, Offer, PublicationStep
from .file.check import Checker
from .file.format import open_file
from .file.layout import Reader, Unreadable, Wrong
from .file.report import Report
from .steps import REASON, move

_BOUND = "dit is een grens, zoals een export die geeft, en niet wat er openbaar is: lever het gemiddelde zelf"
_NO_CLASSES = "de aantallen per klasse ontbreken: alleen een export van wat er openbaar is heeft ze soms niet"
#: Is told bytes read, bytes to read, and rows read.
ReadProgress: TypeAlias = Callable[[int, int, int], None]


async def load(
    connection: Connection,
    path: Path,
    offer: Offer,
    thresholds: Thresholds,
    cause: Cause,
    progress: ReadProgress,
    errors_kept: int,
) -> Counts:
    """Take a file in that has an upload already, and return what became of its rows. So many errors are kept."""
    with Report(offer.id, errors_kept) as report:
        rows = _Rows(report, progress)
        try:
            async with connection.transaction():
                counts = await _take_in(connection, path, offer, thresholds, cause, rows)
                await _finish(connection, offer, "accepted", counts, report)
                return counts
        except Unreadable as error:
            report.add([Wrong(error.line, None, None, error.reason)])
        except Rejected:
            pass
        counts = Counts(rows.read, refused=report.lines, errors=report.errors)
        async with connection.transaction():
            await _finish(connection, offer, "refused", counts, report)
        return counts


async def _finish(connection: Connection, offer: Offer, state: str, counts: Counts, report: Report) -> None:
    await store.insert_errors(connection, report.lines_of_copy())
    await store.finish(connection, offer.id, state, counts, report.encoding, report.kept)


class _Rows:
    """The rows of a file on their way from disk to COPY."""

    def __init__(self, report: Report, progress: ReadProgress) -> None:
        self.report, self._progress = report, progress
        self.read = 0

    async def checked(self, reader: Reader, checker: Checker) -> AsyncIterator[bytes]:
        """The good ones, some at a time. What is wrong with the others goes to the report."""
        good: list[str] = []
        for found in reader:
            if found is not None:
                text = checker.check(*found)
                if text is None:
                    self.report.add(checker.wrong)
                else:
                    good.append(text)
                self.read += 1
            if found is None or not self.read % reader.piece:
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
    known = await store.read_codebook(connection, thresholds, cause.today)
    with await asyncio.to_thread(open_file, path) as reader:
        checker = Checker(known, reader)
        rows.report.place, rows.report.encoding = reader.place, reader.encoding
        await store.stage(connection, rows.checked(reader, checker))
    if not rows.read:
        raise Unreadable(2, "Onder de kolommen staat geen enkele regel.")
    if not await still_so(connection, known.geography):
        raise Unreadable(1, "Terwijl dit bestand werd gelezen zijn de gebieden veranderd: bied het nog eens aan.")
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
    if checker.as_exported or not await _store_new(connection, offer.id):
        return await _store_corrections(connection, offer, read, checker, report, cause)
    counts = Counts(read, stored=read - report.lines, refused=report.lines, errors=report.errors)
    if counts.stored:
        await _say(connection, offer, counts, checker.indicators, checker.sources, cause)
        await store.insert_series(connection, checker.begun())
        await store.insert_pending(connection, offer.id, sorted(checker.years))
    return counts


async def _store_new(connection: Connection, upload: str) -> bool:
    """Most files have only what is new. False, and nothing stored, when this one has not."""
    try:
        async with connection.transaction():
            await store.insert_new(connection, upload)
    except asyncpg.UniqueViolationError:
        return False
    return True


async def _store_corrections(
    connection: Connection, offer: Offer, read: int, checker: Checker, report: Report, cause: Cause
) -> Counts:
    await store.hold_steps(connection)
    unchanged = await _sort_out(connection, checker, report)
    if report.errors and not offer.good_rows:
        raise Rejected
    stored = read - report.lines - unchanged
    waiting = await judge_corrections(connection, checker.indicator_rules, checker.thresholds)
    replaced = await store.find_replaced(connection)
    counts = Counts(read, stored, replaced, waiting, unchanged, report.lines, report.errors)
    if not stored:
        return counts
    number = event = None
    if stored > waiting:
        # Nothing public tells of corrections that wait.
        told = await store.subjects(connection)
        indicators, sources = ({row[name] for row in told} for name in ("indicator", "source"))
        event = await _say(connection, offer, counts, indicators, sources, cause)
    if public := await store.public_replaced(connection):
        number = await next_publication(connection, REASON, cause.now)
    await store.insert_beside_replaced(connection, offer.id, number, event)
    await store.insert_series(connection, checker.begun())
    if event is not None:
        if number is not None:
            for row in public:
                step = PublicationStep(offer.id, row["indicator"], row["source"], row["year"], event)
                await move(connection, number, step, cause)
        await store.insert_pending(connection, offer.id, sorted(checker.years))
    return counts


async def _sort_out(connection: Connection, checker: Checker, report: Report) -> int:
    """Take out what was told before or twice. Returns how many rows say nothing new."""
    for row in await store.take_out_doubles(connection):
        reason = f"regel {row['first']} gaat over hetzelfde: indicator, bron, gebied en periode"
        report.add([Wrong(row["line"], None, None, reason)])
    unchanged = await store.take_out_unchanged(connection)
    for row in await store.take_out_exported(connection):
        mean = checker.indicator_rules[row["indicator"]].quantity.measure is Measure.MEAN
        report.add([Wrong(row["line"], "waarde" if mean else "verdeling", None, _BOUND if mean else _NO_CLASSES)])
    return unchanged


async def _say(
    connection: Connection,
    offer: Offer,
    counts: Counts,
    indicators: Iterable[str],
    sources: Iterable[str],
    cause: Cause,
) -> str:
    """Append what is said of an import and store it; returns the id of its event."""
    said = ObservationsImported(
        load=offer.id,
        indicators=tuple(sorted(indicators)),
        sources=tuple(sorted(map(SourceKind, sources))),
    )
    await outbox.append(connection, [Draft(said, cause)])
    if counts.refused:
        finding = QualityFindingPublished(
            finding=f"{offer.id}-rejected",
            finding_kind=QualityFindingKind.ROWS_REJECTED,
            explanation="Niet alle aangeleverde regels zijn overgenomen.",
            indicator=None,
            area=None,
            period=None,
        )
        await publish_finding(connection, finding, cause)
    event = await outbox.id_of(connection, said)
    await store.insert_import(connection, offer.id, offer.name, cause.now, event)
    return event
