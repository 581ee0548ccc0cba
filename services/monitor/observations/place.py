"""From checked and staged rows to stored, published and said, in the caller's transaction."""

from dataclasses import dataclass

import asyncpg

from shared import outbox
from shared.contracts.monitor import ObservationsImported, QualityFindingPublished
from shared.contracts.vocabulary import QualityFindingKind, SourceKind
from shared.database import Connection
from shared.outbox import Draft
from shared.outbox.cause import Cause

from ..impact.findings import publish_finding
from ..publishing import next_publication
from . import store
from .check import Checker
from .layout import Wrong
from .report import Report
from .steps import REASON, PublicationStep, move
from .store import Counts


class Rejected(Exception):
    """Something is wrong and good rows alone were not asked for: roll back."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A file that was offered, and whether its good rows may be stored without the others."""

    id: str
    name: str
    sha256: str
    good_rows: bool


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
