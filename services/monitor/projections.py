"""Dialogue findings folded into figures, incrementally: a batch costs per touched cell, not per event."""

from datetime import UTC, datetime
from functools import partial

from shared import outbox
from shared.contracts.community import FINDINGS, DialogueFindingsRecorded, DialogueFindingsWithdrawn
from shared.database import Connection
from shared.delivery import Batch, Delivered, Poison
from shared.outbox import Draft
from shared.projector import Projection
from shared.rebuild import Rebuild
from shared.settings import Settings
from shared.trace import Cause, continue_trace

from . import figures
from .domain import Cell, Contribution, cells_of, contributions, deltas
from .impact.projection import PROJECTION as SPENDING
from .publication import moved_event


async def fold(threshold: int | None, connection: Connection, events: Batch, now: datetime) -> None:
    """Count new findings and take withdrawn ones back, at every level; tell which published figures moved.

    Without a threshold nothing may be published, so nothing is told.

    A withdrawal is final, so the order in which findings and their withdrawal arrive does not matter.
    """
    recorded = {e.data.dialogue: (e, e.data) for e in events if isinstance(e.data, DialogueFindingsRecorded)}
    withdrawn = {e.data.dialogue: e for e in events if isinstance(e.data, DialogueFindingsWithdrawn)}
    if len(recorded) < sum(isinstance(e.data, DialogueFindingsRecorded) for e in events):
        raise Poison("the findings of one dialogue were recorded twice")
    dead = withdrawn.keys() | await figures.withdrawn_before(connection, recorded)
    keys = await figures.present_keys(connection)
    ancestry = await figures.ancestry(connection, {data.municipality for _, data in recorded.values()})
    counted: list[Contribution] = []
    for _, data in recorded.values():
        if data.municipality not in ancestry:
            raise Poison(f"municipality {data.municipality} is not registered")
        if data.dialogue not in dead:
            counted += contributions(data.dialogue, data.municipality, data.held_on, data.findings, keys)
    taken_back = await figures.take_contributions(connection, withdrawn)
    ancestry = {**ancestry, **await figures.ancestry(connection, {c.municipality for c in taken_back})}
    await figures.mark(connection, {d.dialogue: d.held_on for _, d in recorded.values()}, withdrawn)
    await figures.put_contributions(connection, counted)

    moved = await figures.merge(connection, deltas(counted, taken_back, ancestry))
    if threshold is None:
        return
    causes: dict[Cell, Delivered] = {}
    for contribution in (*counted, *taken_back):
        event = withdrawn.get(contribution.dialogue) or recorded[contribution.dialogue][0]
        causes.update(dict.fromkeys(cells_of(contribution, ancestry), event))
    await outbox.append(
        connection,
        [
            Draft(told, causes[move.cell].cause(now))
            for move in moved
            if (told := moved_event(move, threshold)) is not None
        ],
    )


def projections(settings: Settings) -> tuple[Projection, ...]:
    """What the monitor keeps from others."""
    return (Projection("figures", (FINDINGS,), partial(fold, settings.publication_threshold)), SPENDING)


def rebuild(settings: Settings) -> Rebuild:
    """The figures, folded again from the whole log. Versions go on: readers order by them."""

    async def tell(connection: Connection) -> None:
        now = datetime.now(UTC)
        cause = Cause(now, f"rebuild-{now:%Y%m%dT%H%M%SZ}", continue_trace(None))
        moved = await figures.rebuilt(connection)
        told = [event for move in moved if (event := moved_event(move, settings.publication_threshold)) is not None]
        await outbox.append(connection, [Draft(event, cause) for event in told])

    return Rebuild(
        silent=Projection("figures", (FINDINGS,), partial(fold, None)),
        tables=("aggregate", "contribution", "dialogue"),
        scratch=("aggregate_version",),
        tell=tell,
    )
