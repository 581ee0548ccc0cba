"""Postgres of what initiatives spent, learnt and achieved."""

from collections.abc import Sequence
from pathlib import Path

from shared.contracts.finance import CommitmentMade, DisbursementMade
from shared.contracts.initiatives import InitiativePhaseChanged, InitiativeRegistered, LessonDrawn
from shared.database import Connection, Record, queries
from shared.outbox.cause import Cause
from shared.projections.decoding import Batch

from ..goals.domain import PHASES
from .domain import Counted, Outcome

_Q = queries(Path(__file__).with_name("outcomes.sql"))
_OF_NONE = ""


async def put_initiatives(connection: Connection, registered: Sequence[InitiativeRegistered]) -> None:
    """Keep who they are; the first word stands."""
    rows = [
        (e.initiative, e.number, e.title, ",".join(e.municipalities), ",".join(e.regions), PHASES.index(e.phase))
        for e in sorted(registered, key=lambda event: event.initiative)
    ]
    await _write(connection, _Q.put_initiatives, rows)


async def put_phases(connection: Connection, changed: Sequence[InitiativePhaseChanged]) -> None:
    """Keep when each phase was reached."""
    rows = sorted((event.initiative, PHASES.index(event.phase), event.on) for event in changed)
    await _write(connection, _Q.put_phases, rows)


async def put_lessons(connection: Connection, drawn: Sequence[LessonDrawn]) -> None:
    """Keep what was learnt."""
    rows = sorted((e.lesson, e.initiative, e.title, e.worked, e.transferable, e.on) for e in drawn)
    await _write(connection, _Q.put_lessons, rows)


async def add(connection: Connection, money: Batch) -> None:
    """Add what was promised and paid, per initiative; an event that was added before is left out."""
    if not money:
        return
    columns = [event.source for event in money], [event.id for event in money]
    entered = {(row["source"], row["event_id"]) for row in await connection.fetch(_Q.put_entries, *columns)}
    sums: dict[str, list[int]] = {}
    for event in (one.data for one in money if (one.source, one.id) in entered):
        if not isinstance(event, CommitmentMade | DisbursementMade):
            continue
        row = sums.setdefault(event.initiative or _OF_NONE, [0, 0, 0, 0])
        place = 0 if isinstance(event, CommitmentMade) else 2
        row[place] += 1
        row[place + 1] += event.amount_cents
    await _write(connection, _Q.add_spending, [(initiative, *row) for initiative, row in sums.items()])


async def initiatives(
    connection: Connection, initiative: str | None = None, after: str | None = None, limit: int = 1
) -> Sequence[Record]:
    """Initiatives by id with their money and outcomes, past `after`."""
    return await connection.fetch(_Q.initiatives, initiative, after, limit)


async def programme_costs(connection: Connection) -> Record:
    """All money and outcomes together."""
    (row,) = await connection.fetch(_Q.programme_costs)
    return row


async def lessons(connection: Connection, initiative: str) -> Sequence[Record]:
    """What was learnt, oldest first."""
    return await connection.fetch(_Q.lessons, initiative)


async def _write(connection: Connection, query: str, rows: Sequence[Sequence[object]]) -> None:
    if rows:
        await connection.execute(query, *map(list, zip(*rows, strict=True)))


async def insert_outcome(connection: Connection, outcome: Outcome, cause: Cause) -> bool:
    """Store a new outcome; False when the id exists."""
    inserted: bool | None = await connection.fetchval(
        _Q.insert_outcome,
        outcome.id,
        outcome.initiative,
        outcome.goal,
        outcome.indicator,
        outcome.area,
        outcome.lesson,
        outcome.statement,
        outcome.counts,
        outcome.count,
        outcome.evidence,
        outcome.achieved_on,
        cause.now,
    )
    return bool(inserted)


async def outcomes(
    connection: Connection, id_: str | None, initiative: str | None, after: str | None, limit: int
) -> list[Outcome]:
    """Outcomes by id, past `after`."""
    rows = await connection.fetch(_Q.outcomes, id_, initiative, after, limit)
    return [Outcome(**{**row, "counts": Counted(row["counts"])}) for row in rows]


async def unknown_reference(connection: Connection, outcome: Outcome) -> str | None:
    """The first field of an outcome that names what is not there."""
    (row,) = await connection.fetch(
        _Q.unknown_references, outcome.initiative, outcome.goal, outcome.indicator, outcome.area, outcome.lesson
    )
    return next((name for name, unknown in row.items() if unknown), None)
