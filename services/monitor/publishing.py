"""Postgres of what becomes public: units in, packets formed and dissolved, the live public figures moved.

Everything is in the caller's transaction. Locks are taken in one order: what the caller holds already (its watermarks,
dialogues and exact figures), then the pools of units in the order of their keys, then the head of publications, which
stays locked until the transaction ends: so publications are numbered in the order in which they commit. Publish once in
a transaction, after everything else in it that waits for others.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from shared.contracts.vocabulary import AggregateKind, AreaLevel, Measure, SourceKind, Theme
from shared.database import Connection, Record, queries

from .cells import AreaChain, PublicCell, PublicLine, roll_up
from .release import Packet, StandingPacket, StoredUnit, Thresholds, Unit, plan
from .tally import NOTHING, Tally
from .written import members

Q = queries(Path(__file__).parent / "sql" / "publishing.sql")
#: So many of a cell's parts tell it apart.
_KEY = 5


@dataclass(frozen=True, slots=True)
class FigureMove:
    """A public cell before and after; `version` counts its moves from 1."""

    cell: PublicCell
    measure: Measure
    before: Tally
    after: Tally
    version: int


@dataclass(frozen=True, slots=True)
class Publication:
    """What a publication did. Cells that stayed as they were are not in it."""

    number: int
    moved: list[FigureMove]


async def publish(
    connection: Connection,
    added: Sequence[Unit],
    removed: Sequence[tuple[str, str]],
    reason: str,
    now: datetime,
    thresholds: Thresholds,
) -> Publication | None:
    """Take units away and in, and publish what that makes public; None, and no number used, when nothing is.

    `removed` are refs, each with the id of the event that ended it; a ref that is not there changes nothing. What
    else was in the packet of a removed unit stays behind in it and is never public again: see deploy/decisions/0010.

    A unit in `added` that is there already changes nothing, unless its ref is in `removed` too: then it is replaced.
    One that was public before stays public only when all of its packet come back, as they were, under one indicator.
    A small count is not kept: it would never be published.

    Raises KeyError for an area or indicator that is not registered.
    """
    ended_by = dict(removed)
    refs = list({*ended_by, *(unit.ref for unit in added)})
    pools = {unit.pool for unit in added}
    locked = pools | {tuple(row) for row in await connection.fetch(Q.pools_of, refs)}
    if not locked:
        return None
    await connection.execute(Q.lock_pools, [" ".join(pool) for pool in locked])
    rows = await connection.fetch(Q.units_of, refs)
    known = {(row["ref"], row["number"]): StoredUnit(_unit(row), row["packet"]) for row in rows}
    standing = await _standing(connection, {known[key].packet for key in known if key[0] in ended_by})
    waiting = [_unit(row) for row in await connection.fetch(Q.waiting, *_columns(pools))] if pools else []
    areas = {unit.area for unit in (*added, *waiting)} | {packet.line.area for packet in standing.values()}
    ancestry = await _ancestry(connection, areas)
    decided = plan(added, ended_by, known, standing, waiting, ancestry, thresholds)

    if decided.forgotten:
        await connection.execute(Q.delete_units, *_columns(decided.forgotten))
    if decided.emptied:
        await connection.execute(Q.empty_units, *_columns(decided.emptied))
    number, packets = None, dict[int, Packet]()
    if decided.packets or decided.dissolved:
        number, last = await _next_publication(connection, len(decided.packets), reason, now)
        packets = dict(enumerate(decided.packets, last - len(decided.packets) + 1))
    await _put(connection, decided.put, packets)
    if number is None:
        return None
    if decided.dissolved:
        events = [",".join(sorted({ended_by[ref] for ref in by})) for by in decided.dissolved.values()]
        await connection.execute(Q.dissolve, number, list(decided.dissolved), events)
    if packets:
        await connection.execute(Q.insert_packets, number, *_columns(_packet_row(*each) for each in packets.items()))
    lines = [packet.line for packet in decided.packets]
    lines += [_taken(standing[id_].line) for id_ in decided.dissolved]
    themes = await _themes(connection, {line.indicator for line in lines})
    return Publication(number, await move_cells(connection, number, roll_up(lines, themes, ancestry)))


async def next_publication(connection: Connection, reason: str, now: datetime) -> int:
    """The number of a new publication. Others wait for theirs until this transaction ends."""
    number, _ = await _next_publication(connection, 0, reason, now)
    return number


async def add_lines(
    connection: Connection, number: int, lines: Iterable[PublicLine], taken: Iterable[PublicLine] = ()
) -> list[FigureMove]:
    """Count lines that are public as they are, and no longer count others, in a publication of this transaction.

    Raises KeyError for an area or indicator that is not registered.
    """
    changes = [*lines, *map(_taken, taken)]
    ancestry = await _ancestry(connection, {line.area for line in changes})
    themes = await _themes(connection, {line.indicator for line in changes})
    return await move_cells(connection, number, roll_up(changes, themes, ancestry))


async def move_cells(connection: Connection, number: int, deltas: Mapping[PublicCell, Tally]) -> list[FigureMove]:
    """Add to public cells, each under its next version. The publication of this transaction keeps others away.

    Raises KeyError for an indicator that is not registered.
    """
    if not deltas:
        return []
    rows = await connection.fetch(Q.cells, *_columns([str(part) for part in cell[:_KEY]] for cell in deltas))
    there = {tuple(row.values())[:_KEY]: (tally_of(row), row["version"]) for row in rows}
    measures = await _measures(connection, {cell.code for cell in deltas if cell.kind is AggregateKind.INDICATOR})
    moves = []
    for cell, delta in deltas.items():
        before, version = there.get(cell[:_KEY], (NOTHING, 0))
        measure = measures[cell.code] if cell.kind is AggregateKind.INDICATOR else Measure.MEAN
        moves.append(FigureMove(cell, measure, before, before + delta, version + 1))
    await connection.execute(Q.put_cells, number, *_columns(map(_cell_row, moves)))
    return moves


async def count_waiting(connection: Connection) -> dict[SourceKind, int]:
    """How many units wait, by kind of source: for operators, never for the public."""
    return {SourceKind(row["source"]): row["units"] for row in await connection.fetch(Q.count_waiting)}


def tally_of(row: Record) -> Tally:
    """The tally in a row of unit, packet, observation, public_line or published; its decimals may be text."""
    histogram = tuple(row["histogram"])
    return Tally(
        row["respondents"],
        row["n"],
        int(row["total"]),
        int(row["squares"]),
        row["spread_n"],
        row["numerator"],
        row["denominator"],
        histogram if any(histogram) else (),
    )


def cell_of(row: Record) -> PublicCell:
    """The cell in a row of published."""
    return PublicCell(
        AggregateKind(row["kind"]),
        row["code"],
        SourceKind(row["source"]),
        row["area"],
        row["period"],
        Theme(row["theme"]),
        AreaLevel(row["level"]),
    )


async def _put(connection: Connection, units: Sequence[Unit], packets: Mapping[int, Packet]) -> None:
    """Store units, those and the ones that waited in their packets."""
    packet_of = {unit.key: id_ for id_, packet in packets.items() for unit in packet.units}
    if units:
        rows = [_unit_row(unit, packet_of.pop(unit.key, None)) for unit in units]
        await connection.execute(Q.insert_units, *_columns(rows))
    if packet_of:
        await connection.execute(Q.pack_units, *_columns((*key, id_) for key, id_ in packet_of.items()))


async def _next_publication(connection: Connection, packets: int, reason: str, now: datetime) -> tuple[int, int]:
    """The number of a new publication, and of its last packet."""
    [row] = await connection.fetch(Q.next_publication, packets, now, reason)
    return row["number"], row["packets"]


async def _standing(connection: Connection, ids: Iterable[int | None]) -> dict[int, StandingPacket]:
    packets = [id_ for id_ in ids if id_ is not None]
    rows = await connection.fetch(Q.standing_packets, packets) if packets else []
    return {row["id"]: StandingPacket(_line(row), row["units"]) for row in rows}


async def _ancestry(connection: Connection, areas: Iterable[str]) -> dict[str, AreaChain]:
    """Those above these areas, and above each of those."""
    found: dict[str, AreaChain] = {}
    for row in await connection.fetch(Q.ancestry, list(areas)):
        found[row["area"]] = (*found.get(row["area"], ()), (AreaLevel(row["level"]), row["code"]))
    return {areas[height][1]: areas[height:] for areas in found.values() for height in range(len(areas))}


async def _measures(connection: Connection, indicators: Iterable[str]) -> dict[str, Measure]:
    return {row["code"]: Measure(row["measure"]) for row in await connection.fetch(Q.measures, list(indicators))}


async def _themes(connection: Connection, indicators: Iterable[str]) -> dict[str, Theme]:
    return {row["code"]: Theme(row["theme"]) for row in await connection.fetch(Q.themes, list(indicators))}


def _taken(line: PublicLine) -> PublicLine:
    return PublicLine(line.indicator, line.source, line.area, line.period, -line.tally)


def _line(row: Record) -> PublicLine:
    return PublicLine(row["indicator"], SourceKind(row["source"]), row["area"], row["period"], tally_of(row))


def _unit(row: Record) -> Unit:
    return Unit(
        row["ref"],
        row["number"],
        row["indicator"],
        SourceKind(row["source"]),
        row["area"],
        row["period"],
        tally_of(row),
        row["event"],
    )


def _unit_row(unit: Unit, packet: int | None) -> tuple[object, ...]:
    return (
        *unit.key,
        unit.indicator,
        unit.source.value,
        unit.area,
        unit.period,
        unit.event,
        packet,
        *_numbers(unit.tally),
    )


def _packet_row(id_: int, packet: Packet) -> tuple[object, ...]:
    line = packet.line
    events = ",".join(sorted({unit.event for unit in packet.units}))
    return (
        id_,
        line.indicator,
        line.source.value,
        line.area,
        line.period,
        *_numbers(line.tally),
        len(packet.units),
        events,
    )


def _cell_row(move: FigureMove) -> tuple[object, ...]:
    return *map(str, move.cell), *_numbers(move.after), move.version, members(move.after, move.measure)


def _numbers(tally: Tally) -> tuple[object, ...]:
    """As columns; arrays do not nest in unnest(), so the histogram goes as text."""
    return (
        tally.respondents,
        tally.n,
        tally.total,
        tally.squares,
        tally.spread_n,
        tally.numerator,
        tally.denominator,
        ",".join(map(str, tally.histogram)),
    )


def _columns(rows: Iterable[Sequence[object]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]
