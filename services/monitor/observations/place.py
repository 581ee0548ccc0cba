"""From checked and staged rows to stored, published and said, in the caller's transaction."""

from dataclasses import dataclass

import asyncpg

from shared import outbox
from shared.contracts.monitor import ObservationsImported, QualityFindingPublished
from shared.contracts.vocabulary import QualityFindingKind, SourceKind
from shared.database import Connection
from shared.outbox import Draft
from shared.trace import Cause

from ..publishing import Thresholds, next_publication, publish
from . import store
from .check import Checker
from .layout import Wrong
from .report import Report
from .store import Counts

_REASON = "observations"


class Rejected(Exception):
    """Something is wrong and good rows alone were not asked for: roll back."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A file that was offered, and whether its good rows may be stored without the others."""

    id: str
    name: str
    sha256: str
    good_rows: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of the rows, and the publication of those that were published as they are, if there were any."""

    counts: Counts
    publication: int | None


async def place(
    connection: Connection,
    offer: Offer,
    read: int,
    checker: Checker,
    report: Report,
    thresholds: Thresholds,
    cause: Cause,
) -> Placed:
    """Store, publish and say what is staged of `read` rows. Raises Rejected; what is wrong is in the report then."""
    number: int | None = None
    replaced = unchanged = 0
    if report.errors and not offer.good_rows:
        await _sort_out(connection, checker, report)
        raise Rejected
    try:
        async with connection.transaction():
            # Most files have only what is new.
            number = await _publication(connection, checker.large, cause)
            stored = await store.insert(connection, offer.id, number)
    except asyncpg.UniqueViolationError:
        unchanged = await _sort_out(connection, checker, report)
        if report.errors and not offer.good_rows:
            raise Rejected from None
        replaced = await store.find_replaced(connection)
        stored = read - report.lines - unchanged
        again = True
    else:
        again = False
    counts = Counts(read, stored, replaced, unchanged, report.lines, report.errors)
    if not stored:
        return Placed(counts, None)
    event = await _say(connection, offer, counts, checker, cause)
    if again:
        number = await _publication(connection, await store.count_large(connection) + replaced, cause)
        if number is not None:
            await store.end_replaced(connection, number, event)
        await store.insert(connection, offer.id, number)
    await store.insert_series(connection, checker.begun())
    if number is not None:
        await store.move_published(connection, number, sorted(checker.periods), event)
    await _publish_small(connection, event, thresholds, cause)
    return Placed(counts, number)


async def _publication(connection: Connection, lines: int, cause: Cause) -> int | None:
    return await next_publication(connection, _REASON, cause.now) if lines else None


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
    drafts = [Draft(said, cause)]
    if counts.refused:
        finding = QualityFindingPublished(
            finding=f"{offer.id}-rejected",
            finding_kind=QualityFindingKind.ROWS_REJECTED,
            explanation=f"Van {counts.rows} aangeleverde regels zijn er {counts.refused} niet overgenomen.",
            indicator=None,
            area=None,
            period=None,
        )
        drafts.append(Draft(finding, cause))
    await outbox.append(connection, drafts)
    event = await store.event_id(connection, said)
    await store.insert_import(connection, said, offer.name, cause.now, event)
    return event


async def _publish_small(connection: Connection, event: str, thresholds: Thresholds, cause: Cause) -> None:
    """Rows with too few respondents wait with others; so do those that correct one that waited."""
    ended = [(ref, event) for ref in await store.ended_small(connection)]
    async for units in store.small(connection, event):
        coming = {unit.ref for unit in units}
        gone = [each for each in ended if each[0] in coming]
        published = await publish(connection, units, gone, _REASON, cause.now, thresholds)
        if published is not None:
            await store.leave_untold(connection, published, event)
