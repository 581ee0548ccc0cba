"""Dialogue findings folded into figures, incrementally: a batch costs per touched cell, not per event."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from shared import outbox
from shared.contracts.community import DialogueFindingsRecorded, DialogueFindingsWithdrawn
from shared.database import Connection
from shared.outbox.cause import Cause
from shared.projections.decoding import Batch, Delivered, Poison

from . import figures
from .cells import PublicCell
from .domain import Ancestry, Contribution, contributions, deltas, exact_cells, place_of
from .figures import Held
from .impact.judging import judge_figures
from .publishing import Publication, publish
from .release import Thresholds
from .telling import moved_drafts
from .units import ref_of, units_of


async def fold(thresholds: Thresholds | None, connection: Connection, events: Batch, now: datetime) -> None:
    """Count new findings and take withdrawn ones back, in every area and period; publish what is enough, and tell.

    Without thresholds nothing is published. A withdrawal is final, so the order in which findings and their withdrawal
    arrive does not matter.
    """
    recorded = {e.data.dialogue: (e, e.data) for e in events if isinstance(e.data, DialogueFindingsRecorded)}
    withdrawn = {e.data.dialogue: e for e in events if isinstance(e.data, DialogueFindingsWithdrawn)}
    if len(recorded) < sum(isinstance(e.data, DialogueFindingsRecorded) for e in events):
        raise Poison("the findings of one dialogue were recorded twice")
    dead = withdrawn.keys() | await figures.withdrawn_before(connection, recorded)
    keys = await figures.present_keys(connection)
    ancestry = await figures.ancestry(connection, _named([data for _, data in recorded.values()]))
    held: list[Held] = []
    counted: list[Contribution] = []
    for event, data in recorded.values():
        place = place_of(data.municipality, data.neighbourhood, ancestry)
        if place is None:
            raise Poison(f"municipality {data.municipality} is not registered")
        held.append(Held(data.dialogue, data.held_on, place, data.findings, event.told_as))
        if data.dialogue not in dead:
            counted += contributions(data.dialogue, place, data.held_on, data.findings, keys)
    taken_back = await figures.take_contributions(connection, withdrawn)
    ancestry = {**ancestry, **await figures.ancestry(connection, {c.area for c in taken_back})}
    await figures.mark(connection, held, withdrawn)
    await figures.put_contributions(connection, counted)
    await figures.merge(connection, deltas(counted, taken_back, ancestry))
    if thresholds is None:
        return

    event_of = {**{d: event for d, (event, _) in recorded.items()}, **withdrawn}
    published = await publish(
        connection,
        units_of(counted, {dialogue: event.told_as for dialogue, (event, _) in recorded.items()}),
        [(ref_of(dialogue), withdrawn[dialogue].told_as) for dialogue in {c.dialogue for c in taken_back}],
        "dialogue",
        now,
        thresholds,
    )
    if published is not None:
        await _tell(connection, published, (*counted, *taken_back), event_of, ancestry, now)


def _named(recorded: Iterable[DialogueFindingsRecorded]) -> set[str]:
    named: set[str] = set()
    for data in recorded:
        named.add(data.municipality)
        if data.neighbourhood is not None:
            named.add(data.neighbourhood)
    return named


async def _tell(
    connection: Connection,
    published: Publication,
    changed: Sequence[Contribution],
    event_of: Mapping[str, Delivered],
    ancestry: Ancestry,
    now: datetime,
) -> None:
    """Tell each figure once, with the last event that moved it.

    Where the threshold was lowered, what waited elsewhere is published too: the last event of all stands for that.
    """
    last = {(c.indicator, c.area, c.period): c for c in changed}
    causes: dict[tuple[str, ...], Delivered] = {}
    for contribution in last.values():
        for cell in exact_cells(contribution, ancestry):
            causes[cell.kind, cell.code, cell.area, cell.period] = event_of[contribution.dialogue]
    otherwise = event_of[changed[-1].dialogue]

    def cause_of(cell: PublicCell) -> Cause:
        return causes.get((cell.kind, cell.code, cell.area, cell.period), otherwise).cause(now)

    await outbox.append(connection, moved_drafts(published, cause_of))
    await judge_figures(connection, [move.cell for move in published.moved], now, otherwise.cause(now))
