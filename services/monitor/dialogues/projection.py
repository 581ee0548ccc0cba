"""Dialogue findings folded into figures, incrementally: a batch costs per touched cell, not per event."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache, partial

from shared.contracts.community import FINDINGS, DialogueFindingsRecorded, DialogueFindingsWithdrawn
from shared.database import Connection
from shared.outbox.cause import Cause
from shared.projections.decoding import Awaits, Batch, Delivered, Poison
from shared.projections.projector import Projection

from ..areas import register
from ..figure.cells import Ancestry, PublicCell
from ..publication.domain import Thresholds
from ..publication.handlers import CauseOf, publish
from . import learning_key, store
from .domain import Contribution, contributions, deltas, exact_cells, place_of
from .store import Held
from .units import ref_of, units_of


def figures_projection(thresholds: Thresholds | None) -> Projection:
    """The exact figures, kept from what community tells of dialogues. Without thresholds nothing is published."""
    return Projection("figures", (FINDINGS,), partial(fold, thresholds))


async def fold(thresholds: Thresholds | None, connection: Connection, events: Batch, now: datetime) -> None:
    """Count new findings and take withdrawn ones back, in every area and period; publish what is enough, and tell.

    Without thresholds nothing is published. A withdrawal is final, so the order in which findings and their withdrawal
    arrive does not matter.
    """
    recorded = {e.data.dialogue: (e, e.data) for e in events if isinstance(e.data, DialogueFindingsRecorded)}
    withdrawn = {e.data.dialogue: e for e in events if isinstance(e.data, DialogueFindingsWithdrawn)}
    if len(recorded) < sum(isinstance(e.data, DialogueFindingsRecorded) for e in events):
        raise Poison("the findings of one dialogue were recorded twice")
    dead = withdrawn.keys() | await store.withdrawn_before(connection, recorded)
    keys = await learning_key.present_keys(connection)
    ancestry = await register.ancestry(connection, _named([data for _, data in recorded.values()]))
    there = await register.there(connection, _on_their_day([data for _, data in recorded.values()]))
    held: list[Held] = []
    counted: list[Contribution] = []
    for event, data in recorded.values():
        near = data.neighbourhood if (data.neighbourhood, data.held_on) in there else None
        place = place_of(data.municipality, near, data.held_on.year, ancestry)
        if place is None:
            raise Awaits(f"municipality {data.municipality} is not registered")
        if (data.municipality, data.held_on) not in there:
            # Community may not have known yet. A correction of the municipality's days lets a replay count it.
            raise Awaits(f"municipality {data.municipality} is not there on {data.held_on}")
        held.append(Held(data.dialogue, data.held_on, place, data.findings, event.told_as))
        if data.dialogue not in dead:
            counted += contributions(data.dialogue, place, data.held_on, data.findings, keys)
    taken_back = await store.take_contributions(connection, withdrawn)
    ancestry = {**ancestry, **await register.ancestry(connection, {c.place for c in taken_back})}
    await store.mark(connection, held, withdrawn)
    await store.put_contributions(connection, counted)
    await store.merge(connection, deltas(counted, taken_back, ancestry))
    if thresholds is None:
        return

    changed = (*counted, *taken_back)
    if not changed:
        return
    event_of = {**{d: event for d, (event, _) in recorded.items()}, **withdrawn}
    await publish(
        connection,
        units_of(counted, {dialogue: event.told_as for dialogue, (event, _) in recorded.items()}),
        [(ref_of(dialogue), withdrawn[dialogue].told_as) for dialogue in {c.dialogue for c in taken_back}],
        "dialogue",
        now,
        thresholds,
        _cause_of(changed, event_of, ancestry, now),
    )


def _on_their_day(recorded: Iterable[DialogueFindingsRecorded]) -> set[tuple[str, date]]:
    """The areas that dialogues name, each with the day on which it was held there."""
    return {
        (area, data.held_on)
        for data in recorded
        for area in (data.municipality, data.neighbourhood)
        if area is not None
    }


def _named(recorded: Iterable[DialogueFindingsRecorded]) -> set[tuple[str, int]]:
    return {(area, day.year) for area, day in _on_their_day(recorded)}


def _cause_of(
    changed: Sequence[Contribution], event_of: Mapping[str, Delivered], ancestry: Ancestry, now: datetime
) -> CauseOf:
    """Of each figure the last event that moved it.

    Where the threshold was lowered, what waited elsewhere is published too: the last event of all stands for that.
    """
    otherwise = event_of[changed[-1].dialogue]

    # Mostly nothing is published: then nobody asks.
    @cache
    def events() -> dict[tuple[str, ...], Delivered]:
        last = {(c.indicator, c.area, c.period): c for c in changed}
        return {
            (cell.kind, cell.code, cell.area, cell.period): event_of[contribution.dialogue]
            for contribution in last.values()
            for cell in exact_cells(contribution, ancestry)
        }

    def cause_of(cell: PublicCell | None) -> Cause:
        event = events().get((cell.kind, cell.code, cell.area, cell.period), otherwise) if cell else otherwise
        return event.cause(now)

    return cause_of
