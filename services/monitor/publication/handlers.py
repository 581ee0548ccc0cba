"""What becomes public: units in, packets formed and dissolved, figures moved and told, goals marked to be judged.

Everything is in the caller's transaction. Locks are taken in one order: what the caller holds already (its watermarks,
dialogues and exact figures), then the pools of units in the order of their keys, then the head of publications, which
stays locked until the transaction ends: so publications are numbered in the order in which they commit. Publish once in
a transaction, after everything else in it that waits for others.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from shared import outbox
from shared.contracts.vocabulary import AggregateKind, SourceKind
from shared.database import Connection
from shared.outbox.cause import Cause

from ..areas.register import ancestry
from ..figure.cells import PublicCell, PublicLine, roll_up
from ..figure.periods import year_of
from ..figure.public import NOTHING_PUBLIC, PublicTally
from ..figure.quantity import SCORES
from ..impact.goals.handlers import mark_figures
from ..indicators.register import quantities, themes
from . import store
from .domain import FigureMove, Packet, Publication, Thresholds, Unit, plan
from .event import moved_drafts

#: Why a cell moved; of None, why all that follows from the publication as a whole does.
CauseOf = Callable[[PublicCell | None], Cause]


async def publish(
    connection: Connection,
    added: Sequence[Unit],
    removed: Sequence[tuple[str, str]],
    reason: str,
    now: datetime,
    thresholds: Thresholds,
    cause_of: CauseOf,
) -> Publication | None:
    """Take units away and in, publish what that makes public, tell it, and mark the goals that it concerns; None, and
    no number used, when nothing is: see `release`."""
    publication = await release(connection, added, removed, reason, now, thresholds)
    if publication is not None:
        await _announce(connection, publication, cause_of)
    return publication


async def publish_moves(
    connection: Connection, number: int, deltas: Mapping[PublicCell, PublicTally], cause_of: CauseOf
) -> Publication:
    """Add to public cells in a publication of this transaction, tell it, and mark the goals that it concerns.

    For what is public as it is, without packets. Raises KeyError for an indicator that is not registered.
    """
    publication = Publication(number, await move_cells(connection, number, deltas))
    await _announce(connection, publication, cause_of)
    return publication


async def _announce(connection: Connection, publication: Publication, cause_of: CauseOf) -> None:
    """An event for each figure that moved, in order; then the goals that they may concern."""
    await outbox.append(connection, moved_drafts(publication, cause_of))
    await mark_figures(connection, [move.cell for move in publication.moved], cause_of(None))


async def release(
    connection: Connection,
    added: Sequence[Unit],
    removed: Sequence[tuple[str, str]],
    reason: str,
    now: datetime,
    thresholds: Thresholds,
) -> Publication | None:
    """Take units away and in, and make public what that makes public, without telling; None when nothing is.

    `removed` are refs, each with the id of the event that ended it; a ref that is not there changes nothing. What
    else was in the packet of a removed unit stays behind in it and is never public again: see docs/decisions/0010.

    A unit in `added` that is there already changes nothing, unless its ref is in `removed` too: then it is replaced.
    One that was public before stays public only when all of its packet come back, as they were, under one indicator.
    A small count is not kept: it would never be published.

    Raises KeyError for an area or indicator that is not registered.
    """
    ended_by = dict(removed)
    refs = list({*ended_by, *(unit.ref for unit in added)})
    pools = {unit.pool for unit in added}
    locked = pools | await store.pools_of(connection, refs)
    if not locked:
        return None
    await store.lock_pools(connection, locked)
    known = await store.units_of(connection, refs)
    standing = await store.standing(connection, {known[key].packet for key in known if key[0] in ended_by})
    waiting = await store.waiting_in(connection, pools)
    places = {(unit.area, unit.period) for unit in (*added, *waiting)}
    places |= {(packet.line.area, packet.line.period) for packet in standing.values()}
    chains = await ancestry(connection, {(area, year_of(period)) for area, period in places})
    quantity_of = await quantities(connection, {unit.indicator for unit in (*added, *waiting)})
    decided = plan(added, ended_by, known, standing, waiting, chains, quantity_of, thresholds)

    await store.forget(connection, decided.forgotten)
    await store.empty(connection, decided.emptied)
    number, packets = None, dict[int, Packet]()
    if decided.packets or decided.dissolved:
        number, last = await store.next_publication(connection, len(decided.packets), reason, now)
        packets = dict(enumerate(decided.packets, last - len(decided.packets) + 1))
    await store.put_units(connection, decided.put, packets)
    if number is None:
        return None
    await store.dissolve(
        connection, number, {id_: [ended_by[ref] for ref in by] for id_, by in decided.dissolved.items()}
    )
    await store.put_packets(connection, number, packets)
    lines = [packet.line for packet in decided.packets]
    lines += [_taken(standing[id_].line) for id_ in decided.dissolved]
    theme_of = await themes(connection, {line.indicator for line in lines})
    return Publication(number, await move_cells(connection, number, roll_up(lines, theme_of, chains)))


async def next_publication(connection: Connection, reason: str, now: datetime) -> int:
    """The number of a new publication. Others wait for theirs until this transaction ends."""
    number, _ = await store.next_publication(connection, 0, reason, now)
    return number


async def move_cells(connection: Connection, number: int, deltas: Mapping[PublicCell, PublicTally]) -> list[FigureMove]:
    """Add to public cells, each under its next version, without telling. The publication of this transaction keeps
    others away.

    Raises KeyError for an indicator that is not registered.
    """
    if not deltas:
        return []
    there = await store.cells(connection, deltas)
    quantity_of = await quantities(connection, {cell.code for cell in deltas if cell.kind is AggregateKind.INDICATOR})
    moves = []
    for cell, delta in deltas.items():
        before, version = there.get(store.key_of(cell), (NOTHING_PUBLIC, 0))
        quantity = quantity_of[cell.code] if cell.kind is AggregateKind.INDICATOR else SCORES
        moves.append(FigureMove(cell, quantity, before, before + delta, version + 1))
    await store.put_cells(connection, number, moves)
    return moves


async def count_waiting(connection: Connection) -> dict[SourceKind, int]:
    """How many units wait, by kind of source: for operators, never for the public."""
    return await store.count_waiting(connection)


def _taken(line: PublicLine) -> PublicLine:
    return PublicLine(line.indicator, line.source, line.area, line.period, -line.tally)
